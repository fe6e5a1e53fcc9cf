"""The pages of a request that is acknowledged, and then helped by a workaround."""

import re
from datetime import timedelta

import pytest

from app import wallclock
from app.agreements import loading
from app.database import transaction
from app.tickets import conversation
from app.tickets.queries import for_change
from app.tickets.words import Channel
from tests.cast import NOW, Cast, sign_in
from tests.factories import open_request
from tests.tickets.test_acknowledging import agreement
from tests.unit.agreements import papers

pytestmark = pytest.mark.any_database
MARK = 'name="workaround"'


@pytest.fixture
def ticket_id(cast: Cast) -> int:
    """A request of Sigrid's; word of who has it and a way round are promised."""
    with transaction():
        loading.load(agreement(), at=NOW - timedelta(days=10))
    return open_request(cast.sigrid, cast.vpn_problem, at=NOW).id


def test_mara_acknowledges_gives_a_workaround_and_sigrid_reads_both(client, cast, ticket_id):
    desk, portal = f"/desk/tickets/{ticket_id}", f"/portal/requests/{ticket_id}"
    sign_in(client, cast.sigrid)
    page = client.get(portal).text
    assert "Somebody has it in hand by" in page
    assert "A workaround by" in page
    sign_in(client, cast.mara)
    wallclock.use(lambda: NOW + timedelta(minutes=7))

    assert client.post(f"{desk}/in-hand").status_code == 303

    page = client.get(desk).text
    assert "The requester was told that Mara Lindt has it in hand" in page
    assert f"{desk}/in-hand" not in page
    assert re.search(MARK + r"[^>]*><span>This is a workaround: it keeps the promise due", page)
    form = {"body": "Use the old gateway.", "then": "send", "workaround": "y"}
    client.post(f"{desk}/replies", data=form)
    page = client.get(desk).text
    assert MARK not in page
    assert "Mara Lindt gave a workaround" in page
    assert "A workaround</span>" in page
    sign_in(client, cast.sigrid)
    page = client.get(portal).text
    assert "Mara Lindt has your request in hand since 14:27 CET." in page
    assert "This is a workaround: it helps you on until we have solved it." in page


def test_a_workaround_by_telephone_is_marked_on_the_calls_form_and_read_as_one(
    client, cast, ticket_id
):
    calls = f"/desk/tickets/{ticket_id}/calls"
    sign_in(client, cast.mara)
    wallclock.use(lambda: NOW + timedelta(minutes=7))
    assert "It helps until the solution: it keeps the promise due" in client.get(calls).text
    form = {"outcome": "not_reached", "body": "Use the old gateway.", "workaround": "y"}

    page = client.post(calls, data=form).text
    assert "Who was not reached knows of no workaround." in page
    assert "Use the old gateway." in page

    assert client.post(calls, data=form | {"outcome": "reached"}).status_code == 303
    page = client.get(f"/desk/tickets/{ticket_id}").text
    assert "Mara Lindt called and gave the requester a workaround" in page
    assert "A workaround</span>" in page
    assert MARK not in client.get(calls).text, "it is owed no longer"
    sign_in(client, cast.sigrid)
    page = client.get(f"/portal/requests/{ticket_id}").text
    assert "This is a workaround: it helps you on until we have solved it." in page


def test_where_neither_is_promised_the_page_asks_for_neither(client, cast, ticket_id):
    other = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    sign_in(client, cast.mara)

    page = client.get(f"/desk/tickets/{other}").text

    assert "in-hand" not in page
    assert MARK not in page


def test_what_is_still_owed_stands_before_what_was_kept(client, cast):
    values = agreement()
    values["tiers"][0]["targets"] += papers.targets('measure = "next_response"; within = "2 h"')
    with transaction():
        loading.load(values, at=NOW - timedelta(days=10))
    asked = open_request(cast.sigrid, cast.vpn_problem, at=NOW)
    with transaction():
        at = NOW + timedelta(minutes=5)
        ticket = for_change(asked.id)
        conversation.reply(ticket, by=cast.mara, body="The old one.", at=at, workaround=True)
        at += timedelta(minutes=4)
        portal = Channel.PORTAL
        conversation.requester_message(
            ticket, by=cast.sigrid, body="Thanks.", channel=portal, at=at
        )
    sign_in(client, cast.sigrid)

    page = client.get(f"/portal/requests/{asked.id}").text

    shown = (
        "Solved by",
        "An answer to your last message by",
        "A workaround by",
        "A first answer by",
    )
    assert sorted(shown, key=page.index) == list(shown)
