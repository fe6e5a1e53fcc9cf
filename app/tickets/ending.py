"""What time alone does to tickets: resolved ones close, held ones go on. Found by jobs.

Source: clocks.md, "Statuses" and "Reopen".
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, tuple_

from app.agreements.models import Tier
from app.clocks.models import TicketCourse
from app.database import db
from app.tickets import lifecycle
from app.tickets.models import Ticket
from app.tickets.queries import for_change, terms_of
from app.tickets.words import Status

AT_ONCE = 100


def close_resolved(at: datetime) -> int:
    """Close resolved tickets whose window for reopening has passed; the number closed.

    Imported tickets keep the history they came with.
    """
    closed = 0
    for ticket in _resolved_before(at):
        ticket = for_change(ticket.id)
        if ticket.status is Status.RESOLVED and _window_ended(ticket, at):
            lifecycle.close(ticket, by=None, at=at)
            closed += 1
            if closed == AT_ONCE:
                break
    return closed


def _resolved_before(at: datetime) -> Iterator[Ticket]:
    """Tickets to close at ``at``, the oldest first; those with longer windows are passed by."""
    shortest = db.session.scalar(select(func.min(Tier.reopen_window_days)))
    if shortest is None:
        return
    last: tuple[datetime, int] | None = None
    query = (
        select(Ticket)
        .join(TicketCourse, TicketCourse.ticket_id == Ticket.id)
        .where(
            Ticket.status == Status.RESOLVED,
            TicketCourse.is_live,
            Ticket.resolved_at < at - timedelta(days=shortest),
        )
        .order_by(Ticket.resolved_at, Ticket.id)
        .limit(AT_ONCE)
    )
    while True:
        beyond = query.where(tuple_(Ticket.resolved_at, Ticket.id) > last) if last else query
        page = db.session.scalars(beyond).all()
        for ticket in page:
            last = (ticket.resolved_at or at, ticket.id)
            if _window_ended(ticket, at):
                yield ticket
        if len(page) < AT_ONCE:
            return


def _window_ended(ticket: Ticket, at: datetime) -> bool:
    window = timedelta(days=terms_of(ticket).reopen_window_days)
    return ticket.resolved_at is not None and at > ticket.resolved_at + window


def end_holds(at: datetime) -> int:
    """Take up tickets whose day has come, at 00:00 in the agreement's zone of that day."""
    candidates = db.session.scalars(
        select(Ticket.id)
        .where(Ticket.hold_until <= (at + timedelta(days=1)).date())
        .order_by(Ticket.hold_until, Ticket.id)
        .limit(AT_ONCE)
    ).all()
    ended = 0
    for ticket_id in candidates:
        ticket = for_change(ticket_id)
        if ticket.hold_until is None or ticket.status is not Status.ON_HOLD:
            continue
        zone = ZoneInfo(terms_of(ticket).zone)
        ends_at = datetime.combine(ticket.hold_until, time(), zone).astimezone(UTC)
        if ends_at <= at:
            lifecycle.resume(ticket, by=None, at=ends_at)
            ended += 1
    return ended
