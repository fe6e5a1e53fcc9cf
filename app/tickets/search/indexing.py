"""What can be found of a ticket: its subject and its messages; of notes by staff only.

Each verb that adds or changes words calls this in its own transaction, with the ticket locked:
`messages.add` for what is said, `renew` where rows were written or changed another way.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import func, select

from app.database import db
from app.fulltext import documents
from app.fulltext.documents import FULL, Document
from app.tickets.models import Message, Ticket
from app.tickets.words import UNDONE, MessageKind

BATCH = 200


def began(ticket: Ticket, message: Message) -> None:
    """Let a ticket be found that was opened with ``message`` and is not in the index yet."""
    texts = [(message.kind is MessageKind.NOTE, message.body)]
    documents.begin([document(ticket.id, ticket.subject, texts)])


def said(message: Message) -> None:
    """Add what was just said on its ticket."""
    internal = message.kind is MessageKind.NOTE
    if not documents.add(message.ticket_id, message.body, internal=internal):
        renew([message.ticket_id])


def renew(ticket_ids: Iterable[int]) -> None:
    """Write the words of these tickets anew, from their rows."""
    db.session.flush()
    ids = sorted(set(ticket_ids))
    for first in range(0, len(ids), BATCH):
        documents.put(_documents(ids[first : first + BATCH]))


def renew_after(ticket_id: int) -> Sequence[int]:
    """Write the words of the next `BATCH` tickets after ``ticket_id`` anew; answers which.

    They are locked as by any verb. Nothing is left when nothing is answered.
    """
    query = select(Ticket.id).where(Ticket.id > ticket_id).order_by(Ticket.id).limit(BATCH)
    ids = db.session.scalars(query.with_for_update(key_share=True)).all()
    renew(ids)
    return ids


def count() -> int:
    """How many tickets there are to write."""
    return db.session.scalar(select(func.count()).select_from(Ticket)) or 0


def _documents(ids: Sequence[int]) -> Iterator[Document]:
    subjects = dict(
        db.session.execute(select(Ticket.id, Ticket.subject).where(Ticket.id.in_(ids))).all()
    )
    query = (
        select(Message.ticket_id, Message.kind, Message.body, Message.taken_back_because)
        .where(Message.ticket_id.in_(ids))
        .order_by(Message.ticket_id, Message.at, Message.id)
    )
    texts: dict[int, list[tuple[bool, str]]] = defaultdict(list)
    for ticket_id, kind, body, taken_back_because in db.session.execute(query):
        internal = kind is MessageKind.NOTE or taken_back_because == UNDONE
        texts[ticket_id].append((internal, body))
    for ticket_id, subject in subjects.items():
        yield document(ticket_id, subject, texts[ticket_id])


def document(ticket_id: int, subject: str, texts: Sequence[tuple[bool, str]]) -> Document:
    """The document of a ticket from its messages, oldest first, each ``(is internal, body)``.

    Of a conversation too long for one document the first message and the newest are kept, as
    many as fill half of it: the other half is left for what comes.
    """
    kept = texts if sum(len(body) + 3 for _, body in texts) <= FULL else _ends(texts)
    return Document(
        ticket_id,
        public=(subject, *(body for internal, body in kept if not internal)),
        internal=tuple(body for internal, body in kept if internal),
    )


def _ends(texts: Sequence[tuple[bool, str]]) -> list[tuple[bool, str]]:
    most = FULL // 4
    first = (texts[0][0], texts[0][1][:most])
    newest: list[tuple[bool, str]] = []
    left = FULL // 2 - len(first[1])
    for internal, body in reversed(texts[1:]):
        left -= len(body[:most])
        if left < 0:
            break
        newest.append((internal, body[:most]))
    return [first, *reversed(newest)]
