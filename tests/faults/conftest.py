"""A world on a database of its own, and one nursery of workers for all tests of a run."""

from collections.abc import Iterator

import pytest

from tests.faults.nursery import Nursery
from tests.faults.world import World
from tests.faults.world import world as made


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def world(app, database_url, nursery, tmp_path) -> Iterator[World]:
    with made(app, database_url, tmp_path, nursery) as world:
        yield world
