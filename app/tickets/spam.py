"""Unwanted mail and nonsense: set aside as spam, and taken out again.

Source: clocks.md, "Spam": clocks are cancelled and out of the ratios; no spam after all, they go
on without the span.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload

from app.clocks import running
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people.access import Sight
from app.people.models import Person
from app.tickets import waiting
from app.tickets.history import record, record_not_told
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.queries import terms_of, visible_to
from app.tickets.remembering import put_back, remembered
from app.tickets.words import Status


def set_aside(ticket: Ticket, *, reason: str, by: Person, at: datetime) -> None:
    """Set an open ticket aside as spam; its clocks are cancelled, nobody is told.

    Raises `Refusal` without a reason, and unless the ticket is open.
    """
    if not ticket.is_open:
        raise Refusal(
            _(
                "%(ref)s is %(stands)s: only an open ticket is spam.",
                ref=ticket.ref,
                stands=ticket.stands,
            )
        )
    if not reason.strip():
        raise Refusal(_("Say why it is spam: the history quotes it."), field="reason")
    at, was = max(at, ticket.last_event_at), remembered(ticket)
    outcome = running.spam(
        ticket.id, terms=terms_of(ticket), at=at, actor_id=by.id, cause="verb:spam"
    )
    record_not_told(ticket, outcome.not_told, "spam", at=at)
    ticket.status, ticket.why, ticket.agent_unread = Status.SPAM, "Spam", False
    ticket.hold_until = None
    waiting.end(ticket)
    record(ticket, "spam", by=by, at=at, reason=reason.strip(), was=was)


def restore(ticket: Ticket, *, reason: str, by: Person, at: datetime) -> None:
    """No spam after all: it stands as before, its clocks go on without the span in between.

    Where it waited for its requester, waiting begins anew. Raises `Refusal` without a reason,
    and unless it is spam.
    """
    if ticket.status is not Status.SPAM:
        raise Refusal(
            _("%(ref)s is %(stands)s, and no spam.", ref=ticket.ref, stands=ticket.stands)
        )
    if not reason.strip():
        raise Refusal(_("Say why it is none: the history quotes it."), field="reason")
    at, terms = max(at, ticket.last_event_at), terms_of(ticket)
    outcome = running.unspam(ticket.id, terms=terms, at=at, actor_id=by.id, cause="verb:not-spam")
    record_not_told(ticket, outcome.not_told, "no spam", at=at)
    put_back(ticket, _was(ticket))
    ticket.status = Status(outcome.course.status)
    if ticket.status is Status.WAITING_REQUESTER:
        waiting.begin(ticket, terms, at=at)
    ticket.agent_unread = True
    record(ticket, "not-spam", by=by, at=at, reason=reason.strip())


def set_aside_ones(
    sight: Sight, *, before: tuple[datetime, int] | None = None, limit: int = 50
) -> Sequence[Ticket]:
    """What is set aside, the newest first; one more than ``limit`` where there is a next page."""
    query = visible_to(sight).where(Ticket.status == Status.SPAM)
    if before is not None:
        query = query.where(tuple_(Ticket.updated_at, Ticket.id) < before)
    return db.session.scalars(
        query.options(joinedload(Ticket.requester))
        .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(limit + 1)
    ).all()


def _was(ticket: Ticket) -> dict[str, object]:
    """Where it stood when it was last set aside."""
    entry = db.session.scalar(
        select(HistoryEntry)
        .where(HistoryEntry.ticket_id == ticket.id, HistoryEntry.verb == "spam")
        .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc())
        .limit(1)
    )
    return dict(entry.facts.get("was") or {}) if entry is not None else {}
