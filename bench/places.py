"""Where things are measured: an empty installation on a database of the bench's own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import create_app
from app.database import begin_reading, db
from config import Config
from tests import postgres
from tests.migrated import migrate

KINDS = ("sqlite", "postgresql")


@contextmanager
def installation(kind: str, *, testing: bool = True) -> Iterator[tuple[str, Path]]:
    """The URL of an empty database of ``kind`` with its application's context, and a folder."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            url = f"sqlite:///{folder}/bench.sqlite"
            with _context(url, testing=testing):
                yield url, Path(folder)
            return
        with postgres.server(durable=True) as server:
            postgres.create(server, "bench")
            url = postgres.url(server, "bench")
            with _context(url, testing=testing):
                yield url, Path(folder)
            postgres.drop(server, "bench")


@contextmanager
def _context(url: str, *, testing: bool) -> Iterator[None]:
    migrate(url)
    begin_reading()
    config = Config(
        database_url=url, secret_key="k" * 40, public_url="http://localhost", testing=testing
    ).checked()
    with create_app(config).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()
