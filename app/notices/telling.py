"""Telling a person of an event: one notice per event and person, in the event's transaction.

Source: escalation.md, "Notices and letters" and invariant E7.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.database import db, is_postgresql
from app.mail import outbox
from app.mail.kinds import FOR_REQUESTERS, KINDS
from app.notices.models import Notice
from app.people.models import Person


def tell(
    person: Person,
    kind: str,
    *,
    event: str,
    at: datetime,
    facts: Mapping[str, Any],
    ticket_id: int | None = None,
    urgent: bool = False,
) -> Notice | None:
    """Tell ``person`` of ``event`` by a letter of ``kind``; its facts: `app.mail.kinds`.

    None when the person was told of this event before, or while letters are muted. A kind
    that names staff is never told to a requester: `ValueError`, as for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"There is no kind of letter called {kind}.")
    if not person.is_agent and kind not in FOR_REQUESTERS:
        raise ValueError(f"A letter of kind {kind} is never for a requester.")
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
        )
        .on_conflict_do_nothing(index_elements=["event", "person_id"])
        .returning(Notice)
    )
    return db.session.scalars(statement).one_or_none()
