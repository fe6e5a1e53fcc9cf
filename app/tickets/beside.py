"""What stands beside and around a ticket's conversation, read in one statement.

A page of a ticket is opened all day long: its small facts come as rows of one union.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app.people.access import Sight
from app.statements import rows
from app.tickets import beside_facts, delivery
from app.tickets.delivery import Delivery, Way
from app.tickets.history import Entry
from app.tickets.linking import Relation
from app.tickets.models import Ticket
from app.tickets.presence import FRESH_S, Here
from app.tickets.queries import visible_to
from app.tickets.recipients import Mailbox, Recipients
from app.tickets.words import MessageKind, Status, Writing

RELATIONS = {
    1: Relation.PARENT,
    2: Relation.CHILD,
    3: Relation.DUPLICATE_OF,
    4: Relation.DUPLICATED_BY,
    5: Relation.RELATED,
}
"""What a link says, by the number that the statement answers; in the order shown."""


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
class Source:
    """A ticket that goes on in this one, and who asked for it."""

    id: int
    subject: str
    requester: Mailbox | None

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


class File(NamedTuple):
    """A file as a page lists it; ``size`` is in bytes."""

    id: int
    name: str
    size: int
    has_preview: bool


class Typed(NamedTuple):
    """What the reader has typed and not sent: `app.tickets.desk_models.Draft`."""

    body: str
    seen_message_id: int | None
    macro_id: int | None
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """All of it. ``others`` are the requester's, open ones first, ``other_count`` up to 100.

    ``here`` is who else has it open, ``sources`` what was merged into it; ``letters`` and
    ``files`` are those of messages, by the message's id, ``drafts`` what the reader typed and
    ``waiting`` the files that go along, by their place. ``entries`` are the newest of the
    history, newest first. ``present_until`` says of assignee, team's lead and service's owner
    until when they are surely not absent; None for as long as anybody knows.
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
    sources: Sequence[Source]
    recipients: Recipients[Mailbox]
    letters: Mapping[int, Sequence[Delivery]]
    files: Mapping[int, Sequence[File]]
    drafts: Mapping[MessageKind, Typed]
    waiting: Mapping[str, Sequence[File]]
    entries: Sequence[Entry]
    present_until: Mapping[int, datetime | None]


def of(
    ticket: Ticket, *, sight: Sight, at: datetime, upload_keys: tuple[str, str] = ("", "")
) -> Beside:
    """What stands beside ``ticket`` for a reader with ``sight``; other tickets only if visible.

    ``upload_keys`` name where files of the reader may wait, for an answer and for a note.
    """
    statement = (
        beside_facts.for_who_sees_all()
        if sight.sees_all
        else beside_facts.statement(visible_to(sight))
    )
    reply_place, note_place = upload_keys
    known = {
        "ticket": ticket.id,
        "split_from": ticket.split_from_id or 0,
        "requester": ticket.requester_id or 0,
        "reader": sight.person_id,
        "reply_place": reply_place,
        "note_place": note_place,
        "now": at,
        "since": at - timedelta(seconds=FRESH_S),
    }
    found: dict[str, list[Any]] = defaultdict(list)
    known |= dict(zip(beside_facts.STAFF, (id or 0 for id in _looking_after(ticket)), strict=True))
    for row in rows(statement, known):
        found[row.what].append(row)
    return _read(ticket, found)


def _looking_after(ticket: Ticket) -> tuple[int | None, int | None, int | None]:
    """The assignee, the team's lead and the service's owner."""
    lead_id = ticket.team.lead_id if ticket.team else None
    return ticket.assignee_id, lead_id, ticket.service.owner_id if ticket.service else None


def _read(ticket: Ticket, found: Mapping[str, list[Any]]) -> Beside:
    split = [_other(row) for row in found["split"]]
    others = sorted(found["other"], key=lambda row: (row.n, row.at, row.id), reverse=True)
    agreed, rated = found["agreed"], found["rated"]
    sources = [_source(row) for row in sorted(found["source"], key=lambda row: row.id)]
    return Beside(
        watchers=[Named(r.id, r.name) for r in sorted(found["watcher"], key=lambda r: r.at)],
        tags=sorted(row.name for row in found["tag"]),
        links=sorted(
            ((RELATIONS[row.n], _other(row)) for row in found["link"]),
            key=lambda one: (list(RELATIONS.values()).index(one[0]), one[1].id),
        ),
        split_from=next((one for one in split if one.id == ticket.split_from_id), None),
        split_off=[one for one in split if one.id != ticket.split_from_id],
        others=[_other(row) for row in others[: beside_facts.OTHERS]],
        other_count=found["other-count"][0].n if found["other-count"] else 0,
        agreed=Agreed(agreed[0].at, agreed[0].more, agreed[0].name) if agreed else None,
        rated=Rated(rated[0].n, rated[0].more) if rated else None,
        here=[
            Here(row.id, row.name, row.kind == Writing.ANSWERING.value)
            for row in sorted(found["here"], key=lambda row: (row.kind, row.name))
        ],
        sources=sources,
        recipients=_recipients(ticket, sources, found),
        letters=_letters(found["letter"]),
        files=_by(found["file"], int),
        drafts={
            MessageKind(row.kind): Typed(row.more, row.id, row.n, row.at) for row in found["draft"]
        },
        waiting=_by(found["waiting"], str),
        entries=[
            Entry(row.id, row.at, row.kind, row.name, json.loads(row.more))
            for row in sorted(found["entry"], key=lambda row: (row.at, row.id), reverse=True)
        ],
        present_until=_present_until(ticket, found["away"]),
    )


def _present_until(ticket: Ticket, absences: Sequence[Any]) -> Mapping[int, datetime | None]:
    found: dict[int, datetime | None] = {id: None for id in _looking_after(ticket) if id}
    for row in sorted(absences, key=lambda row: row.at, reverse=True):
        found[row.id] = row.at
    return found


def _other(row: Any) -> Other:
    return Other(row.id, row.name, Status(row.kind), row.at)


def _source(row: Any) -> Source:
    asked = Mailbox(row.n, row.name, row.more) if row.n is not None else None
    return Source(row.id, row.about, asked)


def _recipients(
    ticket: Ticket, sources: Sequence[Source], found: Mapping[str, list[Any]]
) -> Recipients[Mailbox]:
    """As `app.tickets.recipients.of`: people in copy by how long they are."""
    own = ticket.requester
    asked = [Mailbox(own.id, own.name, own.address)] if own is not None else []
    to = dict.fromkeys([*asked, *(each.requester for each in sources if each.requester)])
    since = sorted((row for row in found["copy"] if row.n), key=lambda row: (row.at, row.id))
    copies = dict.fromkeys(Mailbox(row.id, row.name, row.more) for row in since)
    return Recipients(
        to=tuple(to),
        copies=tuple(each for each in copies if each not in to),
        muted=frozenset(row.id for row in found["mute"]),
    )


def _letters(facts: Sequence[Any]) -> Mapping[int, Sequence[Delivery]]:
    told = []
    for row in sorted(facts, key=lambda row: row.n):
        event, _, reason = row.about.partition(" ")
        told.append((event, Delivery(row.name, row.more, Way(row.kind), row.at, reason, row.id)))
    return delivery.by_message(told)


def _by(facts: Sequence[Any], key: Any) -> Mapping[Any, Sequence[File]]:
    """Files by what they belong to, the oldest first."""
    found: dict[Any, list[File]] = defaultdict(list)
    for row in sorted(facts, key=lambda row: row.id):
        found[key(row.about)].append(File(row.id, row.name, row.n, row.kind == "picture"))
    return found
