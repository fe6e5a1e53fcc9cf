"""What the requester has seen of the answers: a read mark that their own page sets.

It only ever keeps an answer from being undone or counted as refused; no clock depends on it, so
that a page without scripts leaves nothing wrong: no mark only means that we do not know.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from app.database import db
from app.tickets.models import Message, Ticket
from app.tickets.words import MessageKind, Side


def newest_unopened(ticket: Ticket) -> int | None:
    """The id of the newest answer that the requester has not opened; None when there is none."""
    return db.session.scalar(select(func.max(Message.id)).where(*_unopened(ticket)))


def mark(ticket: Ticket, *, upto: int, at: datetime) -> None:
    """The requester has the answers up to the message ``upto`` before them."""
    seen = update(Message).where(*_unopened(ticket), Message.id <= upto)
    db.session.execute(seen.values(opened_at=at))


def _unopened(ticket: Ticket) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.ticket_id == ticket.id,
        Message.side == Side.DESK,
        Message.kind != MessageKind.NOTE,
        Message.opened_at.is_(None),
        Message.taken_back_at.is_(None),
    )
