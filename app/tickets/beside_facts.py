"""The statement of `app.tickets.beside`: the small facts of a ticket's page as rows of one union.

Each kind of fact has numbers, words and an instant, whatever it needs of them. What is the same
every time is spelled out: handing values over costs more than asking.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import String as Str

from app.database import BigInt as Int
from app.database import UtcDateTime
from app.files.models import Attachment
from app.people.models import Absence, Person
from app.statements import built_once, is_one_of, spelled
from app.tickets import delivery
from app.tickets.desk_models import Draft, Presence
from app.tickets.models import (
    AgreedDate,
    HistoryEntry,
    Message,
    Mute,
    Participant,
    Rating,
    Tag,
    Ticket,
    TicketLink,
    TicketTag,
    Watcher,
)
from app.tickets.words import DONE, OPEN, LinkKind, Status

TICKET, SPLIT_FROM, REQUESTER, READER = (
    bindparam(name, type_=Int) for name in ("ticket", "split_from", "requester", "reader")
)
STAFF = ("assignee", "lead", "owner")
PLACES = tuple(bindparam(name, type_=Str) for name in ("reply_place", "note_place"))
NOW, SINCE = (bindparam(name, type_=UtcDateTime) for name in ("now", "since"))
OTHERS, ENTRIES, MOST = 5, 48, 50
"""How many of the requester's other tickets are shown, how many entries of the history are read,
and how many there are at most of what people add one by one."""


@built_once
def for_who_sees_all() -> CompoundSelect[Any]:
    """The statement for a reader who sees every ticket: of most, so it is put together once."""
    return statement(select(Ticket))


def statement(visible: Select[Any]) -> CompoundSelect[Any]:
    """The statement for a reader who sees the tickets of ``visible``."""
    seen = visible.with_only_columns(
        Ticket.id,
        Ticket.subject,
        Ticket.status,
        Ticket.updated_at,
        Ticket.requester_id,
        Ticket.split_from_id,
    ).subquery("seen")
    family = _family()
    return union_all(
        _watchers(),
        _tags(),
        *_links(seen),
        *_split(seen),
        *_others(seen),
        _agreed(),
        _rated(),
        _presence(),
        _sources(family),
        *_in_copy(family),
        _letters(family),
        *_files(family),
        _drafts(),
        _entries(),
        _absences(),
    )


def _fact(
    what: str,
    *,
    id: Any = None,
    n: Any = None,
    at: Any = None,
    name: Any = None,
    more: Any = None,
    kind: Any = None,
    about: Any = None,
) -> Select[Any]:
    """A row of the union; what a kind of fact does not have is empty."""

    def column(value: Any, kind: Any) -> Any:
        return cast(null(), kind) if value is None else type_coerce(value, kind)

    return select(
        _word(what).label("what"),
        column(id, Int).label("id"),
        column(n, Int).label("n"),
        column(at, UtcDateTime).label("at"),
        column(name, Str).label("name"),
        column(more, Str).label("more"),
        column(kind, Str).label("kind"),
        column(about, Str).label("about"),
    )


def _word(said: str) -> ColumnElement[str]:
    return literal_column(f"'{said}'", Str)


def _at_most(number: int, facts: Select[Any]) -> Select[Any]:
    return select(facts.limit(spelled(number)).offset(spelled(0)).subquery())


def _family() -> CTE:
    """The ticket, what was merged into it, and into those."""
    family = select(TICKET.label("id")).cte("family", recursive=True)
    merged = select(Ticket.id).join(family, Ticket.merged_into_id == family.c.id)
    return family.union(merged)


def _is_of(family: CTE, ticket_id: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = ticket_id.in_(select(family.c.id))
    return found


def _watchers() -> Select[Any]:
    return _at_most(
        MOST,
        _fact("watcher", id=Person.id, name=Person.name, at=Watcher.since_at)
        .join_from(Watcher, Person, Person.id == Watcher.person_id)
        .where(Watcher.ticket_id == TICKET, Person.is_active),
    )


def _tags() -> Select[Any]:
    return (
        _fact("tag", name=Tag.name)
        .join_from(TicketTag, Tag, Tag.id == TicketTag.tag_id)
        .where(TicketTag.ticket_id == TICKET)
    )


def _links(seen: Subquery) -> list[Select[Any]]:
    """Links that the ticket makes, and those that are made to it (``beside.RELATIONS``)."""
    found = []
    for own, its, child, duplicate in (
        (TicketLink.ticket_id, TicketLink.other_id, 1, 3),
        (TicketLink.other_id, TicketLink.ticket_id, 2, 4),
    ):
        relation = case(
            (TicketLink.kind == spelled(LinkKind.CHILD), spelled(child)),
            (TicketLink.kind == spelled(LinkKind.DUPLICATE), spelled(duplicate)),
            else_=spelled(5),
        )
        fact = _fact("link", id=seen.c.id, n=relation, name=seen.c.subject, kind=seen.c.status)
        joined = fact.join_from(TicketLink, seen, seen.c.id == its).where(own == TICKET)
        found.append(_at_most(MOST, joined))
    return found


def _split(seen: Subquery) -> list[Select[Any]]:
    """What was split off the ticket, and what it was split off itself."""
    fact = _fact("split", id=seen.c.id, name=seen.c.subject, kind=seen.c.status).select_from(seen)
    return [
        _at_most(MOST, fact.where(seen.c.split_from_id == TICKET)),
        fact.where(seen.c.id == SPLIT_FROM),
    ]


def _others(seen: Subquery) -> list[Select[Any]]:
    """The requester's other tickets that changed last, open ones and ended ones; their number.

    Each kind is walked in the order of an index: of all together every one would be sorted.
    """
    theirs = and_(seen.c.requester_id == REQUESTER, seen.c.id != TICKET)
    shown = ~is_one_of(seen.c.status, (Status.SPAM, Status.MERGED))
    is_open, is_done = (is_one_of(seen.c.status, statuses) for statuses in (OPEN, DONE))
    counted = select(seen.c.id).where(theirs, shown).limit(spelled(100)).offset(spelled(0))
    return [
        _at_most(OTHERS, _newest(seen, 1).where(theirs, is_open)),
        _at_most(OTHERS, _newest(seen, 0).where(theirs, is_done)),
        _fact("other-count", n=func.count()).select_from(counted.subquery()),
    ]


def _newest(seen: Subquery, is_open: int) -> Select[Any]:
    fact = _fact(
        "other",
        id=seen.c.id,
        n=spelled(is_open),
        name=seen.c.subject,
        kind=seen.c.status,
        at=seen.c.updated_at,
    )
    return fact.select_from(seen).order_by(seen.c.updated_at.desc(), seen.c.id.desc())


def _agreed() -> Select[Any]:
    fact = _fact(
        "agreed", name=AgreedDate.accepted_by, more=AgreedDate.reason, at=AgreedDate.due_at
    )
    return fact.where(AgreedDate.ticket_id == TICKET)


def _rated() -> Select[Any]:
    return _fact("rated", n=Rating.score, more=Rating.comment).where(Rating.ticket_id == TICKET)


def _presence() -> Select[Any]:
    return (
        _fact("here", id=Person.id, name=Person.name, kind=Presence.writing)
        .join_from(Presence, Person, Person.id == Presence.person_id)
        .where(
            Presence.ticket_id == TICKET,
            Presence.person_id != READER,
            Presence.seen_at > SINCE,
            Person.is_active,
        )
    )


def _sources(family: CTE) -> Select[Any]:
    """The tickets that go on in this one, each with its requester."""
    return (
        _fact(
            "source",
            id=Ticket.id,
            n=Person.id,
            about=Ticket.subject,
            name=Person.name,
            more=Person.address,
        )
        .select_from(Ticket)
        .outerjoin(Person, Person.id == Ticket.requester_id)
        .where(_is_of(family, Ticket.id), Ticket.id != TICKET)
    )


def _in_copy(family: CTE) -> list[Select[Any]]:
    """Who is in copy, once for each ticket, and who wants no letters."""
    is_active = case((Person.is_active, spelled(1)), else_=spelled(0))
    copy = _fact(
        "copy",
        id=Person.id,
        n=is_active,
        name=Person.name,
        more=Person.address,
        at=Participant.since_at,
    )
    return [
        copy.join_from(Participant, Person, Person.id == Participant.person_id).where(
            _is_of(family, Participant.ticket_id)
        ),
        _fact("mute", id=Mute.person_id).where(_is_of(family, Mute.ticket_id)),
    ]


def _letters(family: CTE) -> Select[Any]:
    told = delivery.told(NOW)
    fact = _fact(
        "letter",
        id=told.letter_id,
        n=told.notice_id,
        at=told.at,
        name=told.name,
        more=told.address,
        kind=told.way,
        about=told.event_and_reason,
    )
    joined = delivery.joined(fact).where(_is_of(family, delivery.TICKET_ID))
    return _at_most(delivery.MOST, joined.order_by(told.notice_id.desc()))


def _files(family: CTE) -> list[Select[Any]]:
    """Files of messages, those of a copy with the first one's; and files that wait to go along."""
    picture = case((Attachment.has_preview, _word("picture")), else_=_word(""))
    origin = func.coalesce(Message.copied_from_id, Message.id)
    sent = _fact(
        "file",
        id=Attachment.id,
        n=Attachment.size,
        name=Attachment.name,
        kind=picture,
        about=cast(Message.id, Str),
    )
    waiting = _fact(
        "waiting",
        id=Attachment.id,
        n=Attachment.size,
        name=Attachment.name,
        kind=picture,
        about=Attachment.upload_key,
    )
    return [
        sent.join_from(Message, Attachment, Attachment.message_id == origin).where(
            _is_of(family, Message.ticket_id)
        ),
        waiting.where(Attachment.upload_key.in_(PLACES)),
    ]


def _drafts() -> Select[Any]:
    return _fact(
        "draft",
        id=Draft.seen_message_id,
        n=Draft.macro_id,
        at=Draft.saved_at,
        more=Draft.body,
        kind=Draft.kind,
    ).where(Draft.ticket_id == TICKET, Draft.person_id == READER)


def _entries() -> Select[Any]:
    """The newest entries of the history, with who did what they tell of."""
    fact = _fact(
        "entry",
        id=HistoryEntry.id,
        at=HistoryEntry.at,
        name=Person.name,
        more=cast(HistoryEntry.facts, Text),
        kind=HistoryEntry.verb,
    )
    return _at_most(
        ENTRIES,
        fact.select_from(HistoryEntry)
        .outerjoin(Person, Person.id == HistoryEntry.actor_id)
        .where(HistoryEntry.ticket_id == TICKET)
        .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc()),
    )


def _absences() -> Select[Any]:
    """Who of those that look after the ticket is or will be away, and from when on."""
    staff = [bindparam(name, type_=Int) for name in STAFF]
    return _fact("away", id=Absence.person_id, at=Absence.starts_at).where(
        Absence.person_id.in_(staff), Absence.ends_at > NOW
    )
