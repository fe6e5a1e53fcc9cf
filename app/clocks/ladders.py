"""What ladders make of a change: `next_at`, and which rungs are covered or armed again.

Source: escalation.md, "Ladders" and "Finding what is due". Who is told is for the package
`escalation`, what has come is in `coming`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.agreements.terms import RungTerms, Terms
from app.clocks import holding, queries, rows, rungs, waits
from app.clocks.models import Clock, Escalation, EscalationState
from app.clocks.state import ClockState, Event, Kind, Phase
from app.database import db

_MOVES = frozenset({Kind.RETARGETED, Kind.MERGED})
_LENGTHENS = _MOVES | {Kind.RECALCULATED, Kind.REOPENED, Kind.RESTORED, Kind.TAKEN_BACK}
"""What can put a passed point ahead again; a pause cannot, however the host's clock is set."""


@dataclass(frozen=True, slots=True)
class Change:
    """A clock before (None: it began) and after a change, with the events that made it."""

    before: ClockState | None
    after: ClockState
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class NotTold:
    """A rung that was due, but the clock stopped or paused first: nobody was told."""

    clock_id: int
    measure: str
    rung: RungTerms
    nth: int
    instant_at: datetime


@dataclass(frozen=True, slots=True)
class Undo:
    """Whether a change is itself an undo, or can be undone until an instant."""

    is_one: bool = False
    lapses_at: datetime | None = None


NO_UNDO = Undo()


def follow(
    changed: Sequence[tuple[Clock, Change]],
    terms: Terms,
    known_by_clock: Mapping[int, list[Escalation]] | None = None,
    undo: Undo = NO_UNDO,
) -> list[NotTold]:
    """Keep `next_at` of changed clocks; cover what moved into the past, arm what lies ahead.

    ``known_by_clock`` is what is recorded of the ladders, where the caller has read it already:
    what is covered or armed again changes there, too. Answers the rungs that were due when the
    clock stopped or paused.
    """
    missed: list[NotTold] = []
    found = known_by_clock
    if found is None:
        ids = [row.id for row, change in changed if change.before is not None]
        found = queries.escalations_of(ids) if terms.ladder or undo != NO_UNDO else {}
    for row, change in changed:
        known = found.get(row.id, [])
        at = change.events[-1].at if change.events else None
        if at is not None:
            holding.end(row, at=at)
        if at is not None and undo.lapses_at is not None:
            holding.begin(row, known, lapses_at=undo.lapses_at)
        if at is not None and change.before is not None:
            missed += _not_told(row, change, known, terms, at)
            if undo.is_one and holding.until(row) is not None:
                holding.put_back(row, known)
            else:
                _follow_moves(row, change, known, terms, at)
            waits.carry(waiting_on(row, known), change.before, change.after)
        keep_next(row, change.after, known, terms)
    return missed


def _follow_moves(
    row: Clock, change: Change, known: list[Escalation], terms: Terms, at: datetime
) -> None:
    if any(event.kind in _MOVES for event in change.events):
        _cover(row, change.after, known, terms, at)
    if any(event.kind in _LENGTHENS for event in change.events):
        _arm_again(row, change.after, known, terms, at)


def generation_of(row: Clock, rung_id: int) -> int:
    """Which generation of a rung is armed or done on this clock; the first is 1."""
    generation: int = row.memory.get("generations", {}).get(str(rung_id), 1)
    return generation


def counted_on(row: Clock, known: Iterable[Escalation]) -> list[Escalation]:
    """What has fired or is covered in the generation that counts."""
    return [
        one
        for one in known
        if one.state is not EscalationState.NOT_TOLD
        and one.generation == generation_of(row, one.rung_id)
    ]


def done_on(row: Clock, known: Iterable[Escalation], ladder: Iterable[RungTerms]) -> set[rungs.Key]:
    """The points that need nothing more: those that count, and what "I am on it" stilled.

    That is every repeat of a rung that somebody acknowledged.
    """
    counted = counted_on(row, known)
    done = {(one.rung_id, one.nth) for one in counted}
    acknowledged = {one.rung_id for one in counted if one.acknowledged_at is not None}
    for rung in ladder if acknowledged else ():
        if rung.rung_id in acknowledged:
            done |= {(rung.rung_id, nth) for nth in range(1, rung.repeat_times + 1)}
    return done


def waiting_on(row: Clock, known: Iterable[Escalation]) -> list[Escalation]:
    """The rungs of a clock that wait for somebody to say "I am on it"."""
    return [
        one
        for one in known
        if waits.is_waiting(one) and one.generation == generation_of(row, one.rung_id)
    ]


def not_spoken_of(known: Iterable[Escalation]) -> list[Escalation]:
    """Covered rungs whose change has not been told of yet."""
    return [one for one in known if one.state is EscalationState.COVERED and one.fired_at is None]


def _not_told(
    row: Clock, change: Change, known: list[Escalation], terms: Terms, at: datetime
) -> list[NotTold]:
    before = change.before
    if before is None or before.state is not Phase.RUNNING or change.after.state is Phase.RUNNING:
        return []
    points = rungs.points(before, terms.ladder)
    missed = rungs.due(points, done_on(row, known, terms.ladder), at)
    noted = {(one.rung_id, one.generation, one.nth) for one in known}
    for due in missed:
        point = due.point
        generation = generation_of(row, point.rung.rung_id)
        if (point.rung.rung_id, generation, point.nth) in noted:
            continue
        columns = rows.covered_row(row.id, point, at=None, generation=generation)
        db.session.add(Escalation(**{**columns, "state": EscalationState.NOT_TOLD}))
    return [
        NotTold(row.id, row.measure, due.point.rung, due.point.nth, due.point.instant_at)
        for due in missed
    ]


def _cover(
    row: Clock, after: ClockState, known: list[Escalation], terms: Terms, at: datetime
) -> None:
    """Cover what a change moved into the past; it is told of once the clock runs."""
    done = done_on(row, known, terms.ladder)
    noted = {(one.rung_id, one.generation, one.nth): one for one in known}
    for rung, nth in rungs.passed(after, terms.ladder, done, at):
        generation = generation_of(row, rung.rung_id)
        one = noted.get((rung.rung_id, generation, nth))
        if one is None:
            one = Escalation(clock_id=row.id, rung_id=rung.rung_id, generation=generation, nth=nth)
            db.session.add(one)
            known.append(one)
        one.state, one.instant_at, one.fired_at = EscalationState.COVERED, at, None
        one.late_by_s, one.told = 0, []


def _arm_again(
    row: Clock, after: ClockState, known: list[Escalation], terms: Terms, at: datetime
) -> None:
    """Arm covered rungs that lie ahead again; a fired one gets its next generation.

    So does a covered one that told people by a repeat: they are to be told again.
    """
    ahead = rungs.ahead(after, terms.ladder, at)
    generations = dict(row.memory.get("generations", {}))
    for one in list(known):
        lies_ahead = (one.rung_id, one.nth) in ahead
        if lies_ahead and one.state is not EscalationState.FIRED:
            db.session.delete(one)
            known.remove(one)
            continue
        is_counted = one.generation == generation_of(row, one.rung_id)
        if lies_ahead and is_counted and (one.rung_id, 0) in ahead:
            generations[str(one.rung_id)] = one.generation + 1
    if generations != row.memory.get("generations", {}):
        row.memory = {**row.memory, "generations": generations}


def keep_next(row: Clock, clock: ClockState, known: list[Escalation], terms: Terms) -> None:
    """Set `next_at` to what `next_of` reckons."""
    next_at = next_of(row, clock, known, terms)
    if row.next_at != next_at:
        row.next_at = next_at


def first_of(clock: ClockState, terms: Terms) -> datetime | None:
    """As `next_of`, for a clock that just began: nothing of its ladder has come yet."""
    if clock.state is not Phase.RUNNING:
        return None
    return rungs.next_at(clock, rungs.points(clock, terms.ladder), set())


def next_of(
    row: Clock,
    clock: ClockState,
    known: list[Escalation],
    terms: Terms,
    points: Iterable[rungs.Point] | None = None,
) -> datetime | None:
    """When the worker has to look at a clock again; ``row`` is asked for its memory alone.

    That is the next rung or repeat, the breach, the end of a wait for somebody to acknowledge, or
    a change that is still to be told of; not before an undo has lapsed (`holding`). ``points``
    are those of the ladder, where known.
    """
    if clock.state is not Phase.RUNNING:
        return None
    if points is None:
        points = rungs.points(clock, terms.ladder)
    next_at = rungs.next_at(clock, points, done_on(row, known, terms.ladder))
    ladder = {rung.rung_id for rung in terms.ladder}
    known = [one for one in known if one.rung_id in ladder]  # another version, another ladder
    instants = [one.instant_at for one in not_spoken_of(known)]
    instants += [one.acknowledge_until for one in waiting_on(row, known) if one.acknowledge_until]
    first = min([*instants, next_at] if next_at else instants, default=None)
    held_until = holding.until(row)
    return max(first, held_until) if first and held_until else first
