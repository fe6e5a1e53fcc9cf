"""Waking the worker: what a transaction leaves it to do is told when it commits.

One place for all verbs: whoever brings the next instant of a clock nearer wakes the firing
thread, whoever writes a notice or queues a letter wakes the sending thread. The process itself
is told at once; other processes by NOTIFY on PostgreSQL, and by `PRAGMA data_version`, which
needs no telling, on SQLite. A call that is lost loses nothing: the threads look for themselves
now and then. Source: escalation.md, "The worker".
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history

from app.database import db

FIRING, SENDING = "firing", "sending"
"""The parts of the worker, as their lanes, threads and signs of life are called, too."""

CHANNEL = "pledge_worker"
SOON_S = 60
"""What is further ahead than this is found by the worker's own looks, and told to nobody."""

Listener = Callable[[str], None]

_listeners: list[Listener] = []
_installed: list[bool] = []
_TOLD = text(
    "SELECT pg_notify(:channel, part) FROM (VALUES"
    " (CAST(:first AS text), CAST(:first_at AS timestamptz)), (:second, :second_at)"
    ") AS wakes (part, at) WHERE part IS NOT NULL AND (at IS NULL OR at <"
    " coalesce((SELECT at FROM test_clock WHERE id = 1), clock_timestamp())"
    " + make_interval(secs => :soon_s))"
)
"""Both parts at once, each unless it is left out, or what it has to look at is not soon."""


def install() -> None:
    """Watch what sessions write, from now on; once per process, however often it is called."""
    if _installed:
        return
    _installed.append(True)
    event.listen(db.session, "after_flush", _note_rows)
    event.listen(db.session, "before_commit", _notify)
    event.listen(db.session, "after_commit", _ring)
    event.listen(db.session, "after_rollback", _forget)


@contextmanager
def told(listener: Listener) -> Iterator[None]:
    """Call ``listener(part)`` inside the block after each commit of this process that wakes.

    It is called in the thread that committed, and must be quick.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def call(part: str, *, at: datetime | None = None) -> None:
    """Let ``part`` look when this transaction commits; for what is written past the session.

    ``at`` is when it has to look; None: at once.
    """
    _note(db.session(), part, at)


def _note_rows(session: Session, _context: object) -> None:
    for row in [*session.new, *session.dirty]:
        table = getattr(row, "__tablename__", None)
        if table == "clock":
            _note_clock(session, row)
        elif table == "test_clock":
            _note(session, FIRING, None)
            _note(session, SENDING, None)
        elif table == "notice" or (table == "letter" and row.state == "queued"):
            _note(session, SENDING, None)


def _note_clock(session: Session, row: Any) -> None:
    history = get_history(row, "next_at")
    before: datetime | None = history.deleted[0] if history.deleted else None
    if history.added and row.next_at is not None and (before is None or row.next_at < before):
        _note(session, FIRING, row.next_at)


def _note(session: Session, part: str, at: datetime | None) -> None:
    """``at`` is when the part has to look; None: at once."""
    parts: dict[str, datetime | None] = session.info.setdefault("wakes", {})
    known = parts.get(part, at)
    parts[part] = None if at is None or known is None else min(at, known)


def _notify(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    parts: dict[str, datetime | None] | None = session.info.get("wakes")
    if not parts or session.get_bind().dialect.name != "postgresql":
        return
    (first, first_at), (second, second_at) = [*parts.items(), (None, None)][:2]
    values = {"first": first, "first_at": first_at, "second": second, "second_at": second_at}
    session.connection().execute(_TOLD, {**values, "channel": CHANNEL, "soon_s": SOON_S})


def _ring(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for part in session.info.pop("wakes", ()):
        for listener in list(_listeners):
            listener(part)


def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("wakes", None)
