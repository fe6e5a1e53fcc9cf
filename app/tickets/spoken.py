"""A conversation as the desk's page reads it: rows of columns, for there may be hundreds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from app.statements import built_once, is_numbered, rows
from app.tickets.models import Message
from app.tickets.words import CallOutcome, Channel, MessageKind, Side


class Spoken(NamedTuple):
    """A message; fields are columns of `Message`."""

    id: int
    ticket_id: int
    author_id: int | None
    author_name: str
    side: Side
    kind: MessageKind
    channel: Channel
    body: str
    is_markdown: bool
    copied_from_id: int | None
    at: datetime
    is_response: bool
    is_workaround: bool
    outcome: CallOutcome | None
    happened_at: datetime | None
    opened_at: datetime | None
    taken_back_at: datetime | None
    taken_back_because: str | None

    @property
    def is_note(self) -> bool:
        """Whether only staff may read it."""
        return self.kind is MessageKind.NOTE


def on(ticket_ids: Iterable[int]) -> list[Spoken]:
    """What was said on these tickets, notes and all, the oldest first."""
    return [Spoken._make(row) for row in rows(_said(), {"tickets": list(ticket_ids)})]


@built_once
def _said() -> Select[*tuple[Any, ...]]:
    columns = [getattr(Message, name) for name in Spoken._fields]
    query = select(*columns).where(is_numbered(Message.ticket_id, "tickets"))
    return query.order_by(Message.at, Message.id)
