"""A crowd of tickets made of one: rows copied inside the database, so that a million is quick."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Table, func, literal, select, text
from sqlalchemy.sql import ColumnElement

from app.clocks.models import Clock, ClockEvent, Deadline, TicketCourse
from app.database import db, is_postgresql, transaction
from app.tickets import assignment, conversation, queries
from app.tickets.models import Ticket
from tests import cast as stage
from tests import factories
from tests.cast import Cast

MONDAY = datetime.fromisoformat("2026-11-16T08:00:00+00:00")
"""Nine o'clock in Berlin."""


def one_ticket() -> tuple[Cast, Ticket]:
    """The cast, and a ticket that Mara answered: four hours to its resolution, rungs ahead."""
    cast = stage.assemble()
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=MONDAY)
    with transaction():
        locked = queries.for_change(ticket.id)
        assignment.take(locked, by=cast.mara, at=MONDAY + timedelta(minutes=3))
        conversation.reply(
            locked, by=cast.mara, body="I look at it.", at=MONDAY + timedelta(minutes=6)
        )
    return cast, ticket


def resolution_of(ticket: Ticket) -> Clock:
    """The clock that is still open on the ticket."""
    query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.measure == "resolution")
    return db.session.scalars(query).one()


def multiply(ticket: Ticket, clock: Clock, *, until: int) -> None:
    """Copy the ticket with this one clock and its events until there are ``until`` tickets."""
    ticket_id, clock_id = ticket.id, clock.id
    with transaction():
        more = until - _asked("SELECT count(*) FROM ticket")
        last_ticket = _asked("SELECT max(id) FROM ticket")
        last_clock = _asked("SELECT max(id) FROM clock")
        of_ticket = {"ticket_id": last_ticket}
        of_clock = {"clock_id": last_clock}
        _copy(Ticket, {"id": last_ticket}, Ticket.id == ticket_id, more)
        _copy(TicketCourse, of_ticket, TicketCourse.ticket_id == ticket_id, more)
        _copy(Clock, {"id": last_clock, **of_ticket}, Clock.id == clock_id, more)
        _copy(Deadline, {**of_ticket, **of_clock}, Deadline.clock_id == clock_id, more)
        events = select(ClockEvent.id).where(ClockEvent.clock_id == clock_id)
        for event_id in db.session.scalars(events).all():
            last_event = _asked("SELECT max(id) FROM clock_event")
            _copy(ClockEvent, {"id": last_event, **of_clock}, ClockEvent.id == event_id, more)
        _count_on(Ticket, Clock, ClockEvent)
    with transaction():
        db.session.execute(text("ANALYZE"))


def _count_on(*models: type) -> None:
    """PostgreSQL numbers further rows after the copies; SQLite does so anyway."""
    if not is_postgresql():
        return
    for model in models:
        table: Table = model.__table__  # type: ignore[attr-defined]
        sequence = func.pg_get_serial_sequence(table.name, "id")
        db.session.execute(select(func.setval(sequence, func.max(table.c.id))))


def _asked(query: str) -> int:
    return int(db.session.scalar(text(query)) or 0)


def _copy(model: type, beyond: dict[str, int], row: ColumnElement[bool], times: int) -> None:
    """``times`` copies of a row; columns of ``beyond`` count on from the number given."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < times))
    columns: list[Column[object]] = list(table.columns)
    values = [
        (numbers.c.n + beyond[column.name]).label(column.name) if column.name in beyond else column
        for column in columns
    ]
    chosen = select(*values).select_from(table).join(numbers, literal(True)).where(row)
    db.session.execute(table.insert().from_select([column.name for column in columns], chosen))
