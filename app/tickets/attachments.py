"""The files of a conversation: whoever may read a message may read its files, nobody else.

Source: security.md, "object, child-object": parent and child are checked together.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from app.database import db
from app.files.models import Attachment
from app.tickets.models import Message, Ticket
from app.tickets.queries import is_public, sources_of

MOST_SENT_ALONG = 10 * 1024 * 1024
"""How many bytes a letter carries; beyond that it only names its files. Mail servers refuse more
than about 20 MB, and mail makes a third more of each."""


def of_messages(messages: Iterable[Message]) -> dict[int, list[Attachment]]:
    """The files of each message by its id; a copy of a message has those of the first one."""
    origin = {message.id: message.copied_from_id or message.id for message in messages}
    by_message: dict[int, list[Attachment]] = defaultdict(list)
    if origin:
        query = select(Attachment).where(Attachment.message_id.in_(set(origin.values())))
        for file in db.session.scalars(query.order_by(Attachment.id)):
            by_message[file.message_id or 0].append(file)
    return {id_: by_message[first] for id_, first in origin.items() if first in by_message}


def find_on(ticket: Ticket, id: int, *, with_notes: bool) -> Attachment | None:
    """The file with this id, if a message of the ticket's conversation carries it.

    Files of notes and of what was undone are for staff only, as those messages are.
    """
    ids = [ticket.id, *(source.id for source in sources_of(ticket.id))]
    return db.session.scalar(
        select(Attachment)
        .join(Message, _carries())
        .where(Attachment.id == id, Message.ticket_id.in_(ids), _readable(with_notes))
        .limit(1)
    )


def carrying(*, with_notes: bool) -> ColumnElement[bool]:
    """Whether a ticket of the query around it has a file, as far as its reader may know."""
    readable = select(Message.ticket_id).where(_readable(with_notes))
    own = readable.join(Attachment, Attachment.message_id == Message.id)
    copied = readable.where(Message.copied_from_id > 0).join(  # an index is used for this
        Attachment, Attachment.message_id == Message.copied_from_id
    )
    return Ticket.id.in_(own.union_all(copied))


def told(message: Message) -> list[dict[str, Any]]:
    """What a letter says of a message's files; those are sent along that fit together."""
    files = of_messages([message]).get(message.id, [])
    is_along = sum(file.size for file in files) <= MOST_SENT_ALONG
    return [
        {
            "id": file.id,
            "name": file.name,
            "size": file.size,
            "key": file.storage_key,
            "kind": file.content_type,
            "is_along": is_along,
        }
        for file in files
    ]


def _carries() -> ColumnElement[bool]:
    return or_(Attachment.message_id == Message.id, Attachment.message_id == Message.copied_from_id)


def _readable(with_notes: bool) -> ColumnElement[bool]:
    return true() if with_notes else is_public()
