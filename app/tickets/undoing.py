"""Undo of Send: for some seconds an answer can be taken back as if it had never been sent.

Source: clocks.md, "A qualifying response" and what follows.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app.clocks import running
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.notices import telling
from app.people.models import Person
from app.tickets import drafts, lifecycle, messages, remembering, stands
from app.tickets.history import Entry, record, record_not_told
from app.tickets.models import HistoryEntry, Message, Ticket
from app.tickets.queries import terms_of
from app.tickets.search import indexing
from app.tickets.spoken import Spoken
from app.tickets.words import DONE, UNDONE, MessageKind, Side, Status

SENDS = ("replied", "resolved")


def undoable_until(
    message: Message | Spoken, entries: Iterable[Entry | HistoryEntry]
) -> datetime | None:
    """Until when the message can be taken back; None for what was never a Send with an undo.

    ``entries`` are those of its ticket's history that may tell of the Send.
    """
    if message.kind is not MessageKind.MESSAGE:
        return None
    sent = (one for one in entries if one.verb in SENDS and one.facts.get("message") == message.id)
    entry = next(sent, None)
    given = entry.facts.get("undo_until") if entry is not None else None
    return datetime.fromisoformat(given) if given else None


def undo(ticket: Ticket, message: Message, *, by: Person, at: datetime) -> None:
    """Take an answer back: the clocks go on as if it had never been sent, the status returns.

    So does what its macro changed, where nobody changed it since. The letter is never written,
    the requester sees the message no more, and its words and its macro are a draft of their author
    again.
    Raises `Refusal` when the undo is over or never was, once the requester has opened the message
    or has written since, and when it was taken back before.
    """
    entry = _sent(ticket, message)
    _refuse(ticket, message, until=undoable_until(message, [entry] if entry else ()), at=at)
    at = max(at, ticket.last_event_at)
    if entry is None or not telling.withdraw(f"message:{message.id}", at=at):
        raise Refusal(_("The letter has left: it can no longer be taken back."))
    outcome = running.taken_back(
        ticket.id,
        terms=terms_of(ticket),
        undoes=f"message:{message.id}",
        at=at,
        actor_id=by.id,
        cause=f"undo:{message.id}",
    )
    record_not_told(ticket, outcome.not_told, "undo", at=at)
    message.taken_back_at, message.taken_back_because = at, UNDONE
    indexing.renew([ticket.id])
    _return(ticket, Status(outcome.course.status), entry)
    was_unread = (entry.facts.get("was") or {}).get("unread", ticket.agent_unread)
    ticket.agent_unread = was_unread and not _was_answered_again(ticket, message)
    used = _macro_of(ticket, entry)
    if used is not None:
        _take_macro_back(ticket, used, by=by, at=at)
    ticket.snippet = messages.last_snippet(ticket.id)
    author = db.session.get(Person, message.author_id) if message.author_id else None
    macro_id = used.facts.get("id") if used else None
    drafts.give_back(ticket, message, to=author or by, at=at, macro_id=macro_id)
    record(ticket, "taken-back", by=by, at=at, message=message.id, because=UNDONE)


def _refuse(ticket: Ticket, message: Message, *, until: datetime | None, at: datetime) -> None:
    if message.taken_back_at is not None:
        raise Refusal(_("This message is taken back already."))
    if until is None:
        raise Refusal(_("This message cannot be taken back."))
    if at > until:
        raise Refusal(_("It is too late: the answer is on its way to the requester."))
    if message.opened_at is not None:
        raise Refusal(_("The requester has opened it already: write again instead."))
    if _was_answered(ticket, message):
        raise Refusal(_("The requester has written since: write again instead."))
    if ticket.status is Status.CLOSED:
        raise Refusal(_("%(ref)s is closed by now: reopen it and write again.", ref=ticket.ref))


def _return(ticket: Ticket, status: Status, entry: HistoryEntry) -> None:
    was = entry.facts.get("was") or {}
    if status.value == was.get("status"):
        remembering.put_back(ticket, was)
    else:
        ticket.why = "An answer was taken back"
    ticket.status = status
    if status not in DONE:
        ticket.resolved_at = ticket.closed_at = ticket.resolved_because = None


def _take_macro_back(ticket: Ticket, used: HistoryEntry, *, by: Person, at: datetime) -> None:
    """Put back what the macro of this Send changed, unless somebody changed it since."""
    was, now = used.facts["was"], used.facts["now"]
    if stands.stand(ticket) != now:
        return
    if ticket.status is Status.OPEN and was["status"] == Status.NEW.value:
        lifecycle.move(ticket, Status.NEW, by=by, at=at, reason=stands.UNDONE)
    stands.restore(ticket, was, by=by, at=at)
    if used.facts.get("told"):
        telling.withdraw(used.facts["told"], at=at)


def _macro_of(ticket: Ticket, sent: HistoryEntry) -> HistoryEntry | None:
    """The line of the history that tells of the macro whose words were sent."""
    query = select(HistoryEntry).where(
        HistoryEntry.ticket_id == ticket.id,
        HistoryEntry.at == sent.at,
        HistoryEntry.verb == "macro",
        HistoryEntry.actor_id == sent.actor_id,
        HistoryEntry.id < sent.id,
    )
    found = db.session.scalar(query.order_by(HistoryEntry.id.desc()).limit(1))
    return found if found is not None and "now" in found.facts else None


def _sent(ticket: Ticket, message: Message) -> HistoryEntry | None:
    """The line of the history that tells of the Send."""
    if message.ticket_id != ticket.id or message.kind is not MessageKind.MESSAGE:
        return None
    entries = db.session.scalars(
        select(HistoryEntry).where(
            HistoryEntry.ticket_id == ticket.id,
            HistoryEntry.at == message.at,
            HistoryEntry.verb.in_(SENDS),
        )
    )
    return next((entry for entry in entries if entry.facts.get("message") == message.id), None)


def _was_answered_again(ticket: Ticket, message: Message) -> bool:
    """Whether an answer after it stands."""
    later = select(Message.id).where(
        Message.ticket_id == ticket.id,
        Message.is_response,
        Message.taken_back_at.is_(None),
        Message.id > message.id,
    )
    return db.session.scalar(later.limit(1)) is not None


def _was_answered(ticket: Ticket, message: Message) -> bool:
    later = select(Message.id).where(
        Message.ticket_id == ticket.id, Message.side == Side.REQUESTER, Message.id > message.id
    )
    return db.session.scalar(later.limit(1)) is not None
