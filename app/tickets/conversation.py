"""What is said on a ticket: replies, notes, the requester's messages.

A reply is a qualifying response: met at the instant of Send (clocks.md).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from app.clocks import running
from app.database import db
from app.errors import Refusal
from app.files.models import Attachment
from app.languages import gettext as _
from app.languages import number
from app.people.models import Person
from app.tickets import addressing, following, letters, lifecycle, messages, waiting
from app.tickets.history import record, record_not_told
from app.tickets.models import Message, Ticket
from app.tickets.queries import terms_of
from app.tickets.remembering import held_until, remembered, undoable
from app.tickets.words import DONE, Channel, MessageKind, Side, Status

MAX_BODY = 100_000
LATELY = timedelta(hours=1)


class Then(StrEnum):
    """What a reply does besides answering."""

    NOTHING = "send"
    WAIT = "wait"
    RESOLVE = "resolve"


def was_sent(once: str | None) -> bool:
    """Whether the form with this one-time id has sent its message already."""
    if not once:
        return False
    return db.session.scalar(select(Message.id).where(Message.once == once)) is not None


def refuse_again(
    ticket: Ticket, *, by: Person, body: str, at: datetime, kind: MessageKind = MessageKind.MESSAGE
) -> None:
    """Raise `Refusal` where ``by`` said the very same lately and nobody anything since.

    So do the browser's way back and a form that is filled in anew. The caller holds the lock.
    """
    newest = select(Message).where(Message.ticket_id == ticket.id, Message.taken_back_at.is_(None))
    last = db.session.scalar(newest.order_by(Message.id.desc()).limit(1))
    if last is None or (last.author_id, last.kind) != (by.id, kind) or at - last.at > LATELY:
        return
    if last.side is Side.DESK and last.body.split() == body.split():
        raise Refusal(
            _("You have said this already: it is the last message here. Write what is new."),
            field="body",
        )


def reply(
    ticket: Ticket,
    *,
    by: Person,
    body: str,
    at: datetime,
    then: Then = Then.NOTHING,
    once: str | None = None,
    undo_s: int = 0,
    files: Sequence[Attachment] = (),
    workaround: bool = False,
) -> Message:
    """Answer the requester; with ``then`` also wait for them, or resolve with this text.

    With ``workaround`` it says how to go on until the solution; a solution is none. It can be
    undone for ``undo_s`` seconds, and the letter waits so long. Raises `Refusal` for an empty
    answer, for a ticket that is not open, and for answering one's own request.
    """
    _refuse_empty(body, _("Write an answer first."))
    if ticket.requester_id == by.id:
        raise Refusal(_("This is your own request: answer it in the portal, or ask a colleague."))
    if then is Then.RESOLVE:
        return lifecycle.resolve(
            ticket, by=by, solution=body, at=at, once=once, undo_s=undo_s, files=files
        )
    if not ticket.is_open:
        raise Refusal(
            _("%(ref)s is %(stands)s. Reopen it to answer.", ref=ticket.ref, stands=ticket.stands)
        )
    at = max(at, ticket.last_event_at)
    terms, was = terms_of(ticket), remembered(ticket)
    message = messages.add(
        ticket,
        by=by,
        side=Side.DESK,
        body=body,
        channel=Channel.DESK,
        at=at,
        is_response=True,
        is_workaround=workaround,
        is_markdown=True,
        once=once,
        files=files,
    )
    status = Status.WAITING_REQUESTER if then is Then.WAIT else Status.OPEN
    was_waiting = ticket.status not in {Status.NEW, Status.OPEN}
    outcome = running.responded(
        ticket.id,
        terms=terms,
        at=at,
        actor_id=by.id,
        cause=f"message:{message.id}",
        workaround=workaround,
    )
    record_not_told(ticket, outcome.not_told, "an answer", at=at)
    if then is Then.WAIT or was_waiting:
        outcome = running.status_changed(
            ticket.id,
            terms=terms,
            status=status.value,
            at=at,
            actor_id=by.id,
            cause=f"message:{message.id}",
        )
        record_not_told(ticket, outcome.not_told, "waiting", at=at)
    ticket.status = status
    ticket.hold_until = None
    if then is Then.WAIT:
        waiting.begin(ticket, terms, at=at)
    else:
        waiting.end(ticket)
    said = "Given a workaround" if workaround else "Answered"
    ticket.why = "Waiting for the requester" if then is Then.WAIT else said
    ticket.agent_unread = False
    record(
        ticket,
        "replied",
        by=by,
        at=at,
        then=then.value,
        message=message.id,
        **({"workaround": True} if workaround else {}),
        **undoable(was, at=at, undo_s=undo_s),
    )
    addressing.tell(
        ticket,
        "ticket-replied",
        event=f"message:{message.id}",
        at=at,
        facts=letters.replied(ticket, message, waits=then is Then.WAIT, signature=by.signature),
        asks=then is Then.WAIT,
        held_until=held_until(at, undo_s),
    )
    return message


def note(
    ticket: Ticket,
    *,
    by: Person,
    body: str,
    at: datetime,
    once: str | None = None,
    files: Sequence[Attachment] = (),
) -> Message:
    """Write an internal note; no clock moves and the requester never sees it."""
    _refuse_empty(body, _("Write a note first."))
    at = max(at, ticket.last_event_at)
    message = messages.add(
        ticket,
        by=by,
        side=Side.DESK,
        kind=MessageKind.NOTE,
        body=body,
        channel=Channel.DESK,
        at=at,
        is_markdown=True,
        once=once,
        files=files,
    )
    record(ticket, "noted", by=by, at=at, message=message.id)
    return message


def said_since(ticket: Ticket, seen: int | None, *, besides: Person) -> Sequence[Message]:
    """What others have said or noted since the message ``seen``, oldest first.

    Whoever sends an answer reads this first: two answers that do not know of each other are
    worse than a late one. Nothing where it is not known what they saw. The caller holds the
    ticket's lock, so nobody says anything between this and the answer.
    """
    if seen is None:
        return ()
    query = select(Message).where(
        Message.ticket_id == ticket.id,
        Message.id > seen,
        func.coalesce(Message.author_id, 0) != besides.id,
        Message.taken_back_at.is_(None),
    )
    return db.session.scalars(query.order_by(Message.at, Message.id)).all()


def requester_message(
    ticket: Ticket,
    *,
    by: Person,
    body: str,
    channel: Channel,
    at: datetime,
    once: str | None = None,
    files: Sequence[Attachment] = (),
) -> Message:
    """Take in a message of the requester's side.

    It ends waiting for the requester; on a resolved or closed ticket inside its window it opens
    the ticket again (clocks.md, "Reopen"). Raises `Refusal` for an empty message, and for a
    ticket that can no longer be reopened.
    """
    _refuse_empty(body, _("Write your answer first."))
    at = max(at, ticket.last_event_at)
    if ticket.status in DONE:
        lifecycle.reopen(ticket, by=by, reason="The requester answered", at=at)
    elif not ticket.is_open:
        raise Refusal(
            _("%(ref)s is %(stands)s and takes no messages.", ref=ticket.ref, stands=ticket.stands)
        )
    message = messages.add(
        ticket,
        by=by,
        side=Side.REQUESTER,
        body=body,
        channel=channel,
        at=at,
        once=once,
        files=files,
    )
    running.requester_wrote(
        ticket.id, terms=terms_of(ticket), at=at, actor_id=by.id, cause=f"message:{message.id}"
    )
    if ticket.status is Status.WAITING_REQUESTER:
        ticket.status = Status.OPEN
    waiting.end(ticket)
    ticket.why = "Requester answered"
    ticket.agent_unread = True
    record(ticket, "requester-answered", by=by, at=at, message=message.id)
    addressing.tell(
        ticket,
        "requester-wrote",
        event=f"message:{message.id}",
        at=at,
        facts=letters.requester_wrote(ticket, message),
        besides=by,
    )
    following.tell_of_words(ticket, message, by=by, at=at)
    return message


def _refuse_empty(body: str, sentence: str) -> None:
    if not body.strip():
        raise Refusal(sentence, field="body")
    if len(body) > MAX_BODY:
        raise Refusal(
            _(
                "This is longer than %(most)s characters. Attach it as a file or shorten it.",
                most=number(MAX_BODY),
            ),
            field="body",
        )
