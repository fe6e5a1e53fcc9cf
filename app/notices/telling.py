"""Telling a person of an event: one notice per event and person, in the event's transaction.

Source: escalation.md, "Notices and letters" and invariant E7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from app import waking
from app.database import db, is_postgresql
from app.mail import outbox
from app.mail.kinds import FOR_REQUESTERS, KINDS
from app.notices.models import Notice
from app.people.models import Person


@dataclass(frozen=True, slots=True)
class Telling:
    """One person told of one event; the fields are those of `tell`."""

    person: Person
    kind: str
    event: str
    at: datetime
    facts: Mapping[str, Any]
    ticket_id: int
    urgent: bool = False


def tell_all(tellings: Sequence[Telling]) -> None:
    """As `tell` for each, in one statement: what a batch of escalations has to say."""
    for one in tellings:
        _check(one.person, one.kind)
    if outbox.is_muted() or not tellings:
        return
    waking.call(waking.SENDING)
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.connection().execute(
        insert(Notice).on_conflict_do_nothing(index_elements=["event", "person_id"]),
        [
            {
                "event": one.event,
                "person_id": one.person.id,
                "kind": one.kind,
                "ticket_id": one.ticket_id,
                "urgent": one.urgent,
                "facts": dict(one.facts),
                "at": one.at,
            }
            for one in tellings
        ],
    )


def tell(
    person: Person,
    kind: str,
    *,
    event: str,
    at: datetime,
    facts: Mapping[str, Any],
    ticket_id: int | None = None,
    urgent: bool = False,
    held_until: datetime | None = None,
) -> Notice | None:
    """Tell ``person`` of ``event`` by a letter of ``kind``; its facts: `app.mail.kinds`.

    With ``held_until`` the letter is not written before that instant: it can be withdrawn.
    None when the person was told of this event before, or while letters are muted. A kind
    that names staff is never told to a requester: `ValueError`, as for an unknown kind.
    """
    _check(person, kind)
    if outbox.is_muted():
        return None
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    statement = (
        insert(Notice)
        .values(
            event=event,
            person_id=person.id,
            kind=kind,
            ticket_id=ticket_id,
            urgent=urgent,
            facts=dict(facts),
            at=at,
            held_until=held_until,
        )
        .on_conflict_do_nothing(index_elements=["event", "person_id"])
        .returning(Notice)
    )
    return db.session.scalars(statement).one_or_none()


def _check(person: Person, kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"There is no kind of letter called {kind}.")
    if not person.is_agent and kind not in FOR_REQUESTERS:
        raise ValueError(f"A letter of kind {kind} is never for a requester.")


def withdraw(event: str, *, at: datetime) -> bool:
    """Take back what was told of ``event``; False when a letter was written already.

    A withdrawn notice counts as gathered: no letter is ever written for it.
    """
    unwritten = update(Notice).where(Notice.event == event, Notice.gathered_at.is_(None))
    db.session.execute(unwritten.values(withdrawn_at=at, gathered_at=at))
    left = select(Notice.id).where(Notice.event == event, Notice.withdrawn_at.is_(None))
    return db.session.scalar(left.limit(1)) is None
