"""The feasibility linter: what nobody can keep, reach or be meant by, though it may be written.

A finding is no mistake: who insists may sign it. Source: agreements.md, "Feasibility linter".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.agreements import feasible_ladders, feasible_staffing, feasible_terms, feasible_times
from app.agreements.findings import Circumstances, Draft, Finding, placed
from app.agreements.parts import Document, TargetPart, TierPart
from app.agreements.words import MEASURES
from app.catalogue.words import Kind, Priority
from app.languages import gettext as _
from app.languages import lazy_gettext

MET_BY = {
    "acknowledgement": "first_response",
    "first_response": "resolution",
    "workaround": "resolution",
}
"""What keeps a measure's promise as well: where that is due sooner, the other says nothing."""
PROMISED = ("first_response", "resolution")
"""What an agreement about support is expected to promise."""
_KINDS = {
    Kind.INCIDENT: lazy_gettext("incidents"),
    Kind.REQUEST: lazy_gettext("requests"),
    Kind.QUESTION: lazy_gettext("questions"),
}


def findings(document: Document, values: Mapping[str, Any], around: Circumstances) -> list[Finding]:
    """Every finding in the document, in its order; ``values`` is the file that it was read from."""
    draft = placed(document, values)
    return list(
        dict.fromkeys(
            [
                *_targets(draft),
                *feasible_times.findings(draft, around),
                *feasible_staffing.findings(draft, around),
                *feasible_ladders.findings(draft, around),
                *_coverage(draft),
                *feasible_terms.findings(draft, around),
            ]
        )
    )


def _targets(draft: Draft) -> Iterator[Finding]:
    for tier in draft.document.tiers:
        yield from _gaps(tier)
        yield from _shadowed(draft, tier)
        yield from _slower(draft, tier)
        yield from _answered_after_solved(draft, tier)


def _gaps(tier: TierPart) -> Iterator[Finding]:
    """Tiers with no target for a priority."""
    for measure in PROMISED:
        if not any(target.measure == measure for target in tier.targets):
            yield Finding(
                f"tiers.{tier.key}",
                _(
                    "%(tier)s has no target for “%(measure)s”",
                    tier=tier.name,
                    measure=MEASURES[measure].label.lower(),
                ),
                _(
                    "No clock runs for it, and nobody is told when it takes long. If that is "
                    "meant, let a clause say so."
                ),
            )
            continue
        missing: dict[tuple[Priority, ...], list[Kind]] = {}
        for kind in Kind:
            without = tuple(p for p in Priority if first_match(tier, measure, p, kind) is None)
            if without and (len(without) < len(Priority) or _is_named(tier, kind)):
                missing.setdefault(without, []).append(kind)
        for priorities, kinds in missing.items():
            yield Finding(
                f"tiers.{tier.key}",
                _(
                    "%(tier)s leaves out %(priorities)s priority",
                    tier=tier.name,
                    priorities=_listed([one.label.lower() for one in priorities]),
                ),
                _(
                    "For %(kinds)s of that priority nothing is promised as %(measure)s: their "
                    "clock never runs. Fill in the empty cells of the grid, or say “any priority”.",
                    kinds=_listed([str(_KINDS[one]) for one in kinds]),
                    measure=MEASURES[measure].label.lower(),
                ),
            )


def _shadowed(draft: Draft, tier: TierPart) -> Iterator[Finding]:
    """Rows that an earlier, more general one leaves nothing to."""
    for number, target in enumerate(tier.targets):
        for before, earlier in enumerate(tier.targets[:number]):
            if _covers(earlier, target):
                yield Finding(
                    draft.target_path(tier.key, number),
                    _("A target of %(tier)s never holds", tier=tier.name),
                    _(
                        "Row %(before)s matches all that this row matches, and the first row "
                        "that matches holds. Move this row above it, or take one of them out.",
                        before=_row_number(draft.target_path(tier.key, before), before),
                    ),
                )
                break


def _slower(draft: Draft, tier: TierPart) -> Iterator[Finding]:
    """The more urgent with more time than the less urgent."""
    for number, target in enumerate(tier.targets):
        for other in tier.targets:
            if (
                target.priority is not None
                and other.priority is not None
                and other.priority.rank == target.priority.rank + 1
                and _alike(target) == _alike(other)
                and _is_slower(target, other)
            ):
                yield Finding(
                    draft.target_path(tier.key, number),
                    _("%(tier)s is slower when it is more urgent", tier=tier.name),
                    _(
                        "%(more)s priority has %(long)s and %(less)s priority only %(short)s.",
                        more=target.priority.label,
                        long=target.words,
                        less=other.priority.label.lower(),
                        short=other.words,
                    ),
                )


def _answered_after_solved(draft: Draft, tier: TierPart) -> Iterator[Finding]:
    """What comes first with more time than what meets it, too, when it comes later."""
    for number, target in enumerate(tier.targets):
        later = MET_BY.get(target.measure)
        if later is None:
            continue
        kinds = [target.kind] if target.kind else list(Kind)
        priorities = [target.priority] if target.priority else list(Priority)
        for solved in (
            first_match(tier, later, p, k, target.service, target.team)
            for p in priorities
            for k in kinds
        ):
            if (
                solved is not None
                and solved.calendar == target.calendar
                and _is_slower(target, solved)
            ):
                yield Finding(
                    draft.target_path(tier.key, number),
                    _("%(tier)s solves before it answers", tier=tier.name)
                    if target.measure == "first_response"
                    else _(
                        "A promise of %(tier)s comes after what it comes before", tier=tier.name
                    ),
                    _(
                        "“%(sooner)s” may take %(answer)s, “%(later)s” only %(solved)s: one of the "
                        "two promises says nothing.",
                        sooner=MEASURES[target.measure].label,
                        answer=target.words,
                        later=MEASURES[later].label,
                        solved=solved.words,
                    ),
                )
                break


def _coverage(draft: Draft) -> Iterator[Finding]:
    """Rows and tiers that no request comes to."""
    document = draft.document
    used = set()
    for number, row in enumerate(document.coverage):
        shadow = next(
            (
                other
                for other in document.coverage[:number]
                if (not other.service or other.service == row.service)
                and (
                    not other.organisation
                    or document.client
                    or other.organisation == row.organisation
                )
            ),
            None,
        )
        if shadow is None:
            used.add(row.tier)
        else:
            yield Finding(
                "coverage",
                _("A row of the coverage never holds"),
                _(
                    "A row before it covers the same requests: %(service)s come under the tier "
                    "“%(tier)s” already.",
                    service=row.service or _("all requests"),
                    tier=shadow.tier,
                ),
            )
    for tier in document.tiers:
        if tier.key not in used and document.coverage:
            yield Finding(
                f"tiers.{tier.key}",
                _("Nobody is under %(tier)s", tier=tier.name),
                _("No row of the coverage leads to this tier. Add one, or take the tier out."),
            )
    if document.coverage and all(row.service for row in document.coverage) and document.client:
        yield Finding(
            "coverage",
            _("Services that nobody named are not covered"),
            _(
                "Requests for any other service fall under the house agreement. A last row without "
                "a service would cover them here."
            ),
        )


def first_match(
    tier: TierPart,
    measure: str,
    priority: Priority,
    kind: Kind,
    service: str = "",
    team: str = "",
) -> TargetPart | None:
    """The target that holds for such a request; None where nothing is promised."""
    for target in tier.targets:
        if (
            target.measure == measure
            and target.priority in (None, priority)
            and target.kind in (None, kind)
            and target.service in ("", service)
            and target.team in ("", team)
        ):
            return target
    return None


def _covers(earlier: TargetPart, target: TargetPart) -> bool:
    return (
        earlier.measure == target.measure
        and earlier.priority in (None, target.priority)
        and earlier.kind in (None, target.kind)
        and earlier.service in ("", target.service)
        and earlier.team in ("", target.team)
    )


def _alike(target: TargetPart) -> tuple[object, ...]:
    return target.measure, target.kind, target.service, target.team, target.calendar


def _is_slower(target: TargetPart, other: TargetPart) -> bool:
    """Whether it surely takes longer: a time of day and an amount are compared by whole days."""
    if target.by_time is not None and other.by_time is not None:
        days, others = target.business_days or 0, other.business_days or 0
        return (days, target.by_time) > (others, other.by_time)
    return target.seconds > other.seconds


def _is_named(tier: TierPart, kind: Kind) -> bool:
    """Whether a target of the tier is for this kind alone."""
    return any(target.kind == kind for target in tier.targets)


def _row_number(path: str, number: int) -> int:
    """The number of a row as people count them."""
    inside = path.partition("[")[2].rstrip("]")
    return int(inside) + 1 if inside.isdecimal() else number + 1


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {_('and')} {words[-1]}"
