"""A promise to Brenner & Voss that was broken: Elke's request was answered a day late."""

from datetime import timedelta

import pytest
from flask import Flask

from app import wallclock
from app.agreements.models import Agreement
from app.clocks import queries as clocks
from app.clocks.models import Clock
from app.database import db, transaction
from app.tickets import conversation, queries
from app.tickets.models import Ticket
from tests import factories
from tests.cast import NOW, Cast, assemble

LATE = NOW + timedelta(days=1)


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Everybody, a day after the moment of the drawings."""
    cast = assemble()
    wallclock.use(lambda: LATE)
    return cast


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Opened on Wednesday, answered on Thursday: the first response is broken."""
    opened = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    with transaction():
        conversation.reply(queries.for_change(opened.id), by=cast.mara, body="It is back.", at=LATE)
    return db.session.get_one(Ticket, opened.id)


@pytest.fixture
def clock(ticket: Ticket) -> Clock:
    """The broken promise."""
    found = clocks.clocks_of([ticket.id])[ticket.id]
    return next(clock for clock in found if clock.measure == "first_response")


@pytest.fixture
def agreement(cast: Cast) -> Agreement:
    """What Halden and Brenner & Voss signed."""
    return db.session.get_one(Agreement, cast.workplace.agreement.id)
