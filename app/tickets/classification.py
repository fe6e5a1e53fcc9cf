"""What a ticket is: its priority, which chooses its targets."""

from datetime import datetime

from app.catalogue.words import Priority
from app.clocks import running
from app.errors import Refusal
from app.people.models import Person
from app.tickets.history import record
from app.tickets.models import Ticket
from app.tickets.queries import terms_of


def prioritise(
    ticket: Ticket, *, priority: Priority, reason: str, by: Person | None, at: datetime
) -> None:
    """Change the priority and choose the targets anew in the ticket's own version.

    A lower priority moves due times out and so needs a reason (clocks.md, "A target changes").
    Raises `Refusal` without one, and when nothing would change.
    """
    if not ticket.is_open:
        raise Refusal(f"{ticket.ref} is {ticket.status.label.lower()}.")
    if priority is ticket.priority:
        raise Refusal(f"{ticket.ref} has {priority.label.lower()} priority already.",
                      field="priority")
    if priority.rank > ticket.priority.rank and not reason.strip():
        raise Refusal("A lower priority gives us more time: say why.", field="reason")
    at = max(at, ticket.last_event_at)
    before = ticket.priority
    ticket.priority = priority
    running.retargeted(
        ticket.id,
        terms=terms_of(ticket),
        at=at,
        actor_id=by.id if by else None,
        cause="verb:priority",
        reason=reason.strip() or None,
    )
    record(
        ticket, "priority", by=by, at=at, before=before.value, after=priority.value,
        reason=reason.strip() or None,
    )
