"""What time alone does to tickets: resolved ones close, held ones go on. Found by jobs.

Source: clocks.md, "Statuses" and "Reopen".
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

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
    shortest = db.session.scalar(select(func.min(Tier.reopen_window_days)))
    if shortest is None:
        return 0
    candidates = db.session.scalars(
        select(Ticket.id)
        .join(TicketCourse, TicketCourse.ticket_id == Ticket.id)
        .where(
            Ticket.status == Status.RESOLVED,
            TicketCourse.is_live,
            Ticket.resolved_at < at - timedelta(days=shortest),
        )
        .order_by(Ticket.resolved_at)
        .limit(AT_ONCE)
    ).all()
    closed = 0
    for ticket_id in candidates:
        ticket = for_change(ticket_id)
        window = timedelta(days=terms_of(ticket).reopen_window_days)
        if ticket.status is Status.RESOLVED and ticket.resolved_at and at > ticket.resolved_at + window:
            lifecycle.close(ticket, by=None, at=at)
            closed += 1
    return closed


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
