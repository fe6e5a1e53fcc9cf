"""A stage that was set once is set again by copying it: quicker than writing it anew.

Of SQLite the pages are kept, of PostgreSQL the rows, both in memory.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import inspect

from app.database import Base, db, is_postgresql
from tests import postgres

Stage = TypeVar("Stage")
Copy = Callable[[], None]
_kept: dict[tuple[str, bool, datetime], tuple[Copy, Any]] = {}


def set_up(name: str, at: datetime, write: Callable[[datetime], Stage]) -> Stage:
    """What ``write(at)`` makes in an empty database: written the first time, then copied."""
    key = (name, is_postgresql(), at)
    db.session.rollback()
    if key in _kept:
        copy, stage = _kept[key]
        copy()
        return _loaded(stage)  # type: ignore[no-any-return]
    made = write(at)
    _kept[key] = ((_keep_rows if is_postgresql() else _keep_file)(), _by_key(made))
    return made


def _keep_file() -> Copy:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(_path())) as file:
        file.backup(kept)

    def copy() -> None:
        with closing(sqlite3.connect(_path())) as file:
            kept.backup(file)

    return copy


def _path() -> str:
    return str(db.engine.url.database)


def _keep_rows() -> Copy:
    kept = postgres.Rows(_url())
    return lambda: kept.put_back(_url())


def _url() -> str:
    """The address of the database under test, as PostgreSQL's own programs take it."""
    url = db.engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _by_key(value: Any) -> Any:
    """``value`` with each row in it replaced by its table and key."""
    if isinstance(value, Base):
        return type(value), inspect(value).identity
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _by_key(getattr(value, f.name)) for f in fields(value)})
    return value


def _loaded(value: Any) -> Any:
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], type):
        return db.session.get_one(*value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _loaded(getattr(value, f.name)) for f in fields(value)})
    return value
