"""Connections to the PostgreSQL database that tests share, kept open from one test to the next.

Making a connection, and a server process that learns the tables anew, cost more than most tests
ask of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import Engine, Pool, event

from tests import postgres
from tests.postgres import Connection

_kept: dict[str, "KeptOpen"] = {}
"""By the name of the database."""


class KeptOpen:
    """What is kept open to the database at ``url``: the engines' connections, and one of ours."""

    def __init__(self, url: str) -> None:
        """Open the one that empties and fills the database."""
        self.url = url
        self.hand = _connected(url)
        self._engine: Engine | None = None
        self._pool: Pool | None = None
        self._pids: set[int] = set()
        _kept[_name(url)] = self

    def lend(self, engine: Engine) -> None:
        """Let ``engine`` use the connections of the engine before it."""
        if self._engine is None:
            self._engine, self._pool = engine, engine.pool
            event.listen(engine.pool, "connect", self._note)
        else:
            assert self._pool is not None
            engine.dialect, engine.pool = self._engine.dialect, self._pool

    def take_back(self, engine: Engine) -> None:
        """Keep the connections of ``engine``, unless one is in use still: then close them all."""
        if engine.pool is not self._pool or engine.pool.checkedout():  # type: ignore[attr-defined]
            engine.dispose()
            self._let_go()

    def empty(self) -> None:
        """Delete every row, whoever still holds one, and let the sequences begin again."""
        postgres.empty(self.hand, sparing=self._pids)
        self.hand.commit()

    def close(self) -> None:
        """Close all of them."""
        del _kept[_name(self.url)]
        self._let_go()
        self.hand.close()

    def _let_go(self) -> None:
        if self._pool is not None:
            self._pool.dispose()
        self._engine = self._pool = None
        self._pids.clear()

    def _note(self, connection: Any, _record: object) -> None:
        self._pids.add(connection.info.backend_pid)


@contextmanager
def lent(engine: Engine) -> Iterator[None]:
    """Let ``engine`` use what is kept open to its database, if anything is, while the block lasts.

    Where nothing is, its own connections are closed at the end.
    """
    kept = _kept.get(engine.url.database or "")
    if kept is not None:
        kept.lend(engine)
        yield
        kept.take_back(engine)
    else:
        yield
        engine.dispose()


@contextmanager
def filling(url: str) -> Iterator[Connection]:
    """A connection to the database at ``url`` that checks no foreign keys, committed at the end."""
    kept = _kept.get(_name(url))
    if kept is not None:
        yield kept.hand
        kept.hand.commit()
    else:
        with _connected(url) as connection:
            yield connection


def _connected(url: str) -> Connection:
    connection = psycopg.connect(url)
    connection.execute("SET session_replication_role = replica")
    connection.commit()
    return connection


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")
