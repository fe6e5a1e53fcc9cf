"""A stage that was set once is set again by copying it: quicker than writing it anew.

Of SQLite the pages are kept, of PostgreSQL the rows, both in memory.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import inspect, select, tuple_

from app.database import Base, db, is_postgresql
from tests import kept_open, postgres

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
    with kept_open.filling(_url()) as connection:
        kept = postgres.Rows(connection)

    def copy() -> None:
        with kept_open.filling(_url()) as connection:
            kept.put_back(connection)

    return copy


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
    """``value`` with its rows in it again, read at once for each table."""
    wanted: dict[type[Base], set[tuple[Any, ...]]] = {}
    for kind, key in _keys(value):
        wanted.setdefault(kind, set()).add(key)
    rows = {
        (kind, inspect(row).identity): row
        for kind, keys in wanted.items()
        for row in db.session.scalars(
            select(kind).where(tuple_(*inspect(kind).primary_key).in_(sorted(keys)))
        )
    }
    return _with_rows(value, rows)


def _keys(value: Any) -> Iterator[tuple[type[Base], tuple[Any, ...]]]:
    if _is_key(value):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _keys(getattr(value, field.name))


def _with_rows(value: Any, rows: dict[Any, Base]) -> Any:
    if _is_key(value):
        return rows[value]
    if is_dataclass(value) and not isinstance(value, type):
        of = {field.name: _with_rows(getattr(value, field.name), rows) for field in fields(value)}
        return replace(value, **of)
    return value


def _is_key(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], type)
