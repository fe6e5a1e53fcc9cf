"""PostgreSQL's driver, asked as plainly as can be for what every request asks it for.

A transaction that begins brings the server's clock along, one that is rolled back costs no plans,
and what a result's columns are is made out for the first one of a kind only. Source:
performance.md, "How".
"""

from collections.abc import Iterator, Sequence
from typing import Any, overload

from psycopg import Column, Cursor, _queries
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
LONGEST = 16_384
"""The longest statement, in characters, whose parts the driver remembers: ours are as many as their
kinds, and the longest says what stands beside a ticket."""
BEGIN = b"BEGIN; SELECT extract(epoch FROM clock_timestamp())"


def prepare(engine: Engine) -> None:
    """Let ``engine``, one of PostgreSQL, ask after connections, begin and roll back plainly.

    Of other kinds of transactions isolation levels are provided for; nobody asks for more.
    """
    _queries.MAX_CACHED_STATEMENT_LENGTH = LONGEST
    dialect: Any = engine.dialect
    isolate = dialect.set_isolation_level

    def isolate_anew(connection: Any, level: Any) -> None:
        """Another kind of transaction: the one that was begun in passing is not of it."""
        if connection.pgconn.transaction_status in OPEN:
            _roll_back(connection)
        isolate(connection, level)

    dialect.do_ping, dialect.do_begin, dialect.do_rollback = _answers, _begin, _roll_back
    dialect.set_isolation_level = isolate_anew


def began_s(connection: Connection) -> float | None:
    """The server's clock as the transaction of ``connection`` began, in seconds since 1970.

    None where the driver began it: one of another kind, or after such a one.
    """
    began: float | None = getattr(connection.connection.dbapi_connection, "began_s", None)
    return began


def _answers(connection: Any) -> bool:
    """Whether a connection that lay by still reaches its server: it begins its transaction."""
    begun = connection.pgconn.exec_(BEGIN)
    connection.began_s = None
    if begun.status == ExecStatus.TUPLES_OK:
        connection.began_s = float(begun.get_value(0, 0))
    return connection.began_s is not None


def _begin(connection: Any) -> None:
    """Begin a transaction, and bring the clock along: most ask for it first of all.

    What asks for another kind, or finds no server, is left to the driver and its first statement.
    """
    connection = connection.dbapi_connection
    if connection.pgconn.transaction_status in OPEN:
        return
    connection.began_s = None
    if connection.isolation_level is None and not connection.autocommit:
        _answers(connection)


def _roll_back(connection: Any) -> None:
    """Roll back in plain words: psycopg's own forgets every statement that it has prepared.

    It does so for the sake of tables that are made anew, which a running installation never does;
    every page that reads ends here, and each would be planned from the beginning.
    """
    asked = connection.pgconn
    status = asked.transaction_status
    if status == TransactionStatus.IDLE:
        return
    if not (status in OPEN and asked.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK):
        connection.rollback()


class Reading(Cursor[Any]):
    """A cursor that describes the columns of its result to those who look at them.

    SQLAlchemy looks once for each statement; to describe them every time costs more than to read a
    row.
    """

    @property
    def description(self) -> Any:
        """The columns of the result, made out when looked at; None where there is no result."""
        result = self.pgresult
        if result is None or not (result.nfields or result.status == ExecStatus.TUPLES_OK):
            return None
        return _Columns(self, result.nfields)


class _Columns(Sequence[Column]):
    def __init__(self, cursor: Reading, count: int) -> None:
        self._cursor, self._count = cursor, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Column]:
        return (Column(self._cursor, place) for place in range(self._count))

    @overload
    def __getitem__(self, place: int) -> Column: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Column]: ...
    def __getitem__(self, place: int | slice) -> Column | Sequence[Column]:
        return list(self)[place]
