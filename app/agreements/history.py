"""What happened to an agreement, by whom and for which party: append-only, in its transaction.

Source: agreements.md, "Its life" (everything is in the history).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from app.agreements.models import Agreement, AgreementEvent, AgreementVersion
from app.agreements.words import Party
from app.database import db, is_postgresql
from app.people.models import Person


@dataclass(frozen=True)
class Entry:
    """One event as a page shows it: who did it (None: Pledge), in which version's matter."""

    event: AgreementEvent
    by: Person | None
    number: int | None


def record(
    agreement: Agreement,
    verb: str,
    *,
    by: Person | None,
    at: datetime,
    party: Party | None = None,
    version: AgreementVersion | None = None,
    facts: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> bool:
    """Add an event; whether it was added. ``by`` is None for Pledge itself.

    ``facts`` are plain JSON values. With a ``key`` ("in_force:17") it is said once, however often
    and by however many workers at once it is asked for: False when it stands there already.
    """
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    added = db.session.execute(
        insert(AgreementEvent)
        .values(
            agreement_id=agreement.id,
            version_id=version.id if version is not None else None,
            verb=verb,
            by_id=by.id if by is not None else None,
            party=party,
            at=at,
            facts=dict(facts or {}),
            key=key,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(AgreementEvent.id)
    )
    return added.first() is not None


def page(agreement: Agreement, *, before: int | None = None, limit: int = 100) -> Sequence[Entry]:
    """What happened, newest first, and one more where there is a next page.

    ``before`` is the id of the last event of the page before.
    """
    query = (
        select(AgreementEvent, Person, AgreementVersion.number)
        .outerjoin(Person, Person.id == AgreementEvent.by_id)
        .outerjoin(AgreementVersion, AgreementVersion.id == AgreementEvent.version_id)
        .where(AgreementEvent.agreement_id == agreement.id)
        .order_by(AgreementEvent.at.desc(), AgreementEvent.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        then = select(AgreementEvent.at).where(AgreementEvent.id == before).scalar_subquery()
        is_older = and_(AgreementEvent.at == then, AgreementEvent.id < before)
        query = query.where(or_(AgreementEvent.at < then, is_older))
    return [Entry(event, by, number) for event, by, number in db.session.execute(query)]
