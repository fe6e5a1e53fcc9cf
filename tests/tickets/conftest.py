"""The cast on stage, and the requests that Elke and Martin have opened."""

from datetime import timedelta

import pytest
from flask import Flask

from app.tickets.models import Ticket
from tests.cast import NOW, Cast, assemble
from tests.factories import open_request


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Network has Mara and Tomás; Service desk has Petra, who leads it, and Mara."""
    return assemble()


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """The request of Elke's: the VPN is down."""
    return open_request(cast.elke, cast.vpn_problem, at=NOW)


@pytest.fixture
def ticket_id(ticket: Ticket) -> int:
    """The number of that request."""
    return ticket.id


@pytest.fixture
def older(cast: Cast) -> int:
    """The number of the request of Elke's that another one repeats."""
    return open_request(cast.elke, cast.vpn_problem, at=NOW, subject="VPN down").id


@pytest.fixture
def younger(cast: Cast) -> int:
    """The number of Martin's, ten minutes later: he says the same."""
    at = NOW + timedelta(minutes=10)
    return open_request(cast.martin, cast.vpn_problem, at=at, body="Nor can I.").id
