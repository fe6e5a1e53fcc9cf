"""How hot statements are put together and asked: built once, their constants spelled out.

What a page asks on every request is made here rather than by the ORM where its part would cost more
than the statement itself (performance.md, "How").
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache, partial, wraps
from typing import Any, ParamSpec, TypeVar, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    CursorResult,
    Dialect,
    Executable,
    String,
    TypeDecorator,
    any_,
    bindparam,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.types import TypeEngine

from app.database import Base, BigInt, UtcDateTime, db, is_postgresql

P = ParamSpec("P")
Statement = TypeVar("Statement")


def built_once(build: Callable[P, Statement]) -> Callable[P, Statement]:
    """Keep the statements that ``build`` puts together, for its arguments and the kind of database.

    Putting one together costs more than asking it. What differs with every request is no argument
    of ``build``: it stands in the statement by name (`bindparam`) and is handed over to `execute`.
    """

    @lru_cache(maxsize=128)
    def built_for(_kind: bool, *args: P.args, **kwargs: P.kwargs) -> Statement:
        return kept(build(*args, **kwargs))

    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> Statement:
        return built_for(is_postgresql(), *args, **kwargs)  # type: ignore[arg-type]

    return built


def kept(statement: Statement) -> Statement:
    """``statement``, which is put together once and asked for ever, known by what it is.

    What SQLAlchemy has made of a statement it finds by going over all of its parts, every time.
    """
    key = statement._generate_cache_key()  # type: ignore[attr-defined]
    if key is not None:
        itself = key._replace(key=_Itself(key.key))
        statement.__dict__["_generate_cache_key"] = lambda: itself
    return statement


class _Itself(tuple[Any, ...]):
    """The parts of a statement, equal to nothing but themselves."""

    __slots__ = ()
    __eq__, __hash__ = object.__eq__, object.__hash__


def rows(
    statement: Executable, known: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """What a statement of columns answers, asked without the ORM, whose part costs more than it.

    As ever, what the session was told of is written first.
    """
    session = db.session()
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, known)


def spelled(value: StrEnum | int) -> ColumnElement[Any]:
    """A value of ours, never a text that somebody typed, as it is spelled in SQL.

    PostgreSQL then need not plan the statement anew for values that are the same every time.
    """
    return literal_column(f"'{value.value}'" if isinstance(value, StrEnum) else str(int(value)))


def is_one_of(column: Any, values: Iterable[StrEnum | int]) -> ColumnElement[bool]:
    """Whether the column has one of these values of ours."""
    found: ColumnElement[bool] = column.in_([spelled(value) for value in sorted(values)])
    return found


def is_numbered(column: Any, name: str) -> ColumnElement[bool]:
    """Whether the column is among the numbers that are handed over by ``name``, as one value."""
    numbers = bindparam(name, type_=_Numbers())
    if is_postgresql():
        return cast(ColumnElement[bool], column == any_(numbers))
    listed = func.json_each(numbers).table_valued("value")
    return cast(ColumnElement[bool], column.in_(select(listed.c.value)))


class _Numbers(TypeDecorator[Sequence[int]]):
    """Any number of whole numbers as one value: an array, and JSON on SQLite."""

    impl = ARRAY(BigInteger)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type for ``dialect``."""
        return dialect.type_descriptor(self.impl if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        """As the database reads it."""
        numbers = list(value or ())
        return numbers if dialect.name == "postgresql" else json.dumps(numbers)


def instant_called(name: str, at: datetime | None = None) -> BindParameter[datetime]:
    """An instant that stands in a statement by name; ``at`` where none is handed over."""
    return bindparam(name, at, type_=UtcDateTime(), required=at is None)


def number_called(name: str, number: int | None = None) -> BindParameter[int]:
    """A row's number that stands in a statement by name; ``number`` where none is handed over."""
    return bindparam(name, number, type_=BigInt, required=number is None)


def write_row(row: Base) -> None:
    """Insert ``row``, a new one, by itself; it has its number then and belongs to the session.

    For rows that every request writes: a flush of the session costs ten times as much for each.
    What it refers to is in the database already and named by number, not by relationship.
    """
    insertion = _insertion_of(type(row), is_postgresql())
    values = insertion.values(row.__dict__)
    answer = db.session.connection().exec_driver_sql(insertion.sql, insertion.parameters(values))
    number = answer.scalar_one() if is_postgresql() else answer.lastrowid
    row.__dict__.update(values, id=number)
    make_transient_to_detached(row)
    db.session.add(row)


@dataclass(frozen=True, slots=True)
class _Insertion:
    """How a row of a table is inserted: the words for the driver, and what goes into them.

    ``blank`` makes for each column what it holds unless it is said, ``made`` turns a value into the
    driver's, ``order`` is how they follow one another where they have no names.
    """

    sql: str
    blank: Mapping[str, Callable[[], Any]]
    made: Mapping[str, Callable[[Any], Any]]
    order: Sequence[str]

    def values(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Every column with its value."""
        return {
            name: said[name] if name in said else otherwise()
            for name, otherwise in self.blank.items()
        }

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """What the driver is handed."""
        handed = dict(values)
        for name, make in self.made.items():
            handed[name] = make(handed[name])
        return tuple([handed[name] for name in self.order]) if self.order else handed


@cache
def _insertion_of(kind: type[Base], on_postgresql: bool) -> _Insertion:
    columns = [column for column in kind.__table__.columns if not column.primary_key]
    words = insert(kind).values({column.key: bindparam(column.key) for column in columns})
    dialect = db.engine.dialect
    compiled = (words.returning(kind.__table__.c.id) if on_postgresql else words).compile(
        dialect=dialect
    )
    made = {
        column.key: column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns
    }
    return _Insertion(
        str(compiled),
        {column.key: _blank(column) for column in columns},
        {name: make for name, make in made.items() if make is not None},
        tuple(compiled.positiontup or ()),
    )


def _blank(column: Any) -> Callable[[], Any]:
    default: Any = column.default
    if default is None or default.is_scalar:
        value = default.arg if default is not None else None
        return lambda: value
    return partial(default.arg, None)
