"""Giving up what is due on a parked ticket: a person decides, with a reason that is kept.

Source: escalation.md, "The worker" (a ticket that raises is parked on a page) and E6.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.clocks import coming, running, words
from app.clocks.coming import Come
from app.database import db
from app.errors import Refusal
from app.escalation import facts, parking
from app.people.models import Person
from app.tickets.history import note_down
from app.tickets.models import Ticket
from app.tickets.queries import terms_of

MOST_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Due:
    """What waits on a stuck ticket: "75 % of resolution", due at."""

    words: str
    instant_at: datetime


def due_on(ticket: Ticket, *, at: datetime) -> list[Due]:
    """What is due on a ticket and was not told; `Refusal` where that cannot be worked out."""
    try:
        return [_words_of(one) for one in coming.come_due(ticket.id, terms=terms_of(ticket), at=at)]
    except Exception as error:
        raise _cannot_tell(ticket, error) from error


def drop(ticket: Ticket, *, by: Person, reason: str, at: datetime) -> list[Due]:
    """Give up what is due on a parked ticket: it is recorded as covered and told to nobody.

    Breaches are recorded all the same, and what is still ahead comes at its own time. The
    caller holds the ticket's lock. `Refusal` without a reason, for a ticket that is not
    parked, or where what is due cannot be worked out.
    """
    trouble = parking.trouble_of(ticket.id)
    reason = " ".join(reason.split())
    if not reason:
        raise Refusal("Say why this is dropped: the history keeps it.", field="reason")
    try:
        with db.session.begin_nested():
            dropped = [_words_of(one) for one in _cover(ticket, by, reason, at)]
    except Exception as error:
        raise _cannot_tell(ticket, error) from error
    db.session.delete(trouble)
    named = ", ".join(one.words for one in dropped) or "nothing that is still due"
    note_down(ticket, "escalation-dropped", by=by, at=at, points=named, reason=reason)
    db.session.flush()
    return dropped


def _cover(ticket: Ticket, by: Person, reason: str, at: datetime) -> list[Come]:
    terms = terms_of(ticket)
    running.settled(ticket.id, terms=terms, at=max(at, ticket.last_event_at))
    because: list[dict[str, Any]] = [{"dropped_by": by.id, "because": reason}]
    dropped: list[Come] = []
    for _ in range(MOST_ROUNDS):
        come = coming.come_due(ticket.id, terms=terms, at=at)
        if not come:
            coming.look_ahead(ticket.id, terms=terms)
            return dropped
        covered = [(replace(one, covered=True, moved=False), because) for one in come]
        coming.fired(ticket.id, covered, terms=terms, at=at)
        db.session.flush()
        dropped += come
    raise RuntimeError("What is due does not come to an end.")


def _words_of(come: Come) -> Due:
    point = facts.point(come.rung, come.nth)
    return Due(f"{point} of {words.measure(come.measure).lower()}", come.instant_at)


def _cannot_tell(ticket: Ticket, error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    return Refusal(
        f"What is due on {ticket.ref} cannot be worked out ({type(error).__name__}: {error})."
        " It stays parked until that is mended."
    )
