"""The newest hours of a version: what its dated exceptions made of those it was signed with.

A version never changes, its hours may where its clause allows it (clocks.md, "Calendar edit").
Every process sees an edit with its next transaction: what is kept of a version is kept under
the number of the newest edit, asked once per transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import Engine, func, select

from app.agreements.models import CalendarChange
from app.database import db

FAR = timedelta(days=366)
"""A promise due so long before a day with other hours is not touched by them."""
_KEPT = "pledge.edition"
EDITION = select(func.max(CalendarChange.id)).scalar_subquery()
"""For a statement that reads it along: see `know`."""
_ALONE = select(EDITION)


@dataclass(frozen=True, slots=True)
class Edit:
    """From `at` on, targets of the version that ran on `before_id` run on `after_id`.

    `on` is the first day with other hours.
    """

    id: int
    version_id: int
    before_id: int
    after_id: int
    at: datetime
    on: date
    by_id: int | None
    name: str
    reason: str


def edition() -> int:
    """The number of the newest edit of any version's hours; 0 before the first."""
    session = db.session()
    transaction, number = session.info.get(_KEPT, (None, 0))
    if transaction is None or transaction is not session.get_transaction():
        number = session.scalar(_ALONE) or 0
        know(number)
    return int(number)


def know(number: int | None) -> None:
    """Tell the edition where a statement of this transaction has read it along: `EDITION`."""
    session = db.session()
    session.info[_KEPT] = (session.get_transaction(), number or 0)


def hours_id(version_id: int, signed_id: int) -> int:
    """The calendar version that now holds where the version names ``signed_id``."""
    newest = signed_id
    for edit in _edits(db.engine, edition()).get(version_id, ()):
        if edit.before_id == newest:
            newest = edit.after_id
    return newest


def touched_from(on: date) -> datetime:
    """From which due time on a promise is touched by other hours on ``on``."""
    return datetime.combine(on, time(), UTC) - FAR


def next_edit(version_id: int, calendar_version_id: int, *, due_at: datetime) -> Edit | None:
    """The edit that leads on from these hours to others that touch a promise due at ``due_at``.

    None where they are the newest, or where what follows lies too far ahead to matter.
    """
    edits = _edits(db.engine, edition()).get(version_id, ())
    chain: list[Edit] = []
    for edit in edits:
        if edit.before_id == (chain[-1].after_id if chain else calendar_version_id):
            chain.append(edit)
    is_touched = any(due_at >= touched_from(edit.on) for edit in chain)
    return chain[0] if is_touched else None


@lru_cache(maxsize=8)
def _edits(_engine: Engine, edition: int) -> Mapping[int, tuple[Edit, ...]]:
    """The edits of each version in the order in which they were made, up to ``edition``."""
    found: dict[int, tuple[Edit, ...]] = {}
    query = select(CalendarChange).where(CalendarChange.id <= edition)
    for row in db.session.scalars(query.order_by(CalendarChange.id)):
        edit = Edit(
            row.id,
            row.version_id,
            row.before_id,
            row.after_id,
            row.at,
            row.on_date,
            row.made_by_id,
            row.name,
            row.reason,
        )
        found[row.version_id] = (*found.get(row.version_id, ()), edit)
    return found
