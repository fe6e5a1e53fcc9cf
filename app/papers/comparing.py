"""Two versions side by side: targets, clauses in redline, and everything else that differs. Pure.

What did not change is counted and folded. Source: look.md, "Agreement" (differences).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.agreements import days, differences
from app.agreements.differences import Change, ClauseDifference, Run, TargetDifference
from app.agreements.parts import Document, TargetPart
from app.clocks import words
from app.languages import gettext as _
from app.languages import ngettext
from app.papers import amounts, conditions, grids, hours, staircase
from app.papers.conditions import Fact


@dataclass(frozen=True)
class TargetRow:
    """A target that is promised otherwise, in words; empty where nothing is promised."""

    tier: str
    priority: str
    measure: str
    about: str
    before: str
    after: str
    clause: str


@dataclass(frozen=True)
class Stretch:
    """Clauses in a row that changed, one by one, or did not, folded: "3.2 to 4.4"."""

    is_same: bool
    numbers: str
    clauses: tuple[ClauseDifference, ...]


@dataclass(frozen=True)
class FactRow:
    """Anything else, under its heading: added, removed, or changed in these words."""

    label: str
    change: Change
    words: tuple[Run, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything that differs from one version to another."""

    sentence: str
    targets: tuple[TargetRow, ...]
    stretches: tuple[Stretch, ...]
    facts: tuple[tuple[str, tuple[FactRow, ...]], ...]

    @property
    def has_clauses(self) -> bool:
        """Whether any clause or title differs."""
        return any(not stretch.is_same for stretch in self.stretches)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.targets or self.facts or self.has_clauses)


def compare(before: Document, after: Document, *, services: Mapping[str, str]) -> Comparison:
    """What differs; ``services`` are the names of the catalogue by key."""
    names = {
        **services,
        **{part.key: part.name for part in (*before.services, *after.services)},
    }
    clauses = differences.clauses(before, after)
    changed = differences.targets(before, after)
    facts = tuple(_facts(before, after, names))
    return Comparison(
        sentence=_sentence(clauses, changed, facts),
        targets=tuple(_target(one, before, after, names) for one in changed),
        stretches=tuple(_stretches(clauses)),
        facts=facts,
    )


def _target(
    found: TargetDifference, before: Document, after: Document, services: Mapping[str, str]
) -> TargetRow:
    about = [
        services.get(found.service, found.service),
        grids.kinds_in_words(found.kinds) if found.kinds else "",
        _("team %(team)s", team=found.team) if found.team else "",
    ]
    target = found.after or found.before
    return TargetRow(
        tier=found.tier,
        priority=", ".join(one.label for one in found.priorities) or _("Any"),
        measure=words.measure(found.measure),
        about=", ".join(one for one in about if one),
        before=_amount(found.before, before, found.after),
        after=_amount(found.after, after, found.before),
        clause=target.clause if target else "",
    )


def _amount(target: TargetPart | None, document: Document, other: TargetPart | None) -> str:
    """The time of a target; with its hours where these are what differs."""
    if target is None:
        return ""
    short = amounts.short(target.words)
    if other is None or other.calendar == target.calendar:
        return short
    return _(
        "%(amount)s, %(hours)s",
        amount=short,
        hours=hours.by_key(document.calendars)[target.calendar].words,
    )


def _stretches(clauses: Sequence[ClauseDifference]) -> Iterator[Stretch]:
    """Changed clauses alone, those that are as they were in one."""
    same: list[ClauseDifference] = []
    for one in clauses:
        if one.change is Change.SAME:
            same.append(one)
            continue
        if any(not each.is_title for each in same):
            yield _folded(same)
        same = []
        yield Stretch(False, one.number, (one,))
    if any(not each.is_title for each in same):
        yield _folded(same)


def _folded(same: Sequence[ClauseDifference]) -> Stretch:
    numbers = [one.number for one in same if not one.is_title]
    first, last = numbers[0], numbers[-1]
    named = first if first == last else _("%(first)s to %(last)s", first=first, last=last)
    return Stretch(True, named, tuple(same))


def _facts(
    before: Document, after: Document, services: Mapping[str, str]
) -> Iterator[tuple[str, tuple[FactRow, ...]]]:
    """The rest under headings: dates, hours, clock rules, ladders, coverage and conditions."""
    for title, of in _GROUPS.items():
        old, new = (_by_label(of(document, services)) for document in (before, after))
        rows = tuple(
            _fact(label, old.get(label, ""), new.get(label, ""))
            for label in dict.fromkeys([*old, *new])
            if old.get(label, "") != new.get(label, "")
        )
        if rows:
            yield _heading(title), rows


def _fact(label: str, before: str, after: str) -> FactRow:
    named = label[:1].upper() + label[1:]
    if not (before and after):
        change = Change.ADDED if after else Change.REMOVED
        return FactRow(named, change, (Run(change, after or before),))
    return FactRow(named, Change.CHANGED, differences.redline(before, after))


def _by_label(facts: Sequence[Fact]) -> dict[str, str]:
    """The values by label; lines of the same label stand together in one."""
    found: dict[str, list[str]] = {}
    for fact in facts:
        found.setdefault(fact.label, []).append(fact.value)
    return {label: "; ".join(values) for label, values in found.items()}


def _head(document: Document, _services: Mapping[str, str]) -> list[Fact]:
    until = document.effective_until
    return [
        Fact(_("Title"), document.title),
        Fact(_("In force from"), days.in_words(document.effective_from)),
        Fact(_("Last day"), days.in_words(until) if until else _("none")),
        Fact(
            _("Other hours on single days"),
            f"§\N{NO-BREAK SPACE}{document.exceptions_clause}"
            if document.exceptions_clause
            else _("not allowed"),
        ),
    ]


def _hours(document: Document, _services: Mapping[str, str]) -> list[Fact]:
    found = []
    for one in hours.by_key(document.calendars).values():
        excepted = [
            f"{days.in_words(on)}: {said}{f' ({name})' if name else ''}"
            for on, said, name in one.exceptions
        ]
        found.append(Fact(one.name, "; ".join([one.whole, *excepted])))
    return found


def _quoted(document: Document, _services: Mapping[str, str]) -> list[Fact]:
    return [
        Fact(
            part.name,
            " ".join(
                one
                for one in (
                    part.description,
                    part.scope,
                    "; ".join(part.deliverables),
                    "; ".join(part.resources),
                )
                if one
            )
            or _("named only"),
        )
        for part in document.services
    ]


def _rules(document: Document, _services: Mapping[str, str]) -> list[Fact]:
    return [
        Fact(_("%(tier)s: %(rule)s", tier=tier.name, rule=fact.label), fact.value)
        for tier in document.tiers
        for fact in conditions.rules(tier)
    ]


def _ladders(document: Document, _services: Mapping[str, str]) -> list[Fact]:
    return [
        Fact(
            _("%(tier)s, %(measure)s", tier=tier.name, measure=words.measure(measure)),
            "; ".join(staircase.in_words(rung) for rung in rungs),
        )
        for tier in document.tiers
        for measure in dict.fromkeys(rung.measure for rung in tier.ladder)
        if (rungs := [rung for rung in tier.ladder if rung.measure == measure])
    ]


def _contacts(document: Document, _services: Mapping[str, str]) -> list[Fact]:
    return [
        Fact(
            _("%(party)s, %(role)s", party=str(conditions.PARTIES[one.party]), role=one.role),
            ", ".join(part for part in (one.name, one.address, one.telephone, one.note) if part),
        )
        for one in conditions.contacts(document.contacts)
    ]


_GROUPS: dict[str, Callable[[Document, Mapping[str, str]], list[Fact]]] = {
    "head": _head,
    "services": _quoted,
    "hours": _hours,
    "rules": _rules,
    "ladders": _ladders,
    "coverage": conditions.coverage,
    "objectives": conditions.objectives,
    "credits": conditions.credits,
    "review": lambda document, _services: conditions.review(document.review),
    "term": lambda document, _services: conditions.term(document),
    "contacts": _contacts,
}


def _heading(key: str) -> str:
    return {
        "head": _("Title and dates"),
        "services": _("Services"),
        "hours": _("Hours"),
        "rules": _("How the clocks run"),
        "ladders": _("Escalation"),
        "coverage": _("Who is under which tier"),
        "objectives": _("Objectives"),
        "credits": _("Credits"),
        "review": _("Reviews"),
        "term": _("Term and notice"),
        "contacts": _("Contacts"),
    }[key]


def _sentence(
    clauses: Sequence[ClauseDifference],
    targets: Sequence[TargetDifference],
    facts: Sequence[tuple[str, Sequence[FactRow]]],
) -> str:
    """How much changed, in one sentence, and how much did not."""
    told = [one for one in clauses if not one.is_title]
    changed = sum(1 for one in told if one.change is not Change.SAME)
    others = sum(len(rows) for _title, rows in facts)
    parts = [
        ngettext("%(num)s clause", "%(num)s clauses", changed) if changed else "",
        ngettext("%(num)s target", "%(num)s targets", len(targets)) if targets else "",
        ngettext("%(num)s other point", "%(num)s other points", others) if others else "",
    ]
    named = [part for part in parts if part]
    if not named:
        return _("Nothing differs: both versions say the same.")
    first, last = ", ".join(named[:-1]), named[-1]
    what = _("%(first)s and %(last)s", first=first, last=last) if first else last
    same = ngettext("%(num)s clause is", "%(num)s clauses are", len(told) - changed)
    return _("%(what)s differ. %(same)s as before.", what=what, same=same)
