"""What stands beside a ticket's conversation, read in one statement.

A page of a ticket is opened all day long: its small facts come as rows of one union, each kind of
fact with a name, a number, words and an instant.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import Integer as Int
from sqlalchemy import String as Str

from app.database import UtcDateTime, db
from app.files.models import Attachment
from app.people.access import Sight
from app.people.models import Person
from app.tickets.linking import Relation
from app.tickets.models import (
    AgreedDate,
    Draft,
    Message,
    Mute,
    Participant,
    Presence,
    Rating,
    Tag,
    Ticket,
    TicketLink,
    TicketTag,
    Watcher,
)
from app.tickets.presence import FRESH_S, Here
from app.tickets.queries import visible_to
from app.tickets.words import LinkKind, Status, Writing

TICKET, SPLIT_FROM, REQUESTER, READER = (
    bindparam(name, type_=Int) for name in ("ticket", "split_from", "requester", "reader")
)
SINCE = bindparam("since", type_=UtcDateTime)
PLACES = bindparam("places", type_=Str, expanding=True)
OTHERS = 5
"""How many of the requester's other tickets are shown."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person or a ticket: its id and its name or subject."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another ticket, as the side shows it."""

    id: int
    subject: str
    status: Status
    updated_at: datetime | None = None

    @property
    def ref(self) -> str:
        """How people name it."""
        return f"#{self.id}"


@dataclass(frozen=True, slots=True)
class Agreed:
    """The date that is agreed, why, and who accepted it."""

    due_at: datetime
    reason: str
    accepted_by: str


@dataclass(frozen=True, slots=True)
class Rated:
    """What the requester thought of it."""

    score: int
    comment: str


@dataclass(frozen=True, slots=True)
class Beside:
    """All of it. ``others`` are the requester's, open ones first, ``other_count`` up to 100.

    ``has_files`` says whether any message of it carries a file, ``is_merged_into`` whether others
    go on in it; ``here`` who else has it open. ``has_copies`` says whether anybody is in copy or
    muted it, ``has_draft`` whether the reader typed something on it, ``has_waiting`` whether files
    wait to go along: a page reads those only where there are any.
    """

    watchers: Sequence[Named]
    tags: Sequence[str]
    links: Sequence[tuple[Relation, Other]]
    split_from: Other | None
    split_off: Sequence[Other]
    others: Sequence[Other]
    other_count: int
    agreed: Agreed | None
    rated: Rated | None
    here: Sequence[Here]
    has_files: bool
    is_merged_into: bool
    has_copies: bool
    has_draft: bool
    has_waiting: bool


def of(ticket: Ticket, *, sight: Sight, at: datetime, upload_keys: Collection[str] = ()) -> Beside:
    """What stands beside ``ticket`` for a reader with ``sight``; other tickets only if visible.

    ``upload_keys`` name where files of the reader may wait.
    """
    sees_all = sight.is_agent and not sight.is_limited
    statement = _for_who_sees_all() if sees_all else _statement(visible_to(sight))
    known = {
        "ticket": ticket.id,
        "split_from": ticket.split_from_id or 0,
        "requester": ticket.requester_id or 0,
        "reader": sight.person_id,
        "since": at - timedelta(seconds=FRESH_S),
        "places": list(upload_keys),
    }
    found: dict[str, list[Any]] = defaultdict(list)
    for row in db.session.execute(statement, known):
        found[row.what].append(row)
    return _read(ticket, found)


@cache
def _for_who_sees_all() -> CompoundSelect[Any]:
    """The statement of most readers, put together once: that is most of its cost."""
    return _statement(select(Ticket))


def _statement(visible: Select[Any]) -> CompoundSelect[Any]:
    seen = visible.subquery("seen")
    facts = [
        _watchers(),
        _tags(),
        *_links(seen),
        _split(seen),
        _agreed(),
        _rated(),
        _presence(),
        _files(),
        *_whether_there_are(),
        *_others(seen),
    ]
    return union_all(*(select(each.subquery()) for each in facts))


def _read(ticket: Ticket, found: dict[str, list[Any]]) -> Beside:
    split = [_other(row) for row in found["split"]]
    others = sorted(found["other"], key=lambda row: (row.n, row.at, row.id), reverse=True)
    agreed, rated = found["agreed"], found["rated"]
    return Beside(
        watchers=[Named(r.id, r.name) for r in sorted(found["watcher"], key=lambda r: r.at)],
        tags=sorted(row.name for row in found["tag"]),
        links=sorted(
            ((_RELATIONS[row.n], _other(row)) for row in found["link"]),
            key=lambda one: (list(_RELATIONS.values()).index(one[0]), one[1].id),
        ),
        split_from=next((one for one in split if one.id == ticket.split_from_id), None),
        split_off=[one for one in split if one.id != ticket.split_from_id],
        others=[_other(row) for row in others],
        other_count=found["other-count"][0].n if found["other-count"] else 0,
        agreed=Agreed(agreed[0].at, agreed[0].more, agreed[0].name) if agreed else None,
        rated=Rated(rated[0].n, rated[0].more) if rated else None,
        here=[
            Here(row.id, row.name, row.more == Writing.ANSWERING.value)
            for row in sorted(found["here"], key=lambda row: (row.more, row.name))
        ],
        has_files=bool(found["file"]),
        is_merged_into=bool(found["source"]),
        has_copies=bool(found["copy"] or found["mute"]),
        has_draft=bool(found["draft"]),
        has_waiting=bool(found["waiting"]),
    )


def _other(row: Any) -> Other:
    return Other(row.id, row.name, Status(row.more), row.at)


def _fact(
    what: str,
    *,
    id: Any = None,
    n: Any = None,
    name: Any = None,
    more: Any = None,
    at: Any = None,
) -> Select[Any]:
    """A row of the union; what a kind of fact does not have is empty."""

    def column(value: Any, kind: Any) -> Any:
        return cast(null(), kind) if value is None else type_coerce(value, kind)

    return select(
        literal_column(f"'{what}'", Str).label("what"),
        column(id, Int).label("id"),
        column(n, Int).label("n"),
        column(name, Str).label("name"),
        column(more, Str).label("more"),
        column(at, UtcDateTime).label("at"),
    )


def _watchers() -> Select[Any]:
    return (
        _fact("watcher", id=Person.id, name=Person.name, at=Watcher.since_at)
        .join_from(Watcher, Person, Person.id == Watcher.person_id)
        .where(Watcher.ticket_id == TICKET, Person.is_active)
        .limit(50)
    )


def _tags() -> Select[Any]:
    return (
        _fact("tag", name=Tag.name)
        .join_from(TicketTag, Tag, Tag.id == TicketTag.tag_id)
        .where(TicketTag.ticket_id == TICKET)
    )


_RELATIONS = {
    1: Relation.PARENT,
    2: Relation.CHILD,
    3: Relation.DUPLICATE_OF,
    4: Relation.DUPLICATED_BY,
    5: Relation.RELATED,
}
"""What a link says, by the number that the statement answers; in the order shown."""


def _links(seen: Subquery) -> list[Select[Any]]:
    """Links that the ticket makes, and those that are made to it."""
    found = []
    for own, its, child, duplicate in (
        (TicketLink.ticket_id, TicketLink.other_id, 1, 3),
        (TicketLink.other_id, TicketLink.ticket_id, 2, 4),
    ):
        relation = case(
            (TicketLink.kind == LinkKind.CHILD, child),
            (TicketLink.kind == LinkKind.DUPLICATE, duplicate),
            else_=5,
        )
        fact = _fact("link", id=seen.c.id, n=relation, name=seen.c.subject, more=seen.c.status)
        found.append(
            fact.join_from(TicketLink, seen, seen.c.id == its).where(own == TICKET).limit(50)
        )
    return found


def _split(seen: Subquery) -> Select[Any]:
    fact = _fact("split", id=seen.c.id, name=seen.c.subject, more=seen.c.status)
    own = or_(seen.c.split_from_id == TICKET, seen.c.id == SPLIT_FROM)
    return fact.select_from(seen).where(own).limit(50)


def _agreed() -> Select[Any]:
    fact = _fact(
        "agreed", name=AgreedDate.accepted_by, more=AgreedDate.reason, at=AgreedDate.due_at
    )
    return fact.where(AgreedDate.ticket_id == TICKET)


def _rated() -> Select[Any]:
    return _fact("rated", n=Rating.score, more=Rating.comment).where(Rating.ticket_id == TICKET)


def _presence() -> Select[Any]:
    return (
        _fact("here", id=Person.id, name=Person.name, more=Presence.writing)
        .join_from(Presence, Person, Person.id == Presence.person_id)
        .where(
            Presence.ticket_id == TICKET,
            Presence.person_id != READER,
            Presence.seen_at > SINCE,
            Person.is_active,
        )
    )


def _files() -> Select[Any]:
    """One row where a message of the ticket carries a file, or is a copy of one that does."""
    carried = and_(
        Message.ticket_id == TICKET,
        or_(
            Attachment.message_id == Message.id,
            Attachment.message_id == Message.copied_from_id,
        ),
    )
    return _fact("file", id=Attachment.id).join_from(Message, Attachment, carried).limit(1)


def _whether_there_are() -> list[Select[Any]]:
    """One row for each of what is read by itself where there is any."""
    typed = and_(Draft.ticket_id == TICKET, Draft.person_id == READER)
    return [
        _fact("source", id=Ticket.id).where(Ticket.merged_into_id == TICKET).limit(1),
        _fact("copy", id=Participant.person_id).where(Participant.ticket_id == TICKET).limit(1),
        _fact("mute", id=Mute.person_id).where(Mute.ticket_id == TICKET).limit(1),
        _fact("draft", id=Draft.ticket_id).where(typed).limit(1),
        _fact("waiting", id=Attachment.id).where(Attachment.upload_key.in_(PLACES)).limit(1),
    ]


def _others(seen: Subquery) -> list[Select[Any]]:
    """The requester's other tickets, open ones first, the newest change first; and their number."""
    theirs = and_(
        seen.c.requester_id == REQUESTER,
        seen.c.id != TICKET,
        seen.c.status.not_in((Status.SPAM, Status.MERGED)),
    )
    is_open = case((seen.c.status.in_([s for s in Status if s.is_open]), 1), else_=0)
    newest = (
        _fact(
            "other",
            id=seen.c.id,
            n=is_open,
            name=seen.c.subject,
            more=seen.c.status,
            at=seen.c.updated_at,
        )
        .select_from(seen)
        .where(theirs)
        .order_by(is_open.desc(), seen.c.updated_at.desc(), seen.c.id.desc())
        .limit(OTHERS)
    )
    counted = select(seen.c.id).where(theirs).limit(100).subquery()
    count = _fact("other-count", n=func.count()).select_from(counted)
    return [newest, count]
