"""What a requester is told of a promise: everything that counts, nothing that is not theirs."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.catalogue.words import Priority
from app.clocks import queries as clocks
from app.database import transaction
from app.tickets import classification, conversation, queries
from app.tickets.conversation import Then
from app.tickets.models import Ticket
from app.tickets.words import Channel
from tests import factories
from tests.cast import NOW, Cast, sign_in

EARLIER = NOW - timedelta(hours=4)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Elke's request: answered and asked back by Mara, answered by Elke, lowered by Mara."""
    made = factories.open_request(cast.elke, cast.vpn_problem, at=EARLIER)

    def at(minutes: int):
        return EARLIER + timedelta(minutes=minutes)

    with transaction():
        conversation.reply(
            queries.for_change(made.id),
            by=cast.mara,
            body="Which gateway?",
            at=at(10),
            then=Then.WAIT,
        )
    with transaction():
        conversation.requester_message(
            queries.for_change(made.id),
            by=cast.elke,
            body="The third.",
            channel=Channel.PORTAL,
            at=at(70),
        )
    with transaction():
        classification.prioritise(
            queries.for_change(made.id),
            priority=Priority.LOW,
            reason="Canary: they only moan.",
            by=cast.mara,
            at=at(100),
        )
    return made


def clock_id(ticket: Ticket) -> int:
    found = clocks.clocks_of([ticket.id])[ticket.id]
    return next(clock.id for clock in found if clock.measure == "resolution")


def test_a_requester_reads_everything_but_names_reasons_and_other_priorities(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.elke)
    address = f"/portal/requests/{ticket.id}/why/{clock_id(ticket)}"

    page, data = client.get(address).text, client.get(f"{address}.json").json

    assert "Went on by you" in page
    assert "Target changed from 4 h to 3 business days" in page
    assert "Waited for you" in page
    for hidden in ("Mara", "Canary"):
        assert hidden not in page.split("<main")[1].split("Back to the request")[0]
        assert hidden not in str(data)
    assert {change["by"] for change in data["changes"]} == {"you", ""}
    assert all(move["effect"] != "moves" for move in data["moves"])


def test_the_data_adds_up_for_staff_and_names_who_and_why(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.mara)

    data = client.get(f"/desk/tickets/{ticket.id}/why/{clock_id(ticket)}.json").json

    assert data["state"] == "running"
    assert sum(span["counted_s"] for span in data["spans"]) == data["used_s"] == 3 * 3600
    assert sum(span["paused_s"] for span in data["spans"]) == data["paused_s"] == 3600
    assert data["left_s"] == data["budget_s"] - data["used_s"]
    paused = next(span for span in data["spans"] if span["kind"] == "paused")
    assert (paused["what"], paused["by"]) == ("waiting for the requester", "Mara Lindt")
    moved = next(change for change in data["changes"] if change["kind"] == "retargeted")
    assert (moved["by"], moved["reason"]) == ("Mara Lindt", "Canary: they only moan.")
    assert moved["rule"].startswith("longer: ")
    assert {move["what"] for move in data["moves"]} >= {"High", "Urgent"}


def test_the_page_of_staff_tells_what_the_data_tells(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.mara)

    page = client.get(f"/desk/tickets/{ticket.id}/why/{clock_id(ticket)}").text

    assert "Target changed from 4 h to 3 business days: Mara Lindt, “Canary" in page
    assert "3 h 00 m 00 s" in page
    assert f"/desk/tickets/{ticket.id}/why/{clock_id(ticket)}.json" in page
