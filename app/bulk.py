"""Rows by the hundred, written by one statement.

PostgreSQL is handed the rows as one document and takes it apart itself; SQLite takes row after row
inside one call. Either way the words of a statement do not depend on how many rows there are, so it
is put together, and planned, once. Source: performance.md, "firing one rung".
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Insert,
    Select,
    Table,
    TableValuedAlias,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from app.database import Base, db, is_postgresql
from app.statements import kept

Rows = Sequence[Mapping[str, Any]]


class _Shape(NamedTuple):
    """What the words of an insertion depend on."""

    model: type[Base]
    columns: tuple[str, ...]
    once_by: tuple[str, ...]


_together: ContextVar[dict[_Shape, list[Mapping[str, Any]]] | None] = ContextVar(
    "together", default=None
)


@contextmanager
def together() -> Iterator[None]:
    """Insert what the block inserts as it ends, all of it by one statement where that is quicker.

    Rows of several tables may name one another. The block reads nothing of what it inserts, and
    takes nothing of it back: it makes no savepoint.
    """
    if _together.get() is not None or not is_postgresql():
        yield
        return
    gathered: dict[_Shape, list[Mapping[str, Any]]] = {}
    token = _together.set(gathered)
    try:
        yield
    finally:
        _together.reset(token)
    if gathered:
        documents = map(_document, gathered.values())
        known = {_named(place): document for place, document in enumerate(documents)}
        db.session.connection().execute(_insertions_together(tuple(gathered)), known)


def insert_all(model: type[Base], rows: Rows, *, once_by: tuple[str, ...] = ()) -> None:
    """Insert ``rows``, which all name the same columns; None is NULL, in a column of JSON, too.

    A row that has its like already in the columns ``once_by`` is left out.
    """
    if not rows:
        return
    shape, gathered = _Shape(model, tuple(rows[0]), once_by), _together.get()
    if gathered is not None:
        gathered.setdefault(shape, []).extend(rows)
    elif is_postgresql():
        _write_document(_insertion_alone(shape), rows)
    else:
        _write_each(_insertions(shape), rows)


def insert_numbered(
    model: type[Base], rows: Rows, *, by: tuple[str, ...]
) -> dict[tuple[Any, ...], int]:
    """Insert ``rows``, a few that all name the same columns, at once; the numbers that they got.

    ``by`` are the columns that tell them apart: what a row says there finds its number.
    """
    if not rows:
        return {}
    shape, connection = _Shape(model, tuple(rows[0]), ()), db.session.connection()
    if is_postgresql():
        written = connection.execute(_insertion_numbered(shape, by), {"rows": _document(rows)})
        return {tuple(said): number for number, *said in written}
    words = _insertions(shape)
    return {
        tuple(row[name] for name in by): connection.exec_driver_sql(words.sql, parameters).lastrowid
        for row, parameters in zip(rows, words.parameters(rows), strict=True)
    }


def update_all(model: type[Base], rows: Rows, *, by: str) -> None:
    """Write the other columns of ``rows`` where the column ``by`` is what the row says."""
    if not rows:
        return
    columns = tuple(rows[0])
    if is_postgresql():
        _write_document(_change(model, columns, by), rows)
    else:
        _write_each(_changes(model, columns, by), rows)


def _write_document(words: Insert | Update, rows: Rows) -> None:
    db.session.connection().execute(words, {"rows": _document(rows)})


def _document(rows: Rows) -> str:
    return json.dumps(rows, default=_said)


def _write_each(statement: "_Statement", rows: Rows) -> None:
    db.session.connection().exec_driver_sql(statement.sql, statement.parameters(rows))


class _Statement:
    """SQL as SQLite takes it, the columns in its order, and what makes parameters of values."""

    def __init__(self, words: Insert | Update, table: Table) -> None:
        compiled = words.compile(dialect=_SQLITE)
        self.sql, self.columns = str(compiled), tuple(compiled.positiontup or ())
        self._processors = [
            table.c[name].type.dialect_impl(_SQLITE).bind_processor(_SQLITE)
            for name in self.columns
        ]

    def parameters(self, rows: Rows) -> list[tuple[Any, ...]]:
        """What the driver is handed for these rows."""
        by_column = [
            [row[name] for row in rows]
            if make is None
            else [None if row[name] is None else make(row[name]) for row in rows]
            for name, make in zip(self.columns, self._processors, strict=True)
        ]
        return list(zip(*by_column, strict=True))


_SQLITE = sqlite.dialect()


def _said(value: object) -> str:
    """An instant, as a document has it; `ValueError` for one that no column may hold."""
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} goes into no column.")
    if value.tzinfo is None or value.microsecond:
        raise ValueError(f"{value!r} is not an aware instant in whole seconds.")
    return value.isoformat()


def _given(table: Table, columns: Iterable[str], document: str = "rows") -> TableValuedAlias:
    """The rows of the document that is so called, with the types of the table's columns."""
    typed = [column(name, table.c[name].type) for name in columns]
    rows = func.jsonb_to_recordset(cast(bindparam(document, type_=Text), postgresql.JSONB))
    return rows.table_valued(*typed).render_derived(name="given", with_types=True)


@cache
def _insertion_alone(shape: _Shape) -> Insert:
    return kept(_insertion(shape))


def _insertion(shape: _Shape, document: str = "rows") -> Insert:
    table: Table = shape.model.__table__  # type: ignore[assignment]
    given = _given(table, shape.columns, document)
    chosen = select(*(given.c[name] for name in shape.columns))
    words = postgresql.insert(table).from_select(shape.columns, chosen, include_defaults=False)
    once_by = shape.once_by
    return words.on_conflict_do_nothing(index_elements=once_by) if once_by else words


@cache
def _insertion_numbered(shape: _Shape, by: tuple[str, ...]) -> ReturningInsert[Any]:
    columns = shape.model.__table__.c
    return kept(_insertion(shape).returning(columns.id, *(columns[name] for name in by)))


@cache
def _insertions_together(shapes: tuple[_Shape, ...]) -> Select[int]:
    written = (
        _insertion(shape, _named(place)).cte(f"written_{place}")
        for place, shape in enumerate(shapes)
    )
    return kept(select(literal_column("1")).add_cte(*written))


def _named(place: int) -> str:
    """What the document of one insertion of several is called."""
    return f"rows_{place}"


@cache
def _change(model: type[Base], columns: tuple[str, ...], by: str) -> Update:
    table: Table = model.__table__  # type: ignore[assignment]
    given = _given(table, columns)
    values = {name: given.c[name] for name in columns if name != by}
    return kept(update(table).where(table.c[by] == given.c[by]).values(values))


@cache
def _insertions(shape: _Shape) -> _Statement:
    table: Table = shape.model.__table__  # type: ignore[assignment]
    words = sqlite.insert(table).values({name: bindparam(name) for name in shape.columns})
    if shape.once_by:
        words = words.on_conflict_do_nothing(index_elements=shape.once_by)
    return _Statement(words, table)


@cache
def _changes(model: type[Base], columns: tuple[str, ...], by: str) -> _Statement:
    table: Table = model.__table__  # type: ignore[assignment]
    values: dict[Any, Any] = {table.c[name]: bindparam(name) for name in columns if name != by}
    return _Statement(update(table).where(table.c[by] == bindparam(by)).values(values), table)
