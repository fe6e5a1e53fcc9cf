"""Two workers read what is due at the same time, and nothing keeps the second from firing it.

The test takes the unique keys out of the database (`loosen`); here goes what leans on them.
"""

import re
import sqlite3
import time

import psycopg
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import Select

from app.escalation import firing
from tests.faults.planted import stale, swap

TABLES = ("escalation", "notice", "letter")
KEYS = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
WHERE contype = 'u' AND conrelid::regclass::text = ANY(%s)
"""


def plant() -> None:
    for dialect in (postgresql, sqlite):
        swap(dialect.Insert, "on_conflict_do_nothing", lambda self, *_, **__: self)
    swap(Select, "with_for_update", lambda self, *_, **__: self)
    swap(firing, "_DUE", _unlocked(firing._DUE))
    stale.plant(_beat)


def _unlocked(query: Select) -> Select:
    free = query._generate()
    free._for_update_arg = None
    return free


def _beat() -> None:
    """Everybody reads in even pairs of seconds and fires when the next pair begins."""
    time.sleep(2 - time.time() % 2)


def loosen(url: str) -> None:
    """Take the unique keys off what is fired and told."""
    if url.startswith("sqlite"):
        _loosen_sqlite(url.removeprefix("sqlite:///"))
        return
    with psycopg.connect(url) as connection:
        for table, key in connection.execute(KEYS, [list(TABLES)]).fetchall():
            connection.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{key}"')


def _loosen_sqlite(path: str) -> None:
    with sqlite3.connect(path) as connection:
        for table in TABLES:
            query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
            (sql,) = connection.execute(query, [table]).fetchone()
            bare = re.sub(r",\s*CONSTRAINT \w+ UNIQUE \([^)]*\)", "", sql)
            connection.execute("PRAGMA legacy_alter_table = ON")
            connection.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
            connection.execute(bare)
            connection.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")
            connection.execute(f"DROP TABLE {table}_before")
