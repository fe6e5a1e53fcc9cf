"""The bell: what somebody was told of inside the pages, and how much of it is unread.

A notice that can still be undone rings when it no longer can; one that was withdrawn never does.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select, text, update

from app.database import db
from app.errors import NotFound
from app.notices.models import UNREAD, Notice
from app.people.models import Person
from app.statements import instant_called, number_called, spelled

CAP = 100


def unread(person_id: ColumnElement[int] | None = None) -> ScalarSelect[int]:
    """Counts somebody's unread ``at`` an instant, never beyond `CAP`.

    The instant stands in it by name; so does the person, as ``viewer``, without ``person_id``.
    """
    viewer = number_called("viewer") if person_id is None else person_id
    rung = _rung(viewer, instant_called("at"))
    own = select(Notice.id).where(text(UNREAD), rung).correlate_except(Notice)
    return select(func.count()).select_from(own.limit(spelled(CAP)).subquery()).scalar_subquery()


@cache
def _counted() -> Select[int]:
    return select(unread())


def count_unread(person: Person, *, at: datetime) -> int:
    """How many are unread; `CAP` stands for that many and more."""
    return db.session.scalar(_counted(), {"viewer": person.id, "at": at}) or 0


def page(
    person: Person, *, at: datetime, before_id: int | None = None, most: int = 50
) -> Sequence[Notice]:
    """Up to ``most`` notices, older than ``before_id`` if given, the newest first."""
    query = select(Notice).where(Notice.rings, _rung(person.id, at))
    if before_id is not None:
        query = query.where(Notice.id < before_id)
    return db.session.scalars(query.order_by(Notice.id.desc()).limit(most)).all()


def read(person: Person, notice_id: int, *, at: datetime) -> Notice:
    """Mark one as read and answer it; `NotFound` for one that did not ring for this person."""
    found = db.session.scalar(
        select(Notice).where(Notice.id == notice_id, Notice.rings, _rung(person.id, at))
    )
    if found is None:
        raise NotFound("There is no such notice.")
    found.read_at = found.read_at or at
    db.session.flush()
    return found


def read_all(person: Person, *, up_to_id: int, at: datetime) -> None:
    """Mark as read what the person has seen: nothing newer than the notice ``up_to_id``."""
    seen = update(Notice).where(text(UNREAD), _rung(person.id, at), Notice.id <= up_to_id)
    db.session.execute(seen.values(read_at=at))


def _rung(
    person_id: int | ColumnElement[int], at: datetime | ColumnElement[datetime]
) -> ColumnElement[bool]:
    return and_(
        Notice.person_id == person_id,
        Notice.withdrawn_at.is_(None),
        or_(Notice.held_until.is_(None), Notice.held_until <= at),
    )
