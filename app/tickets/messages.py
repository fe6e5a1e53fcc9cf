"""Storing what was said: one message, and the snippet that lists show."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.files import attaching
from app.files.models import Attachment
from app.people.models import Person
from app.statements import write_row
from app.tickets import markdown
from app.tickets.models import Message, Ticket
from app.tickets.search import indexing
from app.tickets.words import CallOutcome, Channel, MessageKind, Side

SYSTEM = "Pledge"
"""Who has written what nobody has."""


def add(
    ticket: Ticket,
    *,
    by: Person | None,
    side: Side,
    body: str,
    channel: Channel,
    at: datetime,
    kind: MessageKind = MessageKind.MESSAGE,
    is_response: bool = False,
    is_workaround: bool = False,
    is_markdown: bool = False,
    once: str | None = None,
    outcome: CallOutcome | None = None,
    happened_at: datetime | None = None,
    files: Sequence[Attachment] = (),
    is_first: bool = False,
) -> Message:
    """Store a message of ``by``, None for the system; unless a note, it becomes the snippet.

    ``files`` waited for it and go with it now; `Refusal` when one of them is gone. ``is_first``
    says that nothing of the ticket can be found yet, and that it has these words as its snippet.
    """
    message = Message(
        ticket_id=ticket.id,
        author_id=by.id if by else None,
        author_name=by.name if by else SYSTEM,
        side=side,
        kind=kind,
        channel=channel,
        body=body,
        is_markdown=is_markdown,
        at=at,
        is_response=is_response,
        is_workaround=is_workaround,
        once=once,
        outcome=outcome,
        happened_at=happened_at,
    )
    if kind is not MessageKind.NOTE and not is_first:
        ticket.snippet = snippet_of(message)
    write_row(message)
    attaching.bind(files, ticket_id=ticket.id, message_id=message.id)
    if is_first:
        indexing.began(ticket, message)
    else:
        indexing.said(message)
    return message


def last_snippet(ticket_id: int) -> str:
    """The first words of the last message that stands; notes are none."""
    message = db.session.scalar(
        select(Message)
        .where(
            Message.ticket_id == ticket_id,
            Message.kind != MessageKind.NOTE,
            Message.taken_back_at.is_(None),
        )
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )
    return snippet_of(message) if message is not None else ""


def snippet_of(message: Message) -> str:
    """The first words of a message, one line, for lists."""
    return first_words(markdown.plain(message.body) if message.is_markdown else message.body)


def first_words(words: str) -> str:
    """The beginning of ``words`` in one line."""
    return " ".join(words.split())[:160]
