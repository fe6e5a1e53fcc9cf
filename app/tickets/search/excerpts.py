"""Where in the conversations of found tickets the words stand that were looked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select

from app.fulltext.words import Sought
from app.statements import built_once, is_numbered, rows, spelled
from app.tickets import markdown, queries
from app.tickets.models import Message
from app.tickets.search import highlighting
from app.tickets.search.highlighting import LONGEST, Part
from app.tickets.words import MessageKind

LOOKED_AT = 20
"""Messages of a ticket that are read for an excerpt: the newest."""


@dataclass(frozen=True)
class Excerpt:
    """A line of a message with what was looked for."""

    parts: Sequence[Part]
    author: str
    is_note: bool


def of(ticket_ids: Iterable[int], sought: Sought, *, with_notes: bool) -> dict[int, Excerpt]:
    """The newest message of each ticket that holds something sought, where one does.

    One statement for all of them, none where no words were sought.
    """
    ids = list(ticket_ids)
    if not sought.phrases or not ids:
        return {}
    found: dict[int, Excerpt] = {}
    for row in rows(_ranked(with_notes=with_notes), {"tickets": ids}).all():
        if row.ticket_id not in found:
            body = _plain(row.body) if row.is_markdown else row.body
            parts = highlighting.excerpt(body, sought)
            if parts:
                is_note = row.kind is MessageKind.NOTE
                found[row.ticket_id] = Excerpt(parts, row.author_name, is_note)
    return found


_plain = lru_cache(maxsize=256)(markdown.plain)
"""Of bodies of `LONGEST` at most."""


@built_once
def _ranked(*, with_notes: bool) -> Select[*tuple[Any, ...]]:
    place = func.row_number().over(
        partition_by=Message.ticket_id, order_by=(Message.at.desc(), Message.id.desc())
    )
    query = select(
        Message.ticket_id,
        func.substr(Message.body, spelled(1), spelled(LONGEST)).label("body"),
        Message.is_markdown,
        Message.author_name,
        Message.kind,
        place.label("place"),
    ).where(is_numbered(Message.ticket_id, "tickets"))
    if not with_notes:
        query = query.where(queries.is_public())
    ranked = query.subquery()
    return select(ranked).where(ranked.c.place <= spelled(LOOKED_AT)).order_by(ranked.c.place)
