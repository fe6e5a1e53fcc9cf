"""Somebody has a request in hand: said by a button, or by taking it or giving it by hand.

It keeps the acknowledgement and answers nothing (clocks.md, "Clocks"; decision 0010). What a
team's rule or a ladder gives out by itself is in nobody's hand yet.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select

from app.clocks import queries, running
from app.clocks.draft import ACKNOWLEDGEMENT
from app.clocks.keeping import Outcome
from app.clocks.models import Clock
from app.clocks.state import Kind, Phase
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.notices import telling
from app.people.models import Person
from app.tickets import addressing, letters
from app.tickets.history import record, record_not_told
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.queries import terms_of
from app.tickets.words import Status

BUTTON, BY_HAND = "verb:acknowledge", "verb:assign"
VERB = "in-hand"


def is_owed(clocks: Iterable[Clock]) -> bool:
    """Whether the requester still waits for word that somebody has it in hand."""
    return any(clock.measure == ACKNOWLEDGEMENT and clock.is_open for clock in clocks)


def acknowledge(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """``by`` has it in hand and says so; the requester gets a short letter.

    Raises `Refusal` when the ticket has ended, is their own, or nobody waits for it.
    """
    if not ticket.is_open:
        raise Refusal(_("%(ref)s is %(stands)s.", ref=ticket.ref, stands=ticket.stands))
    if ticket.requester_id == by.id:
        raise Refusal(_("This is your own request: a colleague acknowledges it."))
    if not is_owed(queries.clocks_of([ticket.id])[ticket.id]):
        raise Refusal(_("%(ref)s is acknowledged already.", ref=ticket.ref))
    _tell_clocks(ticket, by, by=by, at=at, cause=BUTTON)
    ticket.why = f"Acknowledged by {by.name}"


def given(
    ticket: Ticket,
    holder: Person,
    *,
    by: Person | None,
    at: datetime,
    held_until: datetime | None = None,
) -> bool:
    """The ticket is ``holder``'s now, by ``by``'s hand (None: by a rule); a new one is open.

    By hand it is acknowledged, once: then True. The requester's letter waits until
    ``held_until``.
    """
    by_hand = by is not None and holder.id != ticket.requester_id
    if by_hand and not queries.is_acknowledged(ticket.id):
        _tell_clocks(ticket, holder, by=by, at=at, cause=BY_HAND, held_until=held_until)
        return True
    if ticket.status is Status.NEW:
        running.status_changed(
            ticket.id,
            terms=terms_of(ticket),
            status=Status.OPEN.value,
            at=at,
            actor_id=by.id if by else None,
            cause=BY_HAND,
        )
        ticket.status = Status.OPEN
    return False


def take_back(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Undo that it was taken by hand: its clocks go on as if it had not been.

    A letter that still waits is withdrawn. The caller knows that it was, and by what is undone.
    """
    outcome = running.taken_back(
        ticket.id,
        terms=terms_of(ticket),
        undoes=BY_HAND,
        at=max(at, ticket.last_event_at),
        actor_id=by.id,
        cause="undo:assign",
    )
    ticket.status = Status(outcome.course.status)
    told = db.session.scalar(_SAID, {"ticket_id": ticket.id})
    if told is not None:
        telling.withdraw(_event(ticket, told.at), at=at)


def holder_of(ticket: Ticket, clocks: Iterable[Clock]) -> tuple[str, datetime] | None:
    """Who kept the acknowledgement by taking it in hand, and since when; None while nobody did,
    and where an answer or the solution came first."""
    for clock in clocks:
        if clock.measure == ACKNOWLEDGEMENT and clock.state == Phase.MET:
            told = db.session.scalar(_SAID, {"ticket_id": ticket.id})
            if told is not None and told.at == clock.met_at:
                return str(told.facts["who"]), told.at
    return None


_SAID = (
    select(HistoryEntry)
    .where(HistoryEntry.ticket_id == bindparam("ticket_id"), HistoryEntry.verb == VERB)
    .order_by(HistoryEntry.id.desc())
    .limit(1)
)


def _tell_clocks(
    ticket: Ticket,
    holder: Person,
    *,
    by: Person | None,
    at: datetime,
    cause: str,
    held_until: datetime | None = None,
) -> None:
    at = max(at, ticket.last_event_at)
    outcome = running.acknowledged(
        ticket.id, terms=terms_of(ticket), at=at, actor_id=by.id if by else None, cause=cause
    )
    record_not_told(ticket, outcome.not_told, "acknowledgement", at=at)
    ticket.status = Status(outcome.course.status)
    if not _keeps_it(outcome):
        return
    record(ticket, VERB, by=by, at=at, who=holder.name)
    addressing.tell(
        ticket,
        "ticket-acknowledged",
        event=_event(ticket, at),
        at=at,
        facts=letters.acknowledged(ticket, holder, at=at),
        besides=holder,
        held_until=held_until,
    )


def _keeps_it(outcome: Outcome) -> bool:
    return any(
        event.measure == ACKNOWLEDGEMENT and event.kind is Kind.MET for event in outcome.events
    )


def _event(ticket: Ticket, at: datetime) -> str:
    return f"acknowledged:{ticket.id}:{int(at.timestamp())}"
