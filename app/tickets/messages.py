"""Storing what was said: one message, and the snippet that lists show."""

from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.people.models import Person
from app.tickets.models import Message, Ticket
from app.tickets.words import Channel, MessageKind, Side

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
    once: str | None = None,
) -> Message:
    """Store a message of ``by``, None for the system; unless a note, it becomes the snippet."""
    message = Message(
        ticket_id=ticket.id,
        author_id=by.id if by else None,
        author_name=by.name if by else SYSTEM,
        side=side,
        kind=kind,
        channel=channel,
        body=body,
        at=at,
        is_response=is_response,
        once=once,
    )
    if kind is not MessageKind.NOTE:
        ticket.snippet = snippet_of(body)
    db.session.add(message)
    db.session.flush()
    return message


def last_snippet(ticket_id: int) -> str:
    """The first words of the last message that stands; notes are none."""
    body = db.session.scalar(
        select(Message.body)
        .where(
            Message.ticket_id == ticket_id,
            Message.kind != MessageKind.NOTE,
            Message.taken_back_at.is_(None),
        )
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )
    return snippet_of(body or "")


def snippet_of(body: str) -> str:
    """The first words of a message, one line, for lists."""
    return " ".join(body.split())[:160]
