"""What a ticket was before a deed that may be undone: kept in the history, put back from it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app.tickets.models import Ticket

INSTANTS = ("waiting_since", "waiting_until", "asked_at")


def remembered(ticket: Ticket) -> dict[str, Any]:
    """Where the ticket stands, as plain JSON for the history."""
    facts: dict[str, Any] = {
        "status": ticket.status.value,
        "why": ticket.why,
        "unread": ticket.agent_unread,
    }
    if ticket.hold_until is not None:
        facts["hold_until"] = ticket.hold_until.isoformat()
    for name in INSTANTS:
        at = getattr(ticket, name)
        if at is not None:
            facts[name] = at.isoformat()
    return facts


def held_until(at: datetime, undo_s: int) -> datetime | None:
    """Until when a letter waits that can be withdrawn for ``undo_s`` seconds."""
    return at + timedelta(seconds=undo_s) if undo_s else None


def undoable(was: dict[str, Any], *, at: datetime, undo_s: int) -> dict[str, Any]:
    """The facts of a Send that can be undone for ``undo_s`` seconds; none where it cannot."""
    until = held_until(at, undo_s)
    return {"was": was, "undo_until": until.isoformat()} if until else {}


def put_back(ticket: Ticket, was: Mapping[str, Any]) -> None:
    """Let the ticket stand as ``was`` says, all but its status: that is the clocks' to say."""
    ticket.why = str(was.get("why", ""))
    ticket.agent_unread = bool(was.get("unread", ticket.agent_unread))
    hold_until = was.get("hold_until")
    ticket.hold_until = date.fromisoformat(hold_until) if hold_until else None
    for name in INSTANTS:
        at = was.get(name)
        setattr(ticket, name, datetime.fromisoformat(at) if at else None)
