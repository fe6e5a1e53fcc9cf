"""The cast on stage at the moment of the drawings, a request of Elke's, and Mara at her desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import wallclock
from tests.cast import NOW, Cast, assemble, sign_in
from tests.factories import open_request


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Everybody, at 14:20 CET on Wednesday 18 November 2026."""
    cast = assemble()
    wallclock.use(lambda: NOW)
    return cast


@pytest.fixture
def ticket_id(cast: Cast) -> int:
    """The request that Elke has just opened: the VPN is down."""
    return open_request(cast.elke, cast.vpn_problem, at=NOW).id


@pytest.fixture
def mara(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The browser in which Mara has signed in."""
    sign_in(client, cast.mara)
    return client
