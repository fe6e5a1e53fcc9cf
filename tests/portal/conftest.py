"""The cast on stage at the moment of the drawings."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app import wallclock
from app.database import transaction
from app.people import joining
from app.people.models import Person
from tests import cast as stage
from tests.cast import Cast


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """Everybody, at 14:20 CET on Wednesday 18 November 2026."""
    with wallclock.frozen(stage.NOW):
        yield stage.assemble()


@pytest.fixture
def ida(cast: Cast) -> Person:
    """A colleague of Elke who never had a password."""
    with transaction():
        return joining.add_person(
            "Ida Berg",
            organisation=cast.brenner,
            at=stage.NOW - timedelta(hours=1),
            address="ida@brenner-voss.example",
        )
