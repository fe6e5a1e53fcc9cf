"""Giving up what is due on a parked ticket: a person decides, with a reason that is kept.

Source: escalation.md, "The worker" (a ticket that raises is parked on a page) and E6.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.clocks import coming, running
from app.clocks.coming import Come
from app.clocks.models import Escalation
from app.database import db
from app.errors import Refusal
from app.escalation import parking, rung_words
from app.languages import gettext as _
from app.languages import speaking
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
        terms = terms_of(ticket)
        come = coming.come_due(ticket.id, terms=terms, at=at)
        over = coming.waits_over(ticket.id, terms=terms, at=at)
        return _named(come, over)
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
        raise Refusal(_("Say why this is dropped: the history keeps it."), field="reason")
    try:
        with db.session.begin_nested():
            dropped = _cover(ticket, reason, at)
    except Exception as error:
        raise _cannot_tell(ticket, error) from error
    db.session.delete(trouble)
    named = ", ".join(one.words for one in dropped) or "nothing that is still due"
    note_down(ticket, "escalation-dropped", by=by, at=at, points=named, reason=reason)
    db.session.flush()
    return dropped


def _cover(ticket: Ticket, reason: str, at: datetime) -> list[Due]:
    terms = terms_of(ticket)
    running.settled(ticket.id, terms=terms, at=max(at, ticket.last_event_at))
    dropped: list[Due] = []
    for _round in range(MOST_ROUNDS):
        come = coming.come_due(ticket.id, terms=terms, at=at)
        over = coming.waits_over(ticket.id, terms=terms, at=at)
        for _one, row in over:
            row.passed_on_at, row.dropped_because = at, reason
        covered: list[tuple[Come, list[dict[str, Any]]]] = [
            (replace(one, covered=True, moved=False), []) for one in come
        ]
        coming.fired(ticket.id, covered, terms=terms, at=at, dropped_because=reason)
        db.session.flush()
        if not (come or over):
            return dropped
        with speaking("en"):  # the history keeps them
            dropped += _named(come, over)
    raise RuntimeError("What is due does not come to an end.")


def _named(come: Iterable[Come], over: Iterable[tuple[Come, Escalation]]) -> list[Due]:
    """Rungs that have come, then those after which nobody said "I am on it" in time."""
    rungs = [Due(rung_words.place(one), one.instant_at) for one in come]
    waits = [
        Due(_("the wait after %(place)s", place=rung_words.place(one)), one.instant_at)
        for one, _row in over
    ]
    return rungs + waits


def _cannot_tell(ticket: Ticket, error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    return Refusal(
        _(
            "What is due on %(ref)s cannot be worked out (%(kind)s: %(error)s). It "
            "stays parked until that is mended.",
            ref=ticket.ref,
            kind=type(error).__name__,
            error=error,
        )
    )
