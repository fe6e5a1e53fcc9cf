"""A week with something of everything, and Mara signed in."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import http, wallclock
from app.clocks.state import Phase
from app.database import db
from app.measures.weeks import Week
from app.people import signing_in
from tests.measures import rows
from tests.measures.rows import NOW, ZONE, House

WEEK = Week.parse("2026-W46", ZONE)
DUE = datetime(2026, 11, 11, 12, tzinfo=UTC)


@pytest.fixture
def house(app: Flask) -> House:
    return rows.house()


@pytest.fixture
def busy(house: House) -> House:
    """Week 46: 9 promises, 6 kept, 3 missed of which 1 still open; 1 excluded, 1 paused."""
    for number in range(4):
        house.promise(DUE + timedelta(hours=number))
    house.promise(DUE, measure="first_response", ticket=house.ticket(team_id=house.network.id))
    house.promise(DUE, measure="next_response", ticket=house.ticket(team_id=None))
    house.promise(DUE, Phase.RUNNING, breached=True, ticket=house.ticket(subject="=Dead switch"))
    house.promise(DUE, breached=True, used_s=7200)
    house.promise(DUE, Phase.CANCELLED, breached=True)
    house.promise(DUE, breached=True, excluded="known late")
    house.promise(None, Phase.PAUSED)
    house.promise(DUE - timedelta(days=7))
    house.promise(NOW + timedelta(minutes=5), Phase.RUNNING)
    db.session.commit()
    return house


@pytest.fixture
def mara(app: Flask, house: House, client: FlaskClient) -> FlaskClient:
    """Mara's browser."""
    with wallclock.frozen(NOW):
        token = signing_in.start_session(
            house.mara,
            at=NOW,
            absolute_s=app.extensions["pledge.config"].session_absolute_s,
            address="127.0.0.1",
            user_agent="test",
        )
        db.session.commit()
    with app.test_request_context():
        client.set_cookie(http.cookie_name(), token)
    return client
