"""Tags: words that agents put on tickets, for themselves. No clock moves, no requester sees them.

A tag is lower case, one word: what is written with spaces is joined by hyphens.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.database import db, is_postgresql
from app.errors import Refusal
from app.languages import gettext as _
from app.people.access import Sight
from app.people.models import Person
from app.tickets import queries
from app.tickets.history import note_down
from app.tickets.models import Tag, Ticket, TicketTag

LONGEST, MOST = 40, 20
"""Characters of a tag, and tags of a ticket."""
_WORD = re.compile(r"[^\W_][\w.+-]*")


def named(typed: str) -> str:
    """The tag that somebody typed, as it is kept; raises `Refusal` for what is none."""
    name = "-".join(typed.strip().removeprefix("#").lower().split())
    if not name:
        raise Refusal(_("Write the tag."), field="tag")
    if len(name) > LONGEST:
        raise Refusal(_("A tag has %(most)s characters at most.", most=LONGEST), field="tag")
    if not _WORD.fullmatch(name):
        raise Refusal(
            _("“%(tag)s” is no tag: use letters, digits, hyphens and dots.", tag=name), field="tag"
        )
    return name


def tag(ticket: Ticket, typed: str, *, by: Person, at: datetime) -> str:
    """Put a tag on the ticket and answer its name; one that it has already changes nothing.

    The caller holds the ticket's lock. Raises `Refusal` for what is no tag, and beyond `MOST`.
    """
    name = named(typed)
    has = tags_of([ticket.id]).get(ticket.id, ())
    if name in has:
        return name
    if len(has) >= MOST:
        raise Refusal(_("%(ref)s has %(most)s tags already.", ref=ticket.ref, most=MOST))
    db.session.add(TicketTag(ticket_id=ticket.id, tag_id=_id_of(name)))
    db.session.flush()
    note_down(ticket, "tagged", by=by, at=max(at, ticket.last_event_at), tag=name)
    return name


def untag(ticket: Ticket, typed: str, *, by: Person, at: datetime) -> str:
    """Take a tag off the ticket and answer its name; raises `Refusal` where it has no such tag."""
    name = named(typed)
    gone = delete(TicketTag).where(
        TicketTag.ticket_id == ticket.id,
        TicketTag.tag_id.in_(select(Tag.id).where(Tag.name == name)),
    )
    if not db.session.scalars(gone.returning(TicketTag.tag_id)).all():
        raise Refusal(_("%(ref)s has no tag “%(tag)s”.", ref=ticket.ref, tag=name), field="tag")
    note_down(ticket, "untagged", by=by, at=max(at, ticket.last_event_at), tag=name)
    return name


def tags_of(ticket_ids: Iterable[int]) -> Mapping[int, Sequence[str]]:
    """The tags of each ticket, by name; one statement for all."""
    found: dict[int, list[str]] = {}
    query = (
        select(TicketTag.ticket_id, Tag.name)
        .join(Tag, Tag.id == TicketTag.tag_id)
        .where(TicketTag.ticket_id.in_(list(ticket_ids)))
        .order_by(Tag.name)
    )
    for ticket_id, name in db.session.execute(query):
        found.setdefault(ticket_id, []).append(name)
    return found


def known(sight: Sight, *, limit: int = 50) -> Sequence[str]:
    """Tags of tickets that ``sight`` may see, the most used there first."""
    uses = func.count(TicketTag.ticket_id)
    query = select(Tag.name).join(TicketTag, TicketTag.tag_id == Tag.id)
    if not sight.sees_all:
        seen = queries.visible_to(sight).with_only_columns(Ticket.id)
        query = query.where(TicketTag.ticket_id.in_(seen))
    query = query.group_by(Tag.name).order_by(uses.desc(), Tag.name)
    return db.session.scalars(query.limit(limit)).all()


def is_on_ticket_of(sight: Sight) -> ColumnElement[bool]:
    """Whether a tag stands on a ticket that ``sight`` may see."""
    seen = queries.visible_to(sight).join(TicketTag, TicketTag.ticket_id == Ticket.id)
    return seen.where(TicketTag.tag_id == Tag.id).with_only_columns(Ticket.id).exists()


def _id_of(name: str) -> int:
    """The tag's row; two who invent it at once get the same."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(
        insert(Tag).values(name=name).on_conflict_do_nothing(index_elements=["name"])
    )
    return db.session.scalars(select(Tag.id).where(Tag.name == name)).one()
