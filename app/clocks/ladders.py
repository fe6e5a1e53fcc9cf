"""What ladders make of a change, and what fires: `next_at` and the rows of `escalation`.

Source: escalation.md, "Ladders" and "Finding what is due". Who is told is for the package
`escalation`; here is only which rungs have come, and that each comes once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.agreements.terms import RungTerms, Terms
from app.calendars import queries as calendars
from app.clocks import rows, rungs
from app.clocks.models import Clock, Escalation, EscalationState
from app.clocks.state import ClockState, Event, Kind, Phase
from app.database import db

_MOVES = frozenset({Kind.RETARGETED, Kind.MERGED})


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
class Come:
    """A rung that has come on a running clock.

    `covered` ones are recorded and not told by themselves: a later repeat tells more, or a
    change moved them into the past (`moved`), of which one notice is written, to the assignee
    and the people of the highest. `again` says that an earlier generation has fired.
    """

    clock_id: int
    measure: str
    rung: RungTerms
    nth: int
    generation: int
    instant_at: datetime
    covered: bool
    moved: bool

    @property
    def again(self) -> bool:
        """Whether it has fired before and lies ahead again since."""
        return self.generation > 1

    @property
    def key(self) -> str:
        """What names this event for notices: the same however often it is tried."""
        return f"rung:{self.clock_id}:{self.rung.rung_id}:{self.generation}:{self.nth}"


def follow(changed: Sequence[tuple[Clock, Change]], terms: Terms, *, status: str) -> list[NotTold]:
    """Keep `next_at` of changed clocks; cover what moved into the past, arm what lies ahead.

    Answers the rungs that were due when the clock stopped or paused.
    """
    missed: list[NotTold] = []
    found = _found([row.id for row, change in changed if change.before is not None], terms)
    for row, change in changed:
        known = found.get(row.id, [])
        at = change.events[-1].at if change.events else None
        if at is not None and change.before is not None:
            missed += _not_told(row, change, known, terms, at)
            if any(event.kind in _MOVES for event in change.events):
                known = _cover(row, change.after, known, terms, at)
            known = _arm_again(row, change.after, known, terms, at)
        _keep_next(row, change.after, known, terms, at)
    return missed


def come_due(ticket_id: int, *, terms: Terms, at: datetime) -> list[Come]:
    """The rungs of a ticket's clocks that have come and are not done, in order of instants.

    Settle first. Rungs of a later instant follow the earlier, whatever clock they are on;
    what a change moved into the past comes first.
    """
    query = (
        select(Clock)
        .where(Clock.ticket_id == ticket_id, Clock.next_at.is_not(None))
        .order_by(Clock.id)
    )
    clocks = list(db.session.scalars(query))
    found = _found([clock.id for clock in clocks], terms)
    come: list[Come] = []
    for clock in clocks:
        come += _come(clock, found.get(clock.id, []), terms, at)
    return sorted(come, key=lambda one: (one.instant_at, one.clock_id, one.rung.position, one.nth))


def fired(
    ticket_id: int,
    come: Iterable[tuple[Come, list[dict[str, Any]]]],
    *,
    terms: Terms,
    at: datetime,
) -> list[Escalation]:
    """Record rungs that have come, each with who was told; then look ahead again.

    The unique key (clock, rung, generation, nth) keeps a second worker from doing it twice.
    """
    written = []
    for one, told in come:
        row = _row_of(one)
        if row is None:
            row = Escalation(
                clock_id=one.clock_id,
                rung_id=one.rung.rung_id,
                generation=one.generation,
                nth=one.nth,
            )
            db.session.add(row)
        row.state = EscalationState.COVERED if one.covered else EscalationState.FIRED
        row.instant_at = one.instant_at
        row.fired_at = at
        row.late_by_s = max(0, int((at - one.instant_at).total_seconds()))
        row.told = told
        written.append(row)
    db.session.flush()
    look_ahead(ticket_id, terms=terms)
    return written


def look_ahead(ticket_id: int, *, terms: Terms) -> None:
    """Compute `next_at` of a ticket's clocks anew from what has fired."""
    clocks = list(db.session.scalars(select(Clock).where(Clock.ticket_id == ticket_id)))
    clocks = [clock for clock in clocks if clock.next_at is not None]
    found = _found([clock.id for clock in clocks], terms)
    for clock in clocks:
        _keep_next(clock, _state(clock), found.get(clock.id, []), terms, None)
    db.session.flush()


def cover_past(row: Clock, clock: ClockState, terms: Terms, *, at: datetime) -> None:
    """Cover silently what lies before ``at`` and look ahead from there."""
    known = _found([row.id], terms).get(row.id, [])
    done = _done(row, known)
    for point in rows.past(clock, terms.ladder, at):
        if point.key not in done:
            generation = _generation(row, point.rung.rung_id)
            one = Escalation(**rows.covered_row(row.id, point, at=at, generation=generation))
            db.session.add(one)
            known.append(one)
    _keep_next(row, clock, known, terms, None)


def _come(clock: Clock, known: list[Escalation], terms: Terms, at: datetime) -> list[Come]:
    if clock.state is not Phase.RUNNING:
        return []
    come = [
        Come(
            clock.id,
            clock.measure,
            due.point.rung,
            due.point.nth,
            _generation(clock, due.point.rung.rung_id),
            due.point.instant_at,
            covered=due.covered,
            moved=False,
        )
        for due in rungs.due(_state(clock), terms.ladder, _done(clock, known), at)
    ]
    by_id = {rung.rung_id: rung for rung in terms.ladder}
    come += [
        Come(
            clock.id,
            clock.measure,
            by_id[row.rung_id],
            row.nth,
            row.generation,
            row.instant_at,
            covered=True,
            moved=True,
        )
        for row in _unspoken(known)
        if row.rung_id in by_id
    ]
    return come


def _found(clock_ids: Sequence[int], terms: Terms) -> dict[int, list[Escalation]]:
    found: dict[int, list[Escalation]] = {}
    if clock_ids and terms.ladder:
        query = select(Escalation).where(Escalation.clock_id.in_(clock_ids))
        for row in db.session.scalars(query):
            found.setdefault(row.clock_id, []).append(row)
    return found


def _row_of(come: Come) -> Escalation | None:
    return db.session.scalar(
        select(Escalation).where(
            Escalation.clock_id == come.clock_id,
            Escalation.rung_id == come.rung.rung_id,
            Escalation.generation == come.generation,
            Escalation.nth == come.nth,
        )
    )


def _generation(row: Clock, rung_id: int) -> int:
    generation: int = row.memory.get("generations", {}).get(str(rung_id), 1)
    return generation


def _done(row: Clock, known: Iterable[Escalation]) -> set[rungs.Key]:
    return {
        (one.rung_id, one.nth)
        for one in known
        if one.state is not EscalationState.NOT_TOLD
        and one.generation == _generation(row, one.rung_id)
    }


def _unspoken(known: Iterable[Escalation]) -> list[Escalation]:
    return [one for one in known if one.state is EscalationState.COVERED and one.fired_at is None]


def _not_told(
    row: Clock, change: Change, known: list[Escalation], terms: Terms, at: datetime
) -> list[NotTold]:
    before = change.before
    if before is None or before.state is not Phase.RUNNING or change.after.state is Phase.RUNNING:
        return []
    missed = rungs.due(before, terms.ladder, _done(row, known), at)
    noted = {(one.rung_id, one.generation, one.nth) for one in known}
    for due in missed:
        point = due.point
        generation = _generation(row, point.rung.rung_id)
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
) -> list[Escalation]:
    """Cover what a change moved into the past; it is told of once the clock runs."""
    done = _done(row, known)
    noted = {(one.rung_id, one.generation, one.nth): one for one in known}
    for rung, nth in rungs.passed(after, terms.ladder, done, at):
        generation = _generation(row, rung.rung_id)
        one = noted.get((rung.rung_id, generation, nth))
        if one is None:
            one = Escalation(clock_id=row.id, rung_id=rung.rung_id, generation=generation, nth=nth)
            db.session.add(one)
            known.append(one)
        one.state, one.instant_at, one.fired_at = EscalationState.COVERED, at, None
        one.late_by_s, one.told = 0, []
    return known


def _arm_again(
    row: Clock, after: ClockState, known: list[Escalation], terms: Terms, at: datetime
) -> list[Escalation]:
    """Arm covered rungs that lie ahead again; a fired one gets its next generation."""
    ahead = rungs.ahead(after, terms.ladder, at)
    kept, generations = [], dict(row.memory.get("generations", {}))
    for one in known:
        lies_ahead = (one.rung_id, one.nth) in ahead
        if lies_ahead and one.state is not EscalationState.FIRED:
            db.session.delete(one)
            continue
        if lies_ahead and one.nth == 0 and one.generation == _generation(row, one.rung_id):
            generations[str(one.rung_id)] = one.generation + 1
        kept.append(one)
    if generations != row.memory.get("generations", {}):
        row.memory = {**row.memory, "generations": generations}
    return kept


def _keep_next(
    row: Clock,
    clock: ClockState,
    known: list[Escalation],
    terms: Terms,
    at: datetime | None,
) -> None:
    next_at = rungs.next_at(clock, terms.ladder, _done(row, known))
    unspoken = [one.instant_at for one in _unspoken(known)]
    if clock.state is Phase.RUNNING and unspoken:
        next_at = min([*unspoken, *([next_at] if next_at else [])])
    if row.next_at != next_at:
        row.next_at = next_at


def _state(row: Clock) -> ClockState:
    return rows.state_of(row, calendars.value(row.calendar_version_id))
