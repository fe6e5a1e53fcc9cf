"""A message of the requester's side that needs no answer: "thanks", say.

Source: clocks.md, "Requester's side".
"""

from datetime import datetime

from sqlalchemy import select

from app.clocks import running
from app.clocks.models import Clock
from app.clocks.state import Phase
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.tickets.history import record, record_not_told
from app.tickets.models import Message, Ticket
from app.tickets.queries import terms_of
from app.tickets.words import Side


def find_waiting(ticket: Ticket) -> Message | None:
    """The newest message of the requester's side, while an answer to it is promised and owed."""
    owed = db.session.scalar(
        select(Clock.id)
        .where(
            Clock.ticket_id == ticket.id,
            Clock.measure == "next_response",
            Clock.state.in_((Phase.RUNNING, Phase.PAUSED)),
        )
        .limit(1)
    )
    if owed is None:
        return None
    return db.session.scalar(
        select(Message)
        .where(Message.ticket_id == ticket.id, Message.side == Side.REQUESTER)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )


def needs_no_answer(ticket: Ticket, *, by: Person, reason: str, at: datetime) -> None:
    """Say that what the requester wrote last needs no answer.

    The next response that was owed for it is cancelled, with the reason, and listed. Raises
    `Refusal` without a reason, on a ticket that has ended, and when no answer is owed.
    """
    if not ticket.is_open:
        raise Refusal(
            _("%(ref)s is %(stands)s: no answer is owed.", ref=ticket.ref, stands=ticket.stands)
        )
    if not reason.strip():
        raise Refusal(
            _("Say why it needs no answer: the promise is listed with it."), field="reason"
        )
    message = find_waiting(ticket)
    if message is None:
        raise Refusal(_("There is no message that waits for an answer."))
    at = max(at, ticket.last_event_at)
    outcome = running.answered_enough(
        ticket.id,
        terms=terms_of(ticket),
        at=at,
        actor_id=by.id,
        cause="verb:needs-no-answer",
        reason=reason.strip(),
    )
    record_not_told(ticket, outcome.not_told, "needs no answer", at=at)
    ticket.why = "Needs no answer"
    ticket.agent_unread = False
    record(ticket, "needs-no-answer", by=by, at=at, message=message.id, reason=reason.strip())
