"""What time alone does to tickets: resolved ones close, held ones go on.

Each question answers tickets that may be ready, each verb looks again under the lock; a job
takes them one by one. Source: clocks.md, "Statuses" and "Reopen".
"""

from collections.abc import Callable, Iterator
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

AT_ONCE = 500

Now = Callable[[], datetime]


def to_close(at: datetime, *, most: int = AT_ONCE) -> list[int]:
    """Resolved tickets whose window for reopening has passed, at most ``most``, oldest first.

    Imported tickets keep the history they came with.
    """
    found: list[int] = []
    for ticket in _resolved_before(at):
        if _window_ended(ticket, at):
            found.append(ticket.id)
        if len(found) == most:
            break
    return found


def close_resolved(ticket_id: int, now: Now) -> bool:
    """Close the ticket if its window has passed; whether it did."""
    ticket = for_change(ticket_id)
    at = now()
    if ticket.status is not Status.RESOLVED or not _window_ended(ticket, at):
        return False
    lifecycle.close(ticket, by=None, at=at)
    return True


def held_until(at: datetime) -> list[int]:
    """Tickets on hold until a day that has begun somewhere by ``at``, the earliest first."""
    return list(
        db.session.scalars(
            select(Ticket.id)
            .where(Ticket.hold_until <= (at + timedelta(days=1)).date())
            .order_by(Ticket.hold_until, Ticket.id)
        )
    )


def end_hold(ticket_id: int, now: Now) -> bool:
    """Take the ticket up again if its day has come; whether it did."""
    ticket = for_change(ticket_id)
    return end_hold_of(ticket, at=now())


def end_hold_of(ticket: Ticket, *, at: datetime) -> bool:
    """Take the locked ticket up again if its day has come by ``at``; whether it did.

    It goes on from 00:00 of that day in the agreement's zone, however late this runs: whoever
    changes a ticket calls this first.
    """
    if ticket.hold_until is None or ticket.status is not Status.ON_HOLD:
        return False
    zone = ZoneInfo(terms_of(ticket).zone)
    ends_at = datetime.combine(ticket.hold_until, time(), zone).astimezone(UTC)
    if ends_at > at:
        return False
    lifecycle.end_hold(ticket, at=ends_at)
    return True


def _resolved_before(at: datetime) -> Iterator[Ticket]:
    """Live tickets resolved longer ago than the shortest window, the oldest first."""
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
            yield ticket
        if len(page) < AT_ONCE:
            return


def _window_ended(ticket: Ticket, at: datetime) -> bool:
    window = timedelta(days=terms_of(ticket).reopen_window_days)
    return ticket.resolved_at is not None and at > ticket.resolved_at + window
