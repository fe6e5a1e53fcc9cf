"""The place that the routes are asked about, and browsers that are signed in already."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import transaction
from app.people import signing_in
from app.people.models import Person
from tests import place as stage
from tests.cast import NOW
from tests.conftest import Browser
from tests.place import Place

Visits = Callable[..., FlaskClient]


@pytest.fixture
def place(app: Flask) -> Iterator[Place]:
    """One request of Elke's, and a row of every kind that a URL can name."""
    with stage.set_up() as place:
        yield place


@pytest.fixture
def visit(app: Flask) -> Visits:
    """``visit(cast.mara)`` is a browser with her session; forms need their token there."""
    app.test_client_class = Browser

    def arrive(person: Person | None = None) -> FlaskClient:
        client = app.test_client()
        if person is not None:
            with transaction():
                token = signing_in.start_session(
                    person, at=NOW, absolute_s=3600, address="127.0.0.1", user_agent="tests"
                )
            client.set_cookie("pledge", token)
        return client

    return arrive
