"""The search of the portal: one's own requests, words only, and never what staff said alone."""

import pytest

from app import wallclock
from app.database import transaction
from app.tickets import conversation
from app.tickets.queries import for_change
from tests.cast import NOW, assemble, sign_in
from tests.factories import open_request


@pytest.fixture
def cast(app):
    cast = assemble()
    wallclock.use(lambda: NOW)
    ticket = open_request(cast.elke, cast.vpn_problem, at=NOW)
    open_request(cast.sigrid, cast.vpn_problem, at=NOW, subject="Somebody else's VPN")
    with transaction():
        locked = for_change(ticket.id)
        conversation.note(locked, by=cast.mara, body="She forgot the certificate.", at=NOW)
        conversation.reply(locked, by=cast.mara, body="Which gateway is it?", at=NOW)
    return cast


def searched(client, person, line: str) -> str:
    sign_in(client, person)
    answer = client.get("/portal/search", query_string={"q": line})
    assert answer.status_code == 200
    return answer.text


def test_a_requester_finds_their_own_requests_with_the_words_marked(client, cast):
    page = searched(client, cast.elke, "vpn gateway")

    assert "<mark>VPN</mark> down for the finance team" in page
    assert "Which <mark>gateway</mark> is it?" in page
    assert "Somebody else" not in page


def test_words_of_notes_find_nothing(client, cast):
    assert "Nothing was found." in searched(client, cast.elke, "certificate")
    assert "Nothing was found." in searched(client, cast.mara, "vpn")


@pytest.mark.parametrize("line", ["vpn is:open", "vpn created:today", "-certificate vpn"])
def test_the_few_fields_of_requesters_work(client, cast, line):
    assert "finance team" in searched(client, cast.elke, line)


@pytest.mark.parametrize("line", ["tag:vpn", "sla:breached", "is:opne", '"vpn', "due:soon", "re:x"])
def test_what_is_no_field_of_theirs_is_looked_for_as_words(client, cast, line):
    page = searched(client, cast.elke, line)

    assert ("finance team" in page) is (line == '"vpn')
    assert "There is no field" not in page


def test_what_can_be_asked_for_is_offered_beside_what_was_asked(client, cast):
    page = searched(client, cast.elke, "vpn")

    assert "Ask for it" in page
    assert "/portal/new/vpn" in page
    assert "Ask for it" not in searched(client, cast.elke, "gateway")
