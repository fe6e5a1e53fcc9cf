"""Counting what the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.database import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are run meanwhile, without those that only begin and end."""
    seen: list[str] = []

    def hear(*told: Any) -> None:
        if not told[2].lstrip().startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")):
            seen.append(told[2])

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
