"""Who has a ticket open right now, and whether they write: so that nobody treads on toes.

A page that is open says so every `BEAT_S` seconds; who has not been heard of for `FRESH_S` is
gone. It is no event of the ticket and takes no lock of it; nothing rests on it but a hint.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.database import db, is_postgresql
from app.people.models import Person
from app.statements import built_once, is_numbered, rows
from app.tickets.desk_models import Presence
from app.tickets.words import Writing

BEAT_S = 15
FRESH_S = 40


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who has the ticket open, and whether they are writing an answer."""

    person_id: int
    name: str
    is_answering: bool


def seen(ticket_id: int, *, who: Person, writing: Writing, at: datetime) -> None:
    """``who`` has the ticket open at ``at``; any number of their windows may say so at once."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    said = {"writing": writing, "seen_at": at}
    db.session.execute(
        insert(Presence)
        .values(ticket_id=ticket_id, person_id=who.id, **said)
        .on_conflict_do_update(index_elements=["ticket_id", "person_id"], set_=said)
    )


def left(ticket_id: int, *, who: Person) -> None:
    """``who`` has closed the ticket; nothing happens where they had not opened it."""
    db.session.execute(
        delete(Presence).where(Presence.ticket_id == ticket_id, Presence.person_id == who.id)
    )


def here(ticket_ids: Iterable[int], *, besides: int, at: datetime) -> Mapping[int, Sequence[Here]]:
    """Who else has each ticket open at ``at``, those who write first; one statement for all.

    ``besides`` is the id of the person who asks.
    """
    found: dict[int, list[Here]] = {}
    since = at - timedelta(seconds=FRESH_S)
    known = {"tickets": list(ticket_ids), "besides": besides, "since": since}
    for ticket_id, writing, person_id, name in rows(_here(), known):
        one = Here(person_id, name, writing is Writing.ANSWERING)
        found.setdefault(ticket_id, []).append(one)
    return found


@built_once
def _here() -> Select[*tuple[Any, ...]]:
    return (
        select(Presence.ticket_id, Presence.writing, Person.id, Person.name)
        .join(Person, Person.id == Presence.person_id)
        .where(
            is_numbered(Presence.ticket_id, "tickets"),
            Presence.person_id != bindparam("besides"),
            Presence.seen_at > bindparam("since"),
            Person.is_active,
        )
        .order_by(Presence.writing, Person.name, Person.id)
    )


def forget(*, at: datetime) -> int:
    """Forget who is gone; how many rows that were."""
    gone = delete(Presence).where(Presence.seen_at <= at - timedelta(seconds=FRESH_S))
    return len(db.session.scalars(gone.returning(Presence.ticket_id)).all())
