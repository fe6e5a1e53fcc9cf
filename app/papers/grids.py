"""The targets of a version as tables: tiers side by side, a row per priority. Pure.

Kinds of request whose targets are the same share a table; a service or team with targets of its
own has one of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.agreements import differences
from app.agreements.parts import Document, TargetPart, TierPart
from app.agreements.words import MEASURES
from app.catalogue.words import Kind, Priority
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.papers import amounts
from app.papers.hours import Hours

HEADS = {
    "acknowledgement": lazy_gettext("In hand"),
    "first_response": lazy_gettext("First"),
    "next_response": lazy_gettext("Next"),
    "update": lazy_gettext("Update"),
    "workaround": lazy_gettext("Way round"),
    "resolution": lazy_gettext("Solved"),
}
"""What heads the column of a measure."""
Subject = tuple[str, str]
"""A service by its key and a team by its name, empty for any."""
ANY: Subject = ("", "")
MARKS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Cell:
    """One target: "2 h"; `words` say it in full, `mark` leads to the hours it counts in.

    Empty `amount`: nothing is promised. `is_changed` since the version before.
    """

    measure: str
    amount: str
    words: str
    mark: str
    clause: str
    is_changed: bool
    is_first: bool


@dataclass(frozen=True)
class Head:
    """A tier above its columns, with the hours its targets count in."""

    name: str
    hours: str
    measures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    """A priority with its targets in every tier; None where all priorities are alike."""

    priority: Priority | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """One table; `notes` are hours other than those of a tier, by their mark."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    notes: tuple[tuple[str, str], ...]
    clauses: tuple[str, ...]
    has_changes: bool


@dataclass(frozen=True)
class Promise:
    """A target in a sentence, with the hours it counts in."""

    tier: str
    sentence: str
    within: str
    hours: str
    clause: str


_Amounts = tuple[object, ...]


def grids(
    document: Document,
    hours: Mapping[str, Hours],
    *,
    services: Mapping[str, str],
    before: Document | None = None,
) -> list[Grid]:
    """The tables of a version; changes are those since ``before``."""
    subjects = dict.fromkeys(
        (target.service, target.team) for tier in document.tiers for target in tier.targets
    )
    found = []
    for subject in dict.fromkeys([ANY, *subjects]):
        for kinds in _alike(document, subject):
            grid = _Table(document, hours, before, kinds, subject).grid(
                _title(kinds, services.get(subject[0], subject[0]), subject[1])
            )
            if grid.rows and (subject == ANY or _is_own(document, kinds, subject)):
                found.append(grid)
    return found


def promises(document: Document, hours: Mapping[str, Hours]) -> list[Promise]:
    """Every target as its row stands, in words."""
    return [
        Promise(
            tier=tier.name,
            sentence=target.sentence,
            within=amounts.plain(target.words, is_always=hours[target.calendar].is_always),
            hours=hours[target.calendar].words,
            clause=target.clause,
        )
        for tier in document.tiers
        for target in tier.targets
    ]


def kinds_in_words(kinds: Sequence[Kind]) -> str:
    """Kinds of request as they head a table; none, or all, are all requests."""
    match set(kinds):
        case wanted if len(wanted) in (0, len(Kind)):
            return _("All requests")
        case wanted if wanted == {Kind.REQUEST, Kind.QUESTION}:
            return _("Service requests and questions")
        case wanted if wanted == {Kind.INCIDENT, Kind.REQUEST}:
            return _("Incidents and service requests")
        case wanted if wanted == {Kind.INCIDENT, Kind.QUESTION}:
            return _("Incidents and questions")
        case wanted if wanted == {Kind.INCIDENT}:
            return _("Incidents")
        case wanted if wanted == {Kind.REQUEST}:
            return _("Service requests")
        case _others:
            return _("Questions")


@dataclass
class _Table:
    """A table in the making: what its cells are read from."""

    document: Document
    hours: Mapping[str, Hours]
    before: Document | None
    kinds: tuple[Kind, ...]
    subject: Subject

    def grid(self, title: str) -> Grid:
        measures = {tier.key: self._measures(tier) for tier in self.document.tiers}
        tiers = [tier for tier in self.document.tiers if measures[tier.key]]
        marks = self._marks(tiers)
        rows = [
            Row(
                priority,
                tuple(
                    self._cell(tier, measure, priority, marks, is_first=place == 0)
                    for tier in tiers
                    for place, measure in enumerate(measures[tier.key])
                ),
            )
            for priority in Priority
        ]
        if rows and all(row.cells == rows[0].cells for row in rows):
            rows = [Row(None, rows[0].cells)] if tiers else []
        cells = [cell for row in rows for cell in row.cells]
        return Grid(
            title=title,
            heads=tuple(
                Head(
                    tier.name,
                    self.hours[tier.calendar].words,
                    tuple((measure, str(HEADS[measure])) for measure in measures[tier.key]),
                )
                for tier in tiers
            ),
            rows=tuple(rows),
            notes=tuple((mark, self.hours[key].words) for key, mark in marks.items()),
            clauses=tuple(dict.fromkeys(cell.clause for cell in cells if cell.clause)),
            has_changes=any(cell.is_changed for cell in cells),
        )

    def _measures(self, tier: TierPart) -> list[str]:
        return [
            measure
            for measure in MEASURES
            if any(self._target(tier, measure, priority) for priority in Priority)
        ]

    def _target(self, tier: TierPart | None, measure: str, priority: Priority) -> TargetPart | None:
        return differences.first(tier, measure, priority, self.kinds[0], *self.subject)

    def _marks(self, tiers: Sequence[TierPart]) -> dict[str, str]:
        """A letter for each calendar that some cell has and its tier has not."""
        other = dict.fromkeys(
            target.calendar
            for tier in tiers
            for measure in MEASURES
            for priority in Priority
            if (target := self._target(tier, measure, priority))
            and target.calendar != tier.calendar
        )
        return dict(zip(other, MARKS, strict=False))

    def _cell(
        self,
        tier: TierPart,
        measure: str,
        priority: Priority,
        marks: Mapping[str, str],
        *,
        is_first: bool,
    ) -> Cell:
        target = self._target(tier, measure, priority)
        was = self._was(tier.key, measure, priority)
        is_changed = self.before is not None and not differences.is_same(was, target)
        if target is None:
            return Cell(measure, "", _("nothing promised"), "", "", is_changed, is_first)
        hours = self.hours[target.calendar]
        within = amounts.plain(target.words, is_always=hours.is_always)
        return Cell(
            measure=measure,
            amount=amounts.short(target.words),
            words=_("%(within)s, %(hours)s", within=within, hours=hours.words),
            mark=marks.get(target.calendar, "") if target.calendar != tier.calendar else "",
            clause=target.clause,
            is_changed=is_changed,
            is_first=is_first,
        )

    def _was(self, tier: str, measure: str, priority: Priority) -> TargetPart | None:
        tiers = self.before.tiers if self.before else ()
        part = next((one for one in tiers if one.key == tier), None)
        return self._target(part, measure, priority)


def _alike(document: Document, subject: Subject) -> Iterator[tuple[Kind, ...]]:
    """Kinds of request in groups, those of one with the same targets throughout."""
    groups: dict[_Amounts, list[Kind]] = {}
    for kind in Kind:
        key: _Amounts = tuple(
            (target.seconds, target.by_time, target.calendar, target.clause) if target else None
            for tier in document.tiers
            for measure in MEASURES
            for priority in Priority
            for target in (differences.first(tier, measure, priority, kind, *subject),)
        )
        groups.setdefault(key, []).append(kind)
    yield from (tuple(kinds) for kinds in groups.values())


def _is_own(document: Document, kinds: Sequence[Kind], subject: Subject) -> bool:
    return any(
        target is not None and (target.service, target.team) == subject
        for tier in document.tiers
        for measure in MEASURES
        for priority in Priority
        for target in (differences.first(tier, measure, priority, kinds[0], *subject),)
    )


def _title(kinds: Sequence[Kind], service: str, team: str) -> str:
    named = kinds_in_words(kinds)
    if team:
        named = _("%(kinds)s, team %(team)s", kinds=named, team=team)
    if not service:
        return named
    return _("%(service)s: %(kinds)s", service=service, kinds=named)
