"""What a ticket is: its priority, which chooses its targets."""

from dataclasses import replace
from datetime import datetime

from app.agreements import contracts
from app.agreements.terms import Terms
from app.catalogue.words import Priority
from app.clocks import running
from app.clocks.models import Clock
from app.errors import Refusal
from app.people.models import Person
from app.tickets.history import record, record_not_told
from app.tickets.models import Ticket
from app.tickets.queries import terms_of


def prioritise(
    ticket: Ticket,
    *,
    priority: Priority,
    reason: str,
    by: Person | None,
    at: datetime,
    keeping: Clock | None = None,
) -> None:
    """Change the priority and choose the targets anew in the ticket's own version.

    A lower priority moves due times out and so needs a reason (clocks.md, "A target changes").
    ``keeping`` is a clock that keeps its target: the one whose rung raised the priority, or the
    ladder would chase itself. Raises `Refusal` without a reason, and when nothing would change.
    """
    if not ticket.is_open:
        raise Refusal(f"{ticket.ref} is {ticket.status.label.lower()}.")
    if priority is ticket.priority:
        raise Refusal(
            f"{ticket.ref} has {priority.label.lower()} priority already.", field="priority"
        )
    if priority.rank > ticket.priority.rank and not reason.strip():
        raise Refusal("A lower priority gives us more time: say why.", field="reason")
    at = max(at, ticket.last_event_at)
    before = ticket.priority
    ticket.priority = priority
    outcome = running.retargeted(
        ticket.id,
        terms=_terms(ticket, keeping),
        at=at,
        actor_id=by.id if by else None,
        cause="verb:priority",
        reason=reason.strip() or None,
    )
    record_not_told(ticket, outcome.not_told, "priority", at=at)
    record(
        ticket,
        "priority",
        by=by,
        at=at,
        before=before.value,
        after=priority.value,
        reason=reason.strip() or None,
    )


def _terms(ticket: Ticket, keeping: Clock | None) -> Terms:
    terms = terms_of(ticket)
    if keeping is None:
        return terms
    kept = contracts.target_terms(keeping.target_id, because=keeping.chosen_because)
    return replace(terms, targets={**terms.targets, keeping.measure: kept})
