"""A form that comes back: it says so first, where it stands, and at the field itself."""

import re

import pytest
from flask.testing import FlaskClient

from app.database import transaction
from app.tickets import conversation, queries
from app.tickets.conversation import MAX_BODY, Then
from app.tickets.models import Ticket
from tests import factories
from tests.cast import NOW, Cast, sign_in
from tests.portal.test_asking import WORDS

SUMMARY = '<div class="errors" id="errors" role="alert" tabindex="-1" autofocus>'


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return factories.open_request(cast.elke, cast.vpn_problem, at=NOW)


def title(page: str) -> str:
    found = re.search("<title>(.*?)</title>", page, re.DOTALL)
    assert found
    return found[1]


def linked(page: str) -> list[str]:
    """The fields that the summary names, in its order."""
    return re.findall(r'<li><a href="#([^"]+)">', page)


@pytest.mark.parametrize("body", ["", "x" * (MAX_BODY + 1)], ids=["empty", "too long"])
def test_a_refused_answer_says_so_first_and_at_its_field(
    client: FlaskClient, cast: Cast, ticket: Ticket, body: str
):
    url = f"/portal/requests/{ticket.id}"
    sign_in(client, cast.elke)
    before = client.get(url).text
    page = client.post(f"{url}/messages", data={"body": body}).text

    assert f'action="{url}/messages#errors"' in before
    assert 'id="errors"' not in before
    assert not title(before).startswith("Error:")
    assert title(page).startswith(f"Error: {ticket.subject}")
    assert SUMMARY in page
    assert linked(page) == ["body"]
    assert 'aria-invalid="true" aria-describedby="body-error"' in page
    assert 'id="body-error"' in page


def test_the_navigation_says_where_one_is_when_a_form_came_back(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.elke)
    url = f"/portal/requests/{ticket.id}"
    back = [
        client.post(f"{url}/messages", data={"body": ""}).text,
        client.post(f"{url}/copies", data={"address": ""}).text,
    ]

    for page in back:
        assert '<a href="/portal/requests" aria-current="page">' in page
        assert title(page).startswith("Error:")


def test_who_closes_lands_where_it_is_said(client: FlaskClient, cast: Cast, ticket: Ticket):
    sign_in(client, cast.elke)

    answer = client.post(f"/portal/requests/{ticket.id}/closing", data={"body": ""})

    assert answer.location == f"/portal/requests/{ticket.id}#content"


def test_a_new_request_says_so_in_its_own_order(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    page = client.post("/portal/new/vpn", data={"once": "of the tests"}).text

    assert title(page).startswith("Error: ")
    assert SUMMARY in page
    assert linked(page) == ["subject", "choice", "body"]
    assert 'id="choice" tabindex="-1" aria-describedby="choice-error"' in page


def test_the_form_without_an_account_says_so_in_its_own_order(client: FlaskClient, cast: Cast):
    page = client.post("/ask/vpn", data={"once": WORDS["once"]}).text

    assert title(page).startswith("Error: ")
    assert linked(page) == ["subject", "choice", "body", "name", "address"]


def test_a_rating_without_a_choice_says_so(client: FlaskClient, cast: Cast, ticket: Ticket):
    with transaction():
        conversation.reply(
            queries.for_change(ticket.id), by=cast.mara, body="Done.", at=NOW, then=Then.RESOLVE
        )
    sign_in(client, cast.elke)
    page = client.post(f"/portal/requests/{ticket.id}/rating", data={}).text

    assert title(page).startswith("Error: ")
    assert linked(page) == ["score"]
    assert 'id="score" tabindex="-1" aria-describedby="score-error"' in page
