"""Rungs that have come: asked for by the package `escalation`, recorded once each.

Source: escalation.md, "Finding what is due" and the invariants.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.agreements.terms import RungTerms, Terms
from app.calendars import queries as calendars
from app.clocks import rows, rungs
from app.clocks.ladders import done_on, generation_of, keep_next, known_on, not_spoken_of
from app.clocks.models import Clock, Escalation, EscalationState
from app.clocks.state import ClockState, Phase
from app.database import db


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
    found = known_on([clock.id for clock in clocks], terms)
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
    found = known_on([clock.id for clock in clocks], terms)
    for clock in clocks:
        keep_next(clock, state_of(clock), found.get(clock.id, []), terms)
    db.session.flush()


def _come(clock: Clock, known: list[Escalation], terms: Terms, at: datetime) -> list[Come]:
    if clock.state is not Phase.RUNNING:
        return []
    come = [
        Come(
            clock.id,
            clock.measure,
            due.point.rung,
            due.point.nth,
            generation_of(clock, due.point.rung.rung_id),
            due.point.instant_at,
            covered=due.covered,
            moved=False,
        )
        for due in rungs.due(state_of(clock), terms.ladder, done_on(clock, known), at)
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
        for row in not_spoken_of(known)
        if row.rung_id in by_id
    ]
    return come


def _row_of(come: Come) -> Escalation | None:
    return db.session.scalar(
        select(Escalation).where(
            Escalation.clock_id == come.clock_id,
            Escalation.rung_id == come.rung.rung_id,
            Escalation.generation == come.generation,
            Escalation.nth == come.nth,
        )
    )


def state_of(row: Clock) -> ClockState:
    """The row as the rules see it, with the hours it runs on."""
    return rows.state_of(row, calendars.value(row.calendar_version_id))
