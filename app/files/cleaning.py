"""Clearing up: uploads that nobody sent, and bytes that no row knows.

A row goes first and its bytes after the commit; a process that dies between leaves bytes
without a row, which the next sweep finds.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, select

from app.database import db, transaction
from app.files import storage
from app.files.models import Attachment

KEPT_FOR = timedelta(days=1)
BATCH = 500


def clean(now: Callable[[], datetime], *, stopping: Callable[[], bool]) -> int:
    """Clear up, in transactions of its own; how many files went."""
    with transaction():
        at = now()
        abandoned = forget_abandoned(at)
    for key in abandoned:
        storage.remove(key)
    return len(abandoned) + sweep(at, stopping=stopping)


def forget_abandoned(at: datetime) -> list[str]:
    """Delete uploads that were sent with nothing within a day; answers their storage keys."""
    gone = delete(Attachment).where(
        Attachment.uploaded_at < at - KEPT_FOR,
        Attachment.message_id.is_(None),
    )
    return list(db.session.scalars(gone.returning(Attachment.storage_key)))


def sweep(at: datetime, *, stopping: Callable[[], bool]) -> int:
    """Remove bytes older than a day that no row knows; how many files that were."""
    removed = 0
    old = storage.keys_until((at - KEPT_FOR).timestamp())
    while not stopping() and (batch := list(islice(old, BATCH))):
        removed += _remove_unknown(batch)
    return removed


def _remove_unknown(found: Iterable[tuple[str, Path]]) -> int:
    by_path = {path: key for key, path in found}
    known = set(
        db.session.scalars(
            select(Attachment.storage_key).where(Attachment.storage_key.in_(set(by_path.values())))
        )
    )
    db.session.rollback()
    unknown = [
        path
        for path, key in by_path.items()
        if key not in known or path.suffix == storage.UNFINISHED
    ]
    for path in unknown:
        path.unlink(missing_ok=True)
    return len(unknown)
