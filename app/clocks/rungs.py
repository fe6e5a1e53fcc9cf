"""The ladder of a clock: at which instants its rungs lie, and what comes next. Pure.

Source: escalation.md, "Ladders". No row per future rung: all follows from budget, ladder and
what has fired or is covered.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from app.agreements.terms import RungTerms
from app.clocks.state import ClockState, Phase

Key = tuple[int, int]
"""A rung's id and which of its points: 0 is the rung itself, n its nth repeat."""


@dataclass(frozen=True, slots=True)
class Point:
    """A rung, or its `nth` repeat, on a running clock: where it lies and when it fires.

    `point_s` is in business seconds of the clock's use; `instant_at` is when it is due, `is_due`
    says that it is the due time itself.
    """

    rung: RungTerms
    nth: int
    point_s: int
    instant_at: datetime
    is_due: bool

    @property
    def key(self) -> Key:
        """How it is known among what has fired."""
        return self.rung.rung_id, self.nth


def points(clock: ClockState, ladder: Sequence[RungTerms]) -> list[Point]:
    """Every point of the ladder on this clock, rising; none unless it runs.

    A point is `ceil(percent x budget)` or `budget + offset`, its repeats follow on. 100 % is
    due itself. Before due a point fires at the next opening, at and after due at the instant
    itself, and one before the start at the start.
    """
    if clock.state is not Phase.RUNNING:
        return []
    found = [
        Point(rung, nth, at_s, _instant(clock, nth, at_s), _is_due(clock, nth, at_s))
        for rung, nth, at_s in _amounts(clock, ladder)
    ]
    return sorted(found, key=attrgetter("instant_at", "point_s", "rung.position", "nth"))


def next_at(clock: ClockState, points: Iterable[Point], done: Collection[Key]) -> datetime | None:
    """The instant of the next thing on this clock: one of its points not done, or its breach.

    None unless it runs. In the past when something is late.
    """
    if clock.state is not Phase.RUNNING:
        return None
    instants = [point.instant_at for point in points if point.key not in done]
    if clock.breached_at is None and clock.due_at is not None:
        instants.append(clock.due_at)
    return min(instants, default=None)


@dataclass(frozen=True, slots=True)
class DuePoint:
    """A point that has come. `covered` by a later repeat of its rung: recorded, not told."""

    point: Point
    covered: bool


def due(points: Iterable[Point], done: Collection[Key], at: datetime) -> list[DuePoint]:
    """Which of a clock's points are due and not done at ``at``, rising.

    Strictly after its instant (clocks.md). Every missed rung fires; of several missed repeats of
    one rung only the latest does.
    """
    come = [p for p in points if p.instant_at < at and p.key not in done]
    latest = {point.rung.rung_id: point.nth for point in come}
    return [DuePoint(p, covered=0 < p.nth < latest[p.rung.rung_id]) for p in come]


def passed(
    clock: ClockState, ladder: Sequence[RungTerms], done: Collection[Key], at: datetime
) -> list[tuple[RungTerms, int]]:
    """What is not done and left behind by a move at ``at``, as rung and nth: covered, not fired.

    Also of a paused clock. Due itself is never covered.
    """
    used_s = clock.used_at(at)
    return [
        (rung, nth)
        for rung, nth, at_s in _amounts(clock, ladder)
        if at_s < used_s and (rung.rung_id, nth) not in done and not _is_due(clock, nth, at_s)
    ]


def ahead(clock: ClockState, ladder: Sequence[RungTerms], at: datetime) -> set[Key]:
    """What is still to be reached at ``at`` on an open clock; if covered, it is armed again."""
    if not clock.is_open:
        return set()
    used_s = clock.used_at(at)
    return {(rung.rung_id, nth) for rung, nth, at_s in _amounts(clock, ladder) if at_s > used_s}


def _amounts(
    clock: ClockState, ladder: Sequence[RungTerms]
) -> Iterator[tuple[RungTerms, int, int]]:
    """Each point of the ladder for this clock: rung, nth and business seconds of use."""
    for rung in ladder:
        if rung.measure == clock.measure:
            first_s = point_s(rung, clock.budget_s)
            for nth in range((rung.repeat_times if rung.repeat_s else 0) + 1):
                yield rung, nth, first_s + nth * (rung.repeat_s or 0)


def _is_due(clock: ClockState, nth: int, at_s: int) -> bool:
    return nth == 0 and at_s == clock.budget_s


def point_s(rung: RungTerms, budget_s: int) -> int:
    """The rung's point in business seconds of use, for a budget of ``budget_s``; at least 0."""
    if rung.percent is not None:
        return -(-rung.percent * budget_s // 100)
    return max(0, budget_s + (rung.offset_s or 0))


def later(rung: RungTerms, ladder: Sequence[RungTerms], budget_s: int) -> list[RungTerms]:
    """The rungs of the same measure that come after one on a budget of ``budget_s``, in order."""

    def place(one: RungTerms) -> tuple[int, int]:
        return point_s(one, budget_s), one.position

    after = [one for one in ladder if one.measure == rung.measure and place(one) > place(rung)]
    return sorted(after, key=place)


def _instant(clock: ClockState, nth: int, at_s: int) -> datetime:
    since = clock.running_since
    if _is_due(clock, nth, at_s) and clock.due_at is not None:
        return clock.due_at
    if since is None:
        raise ValueError("Only a running clock has instants ahead.")
    at = clock.calendar.add(since, max(0, at_s - clock.used_s))
    if at_s >= clock.budget_s:
        return at
    opens_at = clock.calendar.next_open(at)
    return opens_at if clock.due_at is None else min(opens_at, clock.due_at)
