"""What differs between two versions, clause by clause and target by target. Pure.

Clauses are matched by their words, not by their numbers: a clause put in before others changes
none of them. Targets are compared as they hold, whatever rows they stand in. Source:
agreements.md, "Its life" (versions are compared clause by clause, target by target).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from app.agreements.parts import Document, TargetPart, TierPart
from app.agreements.words import MEASURES
from app.catalogue.words import Kind, Priority

ALIKE = 0.4
"""From this likeness on a clause counts as changed; below it one went and another came."""
SHORT = 2
"""So few words alike between two changes are told with them: "09:00 to 17:00" is one change."""
WORD = re.compile(r"\S+\s*")


class Change(StrEnum):
    """What became of a clause or of a stretch of its words."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Run:
    """Words of a clause in a row: the same in both, added or removed."""

    change: Change
    text: str


@dataclass(frozen=True)
class ClauseDifference:
    """A clause, or the title of a section, in both versions; a number is empty where it is not.

    `words` are the runs of a changed one, else one run of all of it.
    """

    change: Change
    is_title: bool
    before: str
    after: str
    words: tuple[Run, ...]

    @property
    def number(self) -> str:
        """The number in the later version, in the earlier one of what was removed."""
        return self.after or self.before


@dataclass(frozen=True)
class TargetDifference:
    """A target that is promised otherwise; empty kinds or priorities are all of them.

    `before` or `after` is None where nothing is promised.
    """

    tier: str
    measure: str
    priorities: tuple[Priority, ...]
    kinds: tuple[Kind, ...]
    service: str
    before: TargetPart | None
    after: TargetPart | None
    team: str = ""


@dataclass(frozen=True)
class _Line:
    """A clause or a section's title on its way through the comparison."""

    is_title: bool
    number: str
    text: str

    @property
    def key(self) -> tuple[bool, str]:
        return self.is_title, " ".join(self.text.split())


def clauses(before: Document, after: Document) -> list[ClauseDifference]:
    """Every title and clause of both versions in their order, with what became of each."""
    old, new = list(_lines(before)), list(_lines(after))
    matcher = SequenceMatcher(
        None, [line.key for line in old], [line.key for line in new], autojunk=False
    )
    found: list[ClauseDifference] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            found += [_same(*pair) for pair in zip(old[i1:i2], new[j1:j2], strict=True)]
        else:
            found += _replaced(old[i1:i2], new[j1:j2])
    return found


def redline(before: str, after: str) -> tuple[Run, ...]:
    """The words of ``after`` with what came and went, as runs that read in order."""
    old, new = WORD.findall(before), WORD.findall(after)
    matcher = SequenceMatcher(
        None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False
    )
    runs: list[Run] = []
    gone, come = "", ""
    codes = matcher.get_opcodes()
    for place, (tag, i1, i2, j1, j2) in enumerate(codes):
        is_between = 0 < place < len(codes) - 1
        if tag == "equal" and not (is_between and i2 - i1 <= SHORT):
            runs += _changed(gone, come)
            gone = come = ""
            runs.append(Run(Change.SAME, "".join(new[j1:j2])))
        else:
            gone += "".join(old[i1:i2])
            come += "".join(new[j1:j2])
    return (*runs, *_changed(gone, come))


def targets(before: Document, after: Document) -> list[TargetDifference]:
    """Every target that is promised otherwise, by tier, measure and priority."""
    tiers = {tier.key: tier.name for tier in (*after.tiers, *before.tiers)}
    subjects = {
        (target.service, target.team)
        for document in (after, before)
        for tier in document.tiers
        for target in tier.targets
    }
    return [
        difference
        for key, name in tiers.items()
        for subject in sorted(subjects)
        for difference in _of_tier(name, _tier(before, key), _tier(after, key), *subject)
    ]


def first(
    tier: TierPart | None,
    measure: str,
    priority: Priority,
    kind: Kind,
    service: str,
    team: str = "",
) -> TargetPart | None:
    """The target that holds for such a request: the first row that matches."""
    return next(
        (
            target
            for target in (tier.targets if tier else ())
            if target.measure == measure
            and target.priority in (None, priority)
            and target.kind in (None, kind)
            and target.service in ("", service)
            and target.team in ("", team)
        ),
        None,
    )


def is_same(one: TargetPart | None, other: TargetPart | None) -> bool:
    """Whether two targets promise the same: the time, and the hours it counts in.

    So many business days are as many whatever hours one has: what a day is, is a rule of its own.
    """
    if one is None or other is None:
        return one is other
    if (one.calendar, one.business_days, one.by_time) != (
        other.calendar,
        other.business_days,
        other.by_time,
    ):
        return False
    in_days = "business day" in one.words
    return one.seconds == other.seconds or (in_days and one.words == other.words)


def _of_tier(
    name: str, before: TierPart | None, after: TierPart | None, service: str, team: str
) -> Iterator[TargetDifference]:
    """The differences of one tier, those alike for several kinds or priorities told as one."""
    for measure in MEASURES:
        seen: dict[tuple[object, object], dict[Priority, list[Kind]]] = {}
        parts: dict[tuple[object, object], tuple[TargetPart | None, TargetPart | None]] = {}
        for priority in Priority:
            for kind in Kind:
                pair = (
                    first(before, measure, priority, kind, service, team),
                    first(after, measure, priority, kind, service, team),
                )
                if is_same(*pair) or not _is_own(pair, service, team):
                    continue
                key = (_promise(pair[0]), _promise(pair[1]))
                seen.setdefault(key, {}).setdefault(priority, []).append(kind)
                parts[key] = pair
        for key, found in seen.items():
            for priorities, kinds in _together(found):
                yield TargetDifference(name, measure, priorities, kinds, service, *parts[key], team)


def _together(
    found: dict[Priority, list[Kind]],
) -> Iterator[tuple[tuple[Priority, ...], tuple[Kind, ...]]]:
    """Priorities with the same kinds in one; all of them, or all kinds, as none."""
    by_kinds: dict[tuple[Kind, ...], list[Priority]] = {}
    for priority, kinds in found.items():
        by_kinds.setdefault(tuple(kinds), []).append(priority)
    for alike, priorities in by_kinds.items():
        yield (
            () if len(priorities) == len(Priority) else tuple(priorities),
            () if len(alike) == len(Kind) else alike,
        )


def _promise(target: TargetPart | None) -> object:
    return (target.seconds, target.calendar, target.by_time) if target else None


def _is_own(pair: Sequence[TargetPart | None], service: str, team: str) -> bool:
    """Whether the subject's own row is among them; what is for all is told of all."""
    subject = (service, team)
    return subject == ("", "") or any(
        target is not None and (target.service, target.team) == subject for target in pair
    )


def _tier(document: Document, key: str) -> TierPart | None:
    return next((tier for tier in document.tiers if tier.key == key), None)


def _lines(document: Document) -> Iterator[_Line]:
    for section in document.text:
        yield _Line(True, section["number"], section["title"])
        for clause in section["clauses"]:
            yield _Line(False, clause["number"], clause["text"])


def _same(old: _Line, new: _Line) -> ClauseDifference:
    run = Run(Change.SAME, new.text)
    return ClauseDifference(Change.SAME, new.is_title, old.number, new.number, (run,))


def _replaced(old: Sequence[_Line], new: Sequence[_Line]) -> Iterator[ClauseDifference]:
    """Lines in the place of others: those alike are changed, the rest went or came."""
    rest = list(old)
    for line in new:
        partner = next((one for one in rest if _is_alike(one, line)), None)
        if partner is None:
            run = Run(Change.ADDED, line.text)
            yield ClauseDifference(Change.ADDED, line.is_title, "", line.number, (run,))
            continue
        while rest[0] is not partner:
            yield _removed(rest.pop(0))
        rest.pop(0)
        words = redline(partner.text, line.text)
        yield ClauseDifference(Change.CHANGED, line.is_title, partner.number, line.number, words)
    yield from (_removed(line) for line in rest)


def _removed(line: _Line) -> ClauseDifference:
    run = Run(Change.REMOVED, line.text)
    return ClauseDifference(Change.REMOVED, line.is_title, line.number, "", (run,))


def _is_alike(old: _Line, new: _Line) -> bool:
    if old.is_title != new.is_title:
        return False
    matcher = SequenceMatcher(None, old.text.split(), new.text.split(), autojunk=False)
    return old.number == new.number or matcher.ratio() >= ALIKE


def _changed(gone: str, come: str) -> Iterator[Run]:
    if gone.strip():
        yield Run(Change.REMOVED, gone)
    if come.strip():
        yield Run(Change.ADDED, come)
