"""What happened to a ticket, by whom and why: one row per fact, in the cause's transaction."""

from datetime import datetime
from typing import Any

from app.database import db
from app.people.models import Person
from app.tickets.models import HistoryEntry, Ticket


def record(ticket: Ticket, verb: str, *, by: Person | None, at: datetime, **facts: Any) -> None:
    """Add an entry; ``by`` is None for the system. ``facts`` are plain JSON values.

    The ticket's last event and last update move to ``at``: no later verb is applied before it
    (clocks.md, "known late").
    """
    db.session.add(
        HistoryEntry(
            ticket_id=ticket.id, at=at, verb=verb, actor_id=by.id if by else None, facts=facts
        )
    )
    ticket.last_event_at = max(ticket.last_event_at, at)
    ticket.updated_at = max(ticket.updated_at, at)
