"""Corrections through the pages: shown before they are confirmed, never done unseen."""

import re

import pytest

from app.catalogue.words import Kind
from app.database import db
from app.tickets.models import Ticket
from tests.cast import NOW, sign_in
from tests.factories import open_request


@pytest.fixture
def url(cast, client) -> str:
    sign_in(client, cast.mara)
    return f"/desk/tickets/{open_request(cast.elke, cast.vpn_problem, at=NOW).id}"


def ticket(url: str) -> Ticket:
    db.session.expire_all()
    return db.session.get_one(Ticket, int(url.rsplit("/", 1)[1]))


def test_a_correction_is_shown_before_it_is_confirmed(client, cast, url):
    form = {"kind": "request", "about": "type:vpn", "reason": "Nothing is broken"}

    page = client.post(f"{url}/classification", data=form).text

    assert "What this does to the promises" in page
    assert ticket(url).kind is Kind.INCIDENT
    seen = re.search(r'name="confirmed" value="([^"]+)"', page)[1]
    done = client.post(f"{url}/classification", data={**form, "confirmed": seen})
    assert done.status_code == 303
    assert ticket(url).kind is Kind.REQUEST
    assert "corrected the classification: “Nothing is broken”" in client.get(url).text


def test_what_was_not_shown_is_shown_first(client, cast, url):
    form = {"kind": "request", "about": "none", "reason": "So", "confirmed": "request|type:vpn"}

    assert "What this does" in client.post(f"{url}/classification", data=form).text
    assert ticket(url).kind is Kind.INCIDENT


def test_another_requester_brings_the_agreement_of_their_organisation(client, cast, url):
    form = {"requester": "sigrid.moe@fjordbank.example", "reason": "She called"}
    page = client.post(f"{url}/requester", data=form).text
    seen = re.search(r'name="confirmed" value="([^"]+)"', page)[1]

    client.post(f"{url}/requester", data={**form, "confirmed": seen})

    assert ticket(url).requester_id == cast.sigrid.id
    assert "Nobody with this address" in (
        client.post(f"{url}/requester", data={**form, "requester": "no@body.example"}).text
    )


def test_each_priority_says_what_it_would_do(client, cast, url):
    page = client.get(f"{url}/priority").text

    assert re.search(r"Resolution due .* left \(now due .* left\)", page)
