"""A world on a database of its own."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import create_app, wallclock
from app.database import db
from config import Config
from tests import postgres
from tests.faults.house import House, furnish
from tests.faults.world import World
from tests.faults.world import world as made


@pytest.fixture(scope="session")
def furnished(
    template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, House]]:
    """A database with the cast and the ladder in seconds, to copy."""
    if template.startswith("postgresql"):
        name = f"furnished_{uuid.uuid4().hex[:12]}"
        postgres.create(template, name, template=template)
        url = postgres.url(template, name)
        yield url, _furnish(url)
        postgres.drop(template, name)
    else:
        path = tmp_path_factory.mktemp("furnished") / "furnished.sqlite"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}", _furnish(f"sqlite:///{path}")


@pytest.fixture
def database_url(furnished: tuple[str, House], tmp_path: Path) -> Iterator[str]:
    """A furnished database of this test's own."""
    url, _ = furnished
    if url.startswith("sqlite"):
        path = tmp_path / "pledge.sqlite"
        shutil.copyfile(url.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
    else:
        name = f"test_{uuid.uuid4().hex[:12]}"
        postgres.create(url, name, template=url)
        yield postgres.url(url, name)
        postgres.drop(url, name)


@pytest.fixture
def world(app, database_url, furnished, nursery, tmp_path) -> Iterator[World]:
    with made(app, database_url, tmp_path, nursery, furnished[1]) as world:
        yield world


def _furnish(url: str) -> House:
    before = wallclock._source
    config = Config(
        database_url=url, secret_key="x" * 40, public_url="http://localhost", testing=True
    )
    app = create_app(config.checked())
    with app.app_context():
        house = furnish()
        db.session.remove()
        with db.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    wallclock.use(before)
    return house
