"""The database: one session, one commit, and how values are stored on SQLite and PostgreSQL.

The only module that names flask_sqlalchemy. Source: architecture.md, "Transaction" and
"Traps already met".
"""

import enum
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeEngine

from app import driver

P = ParamSpec("P")
Statement = TypeVar("Statement")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_MS, ASKED_FOR_MS = 15_000, 10
"""How long SQLite's lock is waited for, and how long before it is asked for afresh."""

SPEAKS_POSTGRESQL = "pledge.speaks_postgresql"

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
BigInt = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant in whole seconds.

    PostgreSQL keeps `timestamptz`; SQLite keeps seconds since 1970, which sort and compare as
    they should and cost no parsing. Naive values and fractions of a second are refused.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type for ``dialect``."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Check and convert on the way in; `ValueError` for a naive or fractional instant."""
        if value is None:
            return None
        if value.tzinfo is None or value.microsecond:
            raise ValueError(f"{value!r} is not an aware instant in whole seconds.")
        return value if dialect.name == "postgresql" else int(value.timestamp())

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """What makes an aware UTC instant of a value on the way out: lists read hundreds."""
        return _instant if dialect.name == "postgresql" else _instant_of_seconds


def _instant(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _instant_of_seconds(value: int | None) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value, UTC)


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """The base of every table."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            int: BigInt,
            str: String(),
            datetime: UtcDateTime(),
            date: Date(),
            enum.Enum: Enum(
                enum.Enum,
                native_enum=False,
                create_constraint=False,
                values_callable=_values,
                length=40,
            ),
            dict[str, Any]: Json,
            list[Any]: Json,
            list[str]: Json,
        },
    )


class _Session(Session):
    """A session of the one engine, which it is asked for with every statement."""

    _engine: Any = None
    _connected: tuple[Any, Any] = (None, None)
    """The transaction under way outside of savepoints, and its connection."""

    def get_bind(
        self, mapper: Any = None, clause: Any = None, bind: Any = None, **kwargs: Any
    ) -> Any:
        """The engine, found once."""
        if bind is not None:
            return bind
        if self._engine is None:
            self._engine = self._db.engine
        return self._engine

    def connection(self, bind_arguments: Any = None, execution_options: Any = None) -> Any:
        """The connection of the transaction, found once in each: every statement asks for it.

        A savepoint is made as its connection is asked for, so within one it is asked for anew.
        """
        if bind_arguments or execution_options or self.in_nested_transaction():
            return super().connection(bind_arguments, execution_options)
        transaction, connection = self._connected
        if transaction is None or transaction is not self.get_transaction() or not self.is_active:
            connection = super().connection()
            self._connected = self.get_transaction(), connection
        return connection


db = SQLAlchemy(model_class=Base, session_options={"class_": _Session})

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def begin_writing() -> None:
    """Let the next transaction of this context take SQLite's write lock at its start.

    Called before the first statement of a writing request, job or command: a reader that turns
    writer half-way can be refused, one that begins IMMEDIATE waits its turn.
    """
    _writing.set(True)


def begin_reading() -> None:
    """Let the next transaction of this context begin as a reader."""
    _writing.set(False)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, or none of it."""
    token = _writing.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)


def prepare(app: Flask) -> None:
    """Set up the engine of ``app``: SQLite durable, with foreign keys and transactions of our own.

    To be called within its context.
    """
    engine = db.engine
    app.extensions[SPEAKS_POSTGRESQL] = engine.dialect.name == "postgresql"
    if engine.dialect.name != "sqlite":
        driver.prepare(engine)
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={BUSY_MS}",
            "foreign_keys=ON",
            "cache_size=-65536",
            "mmap_size=268435456",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    engine.dialect.do_begin = _begin  # type: ignore[assignment, method-assign]


def _begin(connection: Any) -> None:
    lite: sqlite3.Connection = connection.dbapi_connection
    if _writing.get():
        _take_turn(lite)
    else:
        lite.execute("BEGIN")


def _take_turn(lite: sqlite3.Connection) -> None:
    """Take SQLite's write lock as soon as it is free: it is asked for every few milliseconds.

    SQLite itself asks ever more rarely, ten times a second in the end, and misses the moments
    between the batches of a busy worker: whoever waits long would hardly come to write at all.
    """
    until = time.monotonic() + BUSY_MS / 1000
    lite.execute(f"PRAGMA busy_timeout={ASKED_FOR_MS}")
    try:
        while time.monotonic() < until:
            try:
                lite.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
            else:
                return
        lite.execute("BEGIN IMMEDIATE")  # what is wrong is said as of any statement
    finally:
        lite.execute(f"PRAGMA busy_timeout={BUSY_MS}")


def is_postgresql() -> bool:
    """Whether the application's database is PostgreSQL: asked a dozen times with every request."""
    speaks: bool = current_app.extensions[SPEAKS_POSTGRESQL]
    return speaks
