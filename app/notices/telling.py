"""Telling a person of an event: one notice per event and person, in the event's transaction.

Source: escalation.md, "Notices and letters" and invariant E7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from app import bulk, waking
from app.database import db, is_postgresql
from app.mail import outbox
from app.mail.kinds import FOR_REQUESTERS, KINDS
from app.notices import choices
from app.notices.choices import Ways
from app.notices.models import Notice
from app.people.models import Person

_ONCE_BY = ("event", "person_id")


@dataclass(frozen=True, slots=True)
class Telling:
    """One person told of one event; the fields are those of `tell`."""

    person: Person
    kind: str
    event: str
    at: datetime
    facts: Mapping[str, Any]
    ticket_id: int | None = None
    urgent: bool = False
    held_until: datetime | None = None


def tell_all(tellings: Sequence[Telling]) -> None:
    """As `tell` for each, in one statement: what a batch of escalations has to say."""
    for one in tellings:
        _check(one)
    if outbox.is_muted() or not tellings:
        return
    waking.call(waking.SENDING)
    ways = {
        kind: choices.ways_of({one.person.id for one in tellings if one.kind == kind}, kind)
        for kind in {one.kind for one in tellings}
    }
    rows = [_row_of(one, ways[one.kind][one.person.id]) for one in tellings]
    bulk.insert_all(Notice, rows, once_by=_ONCE_BY)


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
    """Tell ``person`` of ``event`` the ways they chose for ``kind``; its facts: `app.mail.kinds`.

    With ``held_until`` the letter is not written before that instant: it can be withdrawn.
    None when the person was told of this event before, or while letters are muted. A kind
    that names staff is never told to a requester: `ValueError`, as for an unknown kind.
    """
    telling = Telling(person, kind, event, at, facts, ticket_id, urgent, held_until)
    _check(telling)
    if outbox.is_muted():
        return None
    waking.call(waking.SENDING)
    ways = choices.ways_of({person.id}, kind)[person.id]
    statement = _once(is_postgresql()).values(_row_of(telling, ways)).returning(Notice)
    return db.session.scalars(statement).one_or_none()


@cache
def _once(on_postgresql: bool) -> Any:
    """Insert notices; one person is told of one event once, however often it is tried."""
    insert = postgresql.insert if on_postgresql else sqlite.insert
    return insert(Notice).on_conflict_do_nothing(index_elements=_ONCE_BY)


def _row_of(telling: Telling, ways: Ways) -> dict[str, Any]:
    return {
        "event": telling.event,
        "person_id": telling.person.id,
        "kind": telling.kind,
        "ticket_id": telling.ticket_id,
        "urgent": telling.urgent,
        "facts": dict(telling.facts),
        "at": telling.at,
        "held_until": telling.held_until,
        "by_letter": ways.by_letter,
        "rings": ways.rings,
    }


def _check(telling: Telling) -> None:
    kind = telling.kind
    if kind not in KINDS:
        raise ValueError(f"There is no kind of letter called {kind}.")
    if not telling.person.is_agent and kind not in FOR_REQUESTERS:
        raise ValueError(f"A letter of kind {kind} is never for a requester.")


def withdraw(event: str, *, at: datetime) -> bool:
    """Take back what was told of ``event``; False when a letter was written already.

    A withdrawn notice counts as gathered: no letter is ever written for it.
    """
    unwritten = update(Notice).where(Notice.event == event, Notice.gathered_at.is_(None))
    db.session.execute(unwritten.values(withdrawn_at=at, gathered_at=at))
    left = select(Notice.id).where(Notice.event == event, Notice.withdrawn_at.is_(None))
    return db.session.scalar(left.limit(1)) is None
