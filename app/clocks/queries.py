"""Reading clocks, their events and what their ladders recorded: one statement for many."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from app import statements
from app.clocks import rows
from app.clocks.happenings import What
from app.clocks.models import Clock, ClockEvent, Escalation, TicketCourse
from app.clocks.state import Event, Phase
from app.database import db
from app.entities import Entity
from app.errors import NotFound
from app.statements import built_once, is_numbered


def clocks_of(ticket_ids: Iterable[int], *, fresh: bool = False) -> dict[int, list[Clock]]:
    """The clocks of each ticket, in the order in which they started; one statement for all.

    ``fresh`` reads rows anew that the session holds already.
    """
    found: dict[int, list[Clock]] = {ticket_id: [] for ticket_id in ticket_ids}
    options = {"populate_existing": fresh}
    for clock in db.session.scalars(_clocks(), {"ids": list(found)}, execution_options=options):
        found[clock.ticket_id].append(clock)
    return found


@built_once
def _clocks() -> Select[Any]:
    return select(Clock).where(is_numbered(Clock.ticket_id, "ids")).order_by(Clock.id)


@built_once
def _escalations() -> Select[Any]:
    among = is_numbered(Escalation.clock_id, "ids")
    return select(Escalation).where(among).order_by(Escalation.instant_at, Escalation.id)


_CLOCK, _ESCALATION = Entity(Clock), Entity(Escalation)
_WITH_LADDERS = statements.kept(
    select(*_CLOCK.columns, *_ESCALATION.columns)
    .outerjoin_from(
        Clock,
        Escalation,
        and_(
            Escalation.clock_id == Clock.id,
            Clock.state.in_((Phase.RUNNING, Phase.PAUSED)),
        ),
    )
    .where(Clock.ticket_id == bindparam("ticket_id"))
    .order_by(Clock.id, Escalation.instant_at, Escalation.id)
)
"""Made once: batches and pages ask them all the time."""


def with_ladders(ticket_id: int) -> tuple[list[Clock], dict[int, list[Escalation]]]:
    """As `clocks_of` for one ticket, and `escalations_of` for its open clocks; one statement."""
    clocks: dict[int, Clock] = {}
    found: dict[int, list[Escalation]] = {}
    for row in statements.rows(_WITH_LADDERS, {"ticket_id": ticket_id}):
        clock, rest = _CLOCK.taken_from(row)
        escalation, _ = _ESCALATION.taken_from(rest)
        assert clock is not None, "Its ladder is a clock's."
        clocks.setdefault(clock.id, clock)
        if escalation is not None:
            found.setdefault(clock.id, []).append(escalation)
    return list(clocks.values()), found


def last_change_at(ticket_id: int) -> datetime:
    """The last event of a ticket that its clocks know of: nothing is applied before it."""
    course = db.session.get_one(TicketCourse, ticket_id)
    at = course.last_at or course.contact_at
    assert at is not None, "A ticket that was opened has a contact."
    return at


def is_acknowledged(ticket_id: int) -> bool:
    """Whether somebody has taken the ticket in hand; what the clocks know is read once."""
    course = db.session.get(TicketCourse, ticket_id)
    return course is not None and any(line[1] == What.ACKNOWLEDGED for line in course.log)


def clock(clock_id: int) -> Clock:
    """The clock of that id; raises `NotFound`."""
    row = db.session.get(Clock, clock_id)
    if row is None:
        raise NotFound("There is no such clock.")
    return row


def escalations_of(clock_ids: Sequence[int]) -> dict[int, list[Escalation]]:
    """What is recorded of each clock's ladder, in the order of its instants."""
    found: dict[int, list[Escalation]] = {}
    if not clock_ids:
        return found
    for row in db.session.scalars(_escalations(), {"ids": clock_ids}):
        found.setdefault(row.clock_id, []).append(row)
    return found


def events_of(row: Clock) -> list[Event]:
    """The events of a clock, in order."""
    return events_of_all([row]).get(row.id, [])


def events_of_all(clocks: Iterable[Clock]) -> dict[int, list[Event]]:
    """The events of each of these clocks, in order, by the clock's id; one statement for all."""
    by_id = {row.id: row for row in clocks}
    found: dict[int, list[Event]] = {}
    query = select(ClockEvent).where(ClockEvent.clock_id.in_(by_id))
    for event in db.session.scalars(query.order_by(ClockEvent.clock_id, ClockEvent.number)):
        row = by_id[event.clock_id]
        found.setdefault(row.id, []).append(rows.event_of(event, row.measure, row.sequence))
    return found
