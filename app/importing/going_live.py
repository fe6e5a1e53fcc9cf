"""Handing imported clocks to the worker: from now on they fire; what has passed is covered.

Source: clocks.md, "Import".
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from app.agreements.terms import Terms
from app.calendars import queries as calendars
from app.clocks import rungs
from app.clocks.models import Clock, Escalation, TicketCourse
from app.clocks.rows import covered_row, past, state_of
from app.clocks.state import Phase
from app.database import db
from app.importing.loading import table_of
from app.importing.models import ImportedTicket
from app.importing.staging import in_chunks
from app.tickets import waiting
from app.tickets.models import Ticket
from app.tickets.queries import terms_of
from app.tickets.words import OPEN, Status


@dataclass
class Preview:
    """What going live would do: open tickets, and on their running clocks what lies where."""

    tickets: list[int] = field(default_factory=list)
    running: int = 0
    covered: list[dict[str, object]] = field(default_factory=list)
    overdue: int = 0
    next_at: dict[int, datetime] = field(default_factory=dict)
    waiting: list[dict[str, object]] = field(default_factory=list)

    @property
    def first_at(self) -> datetime | None:
        """When the first thing would happen."""
        return min(self.next_at.values(), default=None)


def preview(at: datetime) -> Preview:
    """What would happen if every open imported ticket went live at ``at``; nothing is written."""
    found = Preview()
    tickets = db.session.scalars(
        select(Ticket)
        .join(ImportedTicket, ImportedTicket.ticket_id == Ticket.id)
        .join(TicketCourse, TicketCourse.ticket_id == Ticket.id)
        .where(Ticket.status.in_(OPEN), TicketCourse.is_live.is_(False))
        .order_by(Ticket.id)
    ).all()
    for chunk in in_chunks(list(tickets), 500):
        clocks: dict[int, list[Clock]] = defaultdict(list)
        query = select(Clock).where(
            Clock.ticket_id.in_([ticket.id for ticket in chunk]), Clock.state == Phase.RUNNING
        )
        for clock in db.session.scalars(query):
            clocks[clock.ticket_id].append(clock)
        for ticket in chunk:
            terms = terms_of(ticket)
            found.tickets.append(ticket.id)
            _look_at(clocks[ticket.id], terms, at, found)
            if ticket.status is Status.WAITING_REQUESTER:
                until = waiting.ask_at(terms, since=at)
                found.waiting.append({"of": ticket.id, "since": at, "until": until})
    return found


def go_live(seen: Preview) -> None:
    """Do what the preview shows, without a letter and without a notice."""
    rows = seen.covered
    for covered in in_chunks(rows, 2000):
        db.session.execute(insert(table_of(Escalation)), covered)
    clock = table_of(Clock)
    if seen.next_at:
        db.session.connection().execute(
            update(clock).where(clock.c.id == bindparam("of")).values(next_at=bindparam("next")),
            [{"of": id_, "next": instant} for id_, instant in seen.next_at.items()],
        )
    if seen.waiting:
        ticket = table_of(Ticket)
        begin = update(ticket).where(ticket.c.id == bindparam("of"))
        db.session.connection().execute(
            begin.values(waiting_since=bindparam("since"), waiting_until=bindparam("until")),
            seen.waiting,
        )
    for ids in in_chunks(seen.tickets, 500):
        course = table_of(TicketCourse)
        db.session.execute(update(course).where(course.c.ticket_id.in_(ids)).values(is_live=True))


def _look_at(clocks: Sequence[Clock], terms: Terms, at: datetime, found: Preview) -> None:
    for clock in clocks:
        state = state_of(clock, calendars.value(clock.calendar_version_id))
        points = rungs.points(state, terms.ladder)
        behind = past(points, at)
        found.running += 1
        found.overdue += (
            clock.breached_at is None and clock.due_at is not None and at > clock.due_at
        )
        found.covered += [covered_row(clock.id, point, at=at) for point in behind]
        instant = rungs.next_at(state, points, {point.key for point in behind})
        if instant is not None:
            found.next_at[clock.id] = instant
