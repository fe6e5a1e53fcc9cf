"""Waiting for the requester: it does not last for ever.

After some business days a letter asks, which is no response and moves no clock; after some more
without an answer the ticket is resolved by the system. Both numbers are the version's. Source:
clocks.md, "Statuses".
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from app.agreements.terms import Terms
from app.clocks import queries as clocks
from app.clocks import running
from app.clocks.models import Clock
from app.clocks.state import Phase
from app.database import db
from app.languages import gettext as _
from app.languages import speaking
from app.notices import telling
from app.tickets import addressing, letters, messages
from app.tickets.history import note_down, record, record_not_told
from app.tickets.models import Ticket
from app.tickets.queries import agent_to_tell, for_change, terms_of
from app.tickets.words import NO_ANSWER, Channel, Side, Status

AT_ONCE = 500

Now = Callable[[], datetime]


def begin(ticket: Ticket, terms: Terms, *, at: datetime) -> None:
    """The ticket waits for its requester from ``at`` on; every verb that lets it wait calls this.

    Waiting that begins again while it lasts begins anew: something was said since.
    """
    ticket.waiting_since = at
    ticket.waiting_until = ask_at(terms, since=at)
    ticket.asked_at = None


def ask_at(terms: Terms, *, since: datetime) -> datetime | None:
    """When a letter asks the requester who is waited for ``since``; None without any hours."""
    return _after(terms.waiting_ask_days, terms, since)


def end(ticket: Ticket) -> None:
    """The ticket waits for nobody any more."""
    ticket.waiting_since = ticket.waiting_until = ticket.asked_at = None


def too_long(at: datetime, *, most: int = AT_ONCE) -> list[int]:
    """Tickets whose waiting leads on by ``at``, at most ``most``, the longest first."""
    query = select(Ticket.id).where(Ticket.waiting_until < at)
    return list(db.session.scalars(query.order_by(Ticket.waiting_until, Ticket.id).limit(most)))


def lead_on(ticket_id: int, now: Now) -> bool:
    """Ask the requester, or having asked, resolve the ticket; whether either was done.

    It is resolved at its own instant, however late this runs; the days to answer in count from
    the letter that was in fact written.
    """
    ticket = for_change(ticket_id)
    at = now()
    if ticket.waiting_until is None or ticket.waiting_until >= at:
        return False
    if ticket.status is not Status.WAITING_REQUESTER:
        end(ticket)
        return False
    if ticket.asked_at is None:
        _ask(ticket, at=at)
    elif _is_unanswered(ticket):
        _tell_agent(ticket, at=at)
    else:
        _resolve(ticket, at=max(ticket.waiting_until, clocks.last_change_at(ticket.id)))
    return True


def _ask(ticket: Ticket, *, at: datetime) -> None:
    """Write the letter that asks: no response, no event of the ticket."""
    terms = terms_of(ticket)
    until = _after(terms.waiting_resolve_days, terms, at)
    ticket.asked_at, ticket.waiting_until = at, until
    note_down(ticket, "asked-again", by=None, at=at, words="A letter asked the requester to answer")
    if ticket.requester is not None:
        addressing.tell_one(
            ticket,
            ticket.requester,
            "still-waiting",
            event=f"waiting:{ticket.id}:{at.isoformat()}",
            at=at,
            facts=letters.still_waiting(ticket, until=until),
        )


def _is_unanswered(ticket: Ticket) -> bool:
    """Whether the requester has had no answer at all: then silence resolves nothing."""
    query = select(Clock.id).where(
        Clock.ticket_id == ticket.id,
        Clock.measure == "first_response",
        Clock.state.in_((Phase.RUNNING, Phase.PAUSED)),
    )
    return db.session.scalar(query.limit(1)) is not None


def _tell_agent(ticket: Ticket, *, at: datetime) -> None:
    """Tell who looks after it, once, that it goes on waiting."""
    ticket.waiting_until = None
    person = agent_to_tell(ticket, at=at)
    note_down(
        ticket,
        "waiting-in-vain",
        by=None,
        at=at,
        words="Not resolved for want of an answer: the requester has had no answer either",
    )
    if person is not None:
        telling.tell(
            person,
            "waiting-in-vain",
            event=f"waiting:{ticket.id}:{at.isoformat()}",
            ticket_id=ticket.id,
            at=at,
            facts=letters.waiting_in_vain(ticket),
        )


def _farewell(ticket: Ticket) -> str:
    """What the requester reads in the conversation, in their language."""
    with speaking(ticket.requester.language if ticket.requester else "en"):
        return _(
            "We have not heard from you, so we take it that this is solved. "
            "If it is not, answer and it goes on."
        )


def _resolve(ticket: Ticket, *, at: datetime) -> None:
    """Resolve it for want of an answer: nothing that was open counts as answered by this."""
    terms = terms_of(ticket)
    message = messages.add(
        ticket,
        by=None,
        side=Side.SYSTEM,
        body=_farewell(ticket),
        channel=Channel.DESK,
        at=at,
    )
    outcome = running.resolved(
        ticket.id,
        terms=terms,
        text_sent=False,
        at=at,
        actor_id=None,
        cause=f"message:{message.id}",
    )
    record_not_told(ticket, outcome.not_told, "resolve", at=at)
    ticket.status = Status.RESOLVED
    ticket.resolved_at = at
    ticket.resolved_because = NO_ANSWER
    ticket.why, ticket.agent_unread = "No answer from the requester", False
    record(
        ticket,
        "resolved",
        by=None,
        at=at,
        message=message.id,
        silent=True,
        reason="No answer from the requester",
    )
    addressing.tell(
        ticket,
        "resolved-unanswered",
        event=f"message:{message.id}",
        at=at,
        facts=letters.resolved_unanswered(ticket, message),
        asks=True,
    )
    end(ticket)


def _after(days: int, terms: Terms, at: datetime) -> datetime | None:
    """``days`` business days later in the hours of the resolution, else of the tier."""
    target = terms.targets.get("resolution")
    hours = target.calendar if target is not None else terms.hours
    return hours.add(at, days * terms.day_s) if hours is not None else None
