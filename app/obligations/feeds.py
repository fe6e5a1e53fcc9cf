"""A person's own link to the dates of their agreements, for the calendar that they use.

Whoever has the link reads the dates, so only its SHA-256 is stored and it is shown once; a new
one revokes the one before. Source: issue of signed agreements, "iCalendar feed".
"""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, select

from app.database import db
from app.errors import NotFound
from app.people.models import CalendarFeed, Person


def make(person: Person, *, at: datetime) -> str:
    """A new token for the person's link, good until it is revoked; it is never shown again."""
    token = secrets.token_urlsafe(32)
    row = db.session.get(CalendarFeed, person.id, with_for_update=True)
    if row is None:
        db.session.add(CalendarFeed(person_id=person.id, token_hash=_hash(token), made_at=at))
    else:
        row.token_hash, row.made_at = _hash(token), at
    db.session.flush()
    return token


def revoke(person: Person) -> None:
    """Let the link be good for nothing from now on; without one nothing happens."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == person.id))


def made_at(person: Person) -> datetime | None:
    """Since when the person has a link; None without one."""
    return db.session.scalar(
        select(CalendarFeed.made_at).where(CalendarFeed.person_id == person.id)
    )


def owner(token: str) -> Person:
    """Whose link it is; `NotFound` for none, a revoked one, or somebody who is no longer here."""
    query = (
        select(Person)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(CalendarFeed.token_hash == _hash(token), Person.is_active)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("There is no such calendar.")
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
