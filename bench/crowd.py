"""A crowd of tickets made of one: rows copied inside the database, so that a million is quick."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Table, literal, select, text
from sqlalchemy.sql import ColumnElement

from app.clocks.models import Clock, Deadline, TicketCourse
from app.database import db, transaction
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
    """Copy the ticket with this one clock until there are ``until`` tickets in all."""
    first_ticket, first_clock, clock_id = ticket.id, clock.id, clock.id
    with transaction():
        have = db.session.scalar(text("SELECT count(*) FROM ticket")) or 0
        last_ticket = db.session.scalar(text("SELECT max(id) FROM ticket")) or 0
        last_clock = db.session.scalar(text("SELECT max(id) FROM clock")) or 0
        more = until - have
        _copy(Ticket, {"id": last_ticket}, Ticket.id == first_ticket, more)
        _copy(
            TicketCourse, {"ticket_id": last_ticket}, TicketCourse.ticket_id == first_ticket, more
        )
        _copy(Clock, {"id": last_clock, "ticket_id": last_ticket}, Clock.id == first_clock, more)
        _copy(
            Deadline,
            {"ticket_id": last_ticket, "clock_id": last_clock},
            Deadline.clock_id == clock_id,
            more,
        )
    with transaction():
        db.session.execute(text("ANALYZE"))


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
