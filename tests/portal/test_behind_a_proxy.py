"""Where a request came from, as the proxies in front of us say, and as a visitor would have it."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db
from app.people.models import SignInSession
from config import Config
from tests.cast import PASSWORD, Cast

STRANGER, ELKE = "203.0.113.5", "198.51.100.9"


@pytest.fixture(params=[0, 1])
def config(request: pytest.FixtureRequest, config: Config) -> Config:
    """The settings with so many proxies in front."""
    return replace(config, proxies=request.param)


def sign_in_from(client: FlaskClient, origin: str, address: str | None, password: str) -> int:
    """The status of the answer; ``origin`` is what the nearest proxy adds to the header."""
    return client.post(
        "/sign-in",
        data={"address": address, "password": password},
        headers={"X-Forwarded-For": f"192.0.2.1, {origin}"},
    ).status_code


def test_a_strangers_wrong_tries_lock_nobody_out_behind_a_proxy_that_is_known(
    client: FlaskClient, cast: Cast, config: Config
):
    for _ in range(10):
        sign_in_from(client, STRANGER, cast.elke.address, "wrong")

    let_in = sign_in_from(client, ELKE, cast.elke.address, PASSWORD)

    assert let_in == (303 if config.proxies else 429)


def test_sign_ins_name_where_they_came_from_by_proxies_that_are_known_alone(
    client: FlaskClient, cast: Cast, config: Config
):
    sign_in_from(client, ELKE, cast.elke.address, PASSWORD)

    (origin,) = db.session.scalars(select(SignInSession.address))
    assert origin == (ELKE if config.proxies else "127.0.0.1")
