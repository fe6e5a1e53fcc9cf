"""The search of the portal: one's own requests, words only, and never what staff said alone."""

import re
from html import unescape

import pytest

from app import wallclock
from app.database import transaction
from app.tickets import conversation
from app.tickets.queries import for_change
from tests.cast import NOW, assemble, sign_in
from tests.factories import open_request
from tests.statements import counted


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


def test_the_number_of_ones_own_request_leads_to_it_with_a_sign_before_it_or_without(client, cast):
    hers = open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Toner").id
    foreign = open_request(cast.sigrid, cast.vpn_problem, at=NOW, subject="Labels").id
    about = open_request(cast.elke, cast.vpn_problem, at=NOW, subject=f"More about {hers}").id

    for line in (f"{hers}", f"#{hers}", f" {hers} "):
        page = searched(client, cast.elke, line)
        assert page.count(f'href="/portal/requests/{hers}"') == 1
        assert (f'href="/portal/requests/{about}"' in page) is ("#" not in line)
    assert "Nothing was found." in searched(client, cast.elke, f"{foreign}")


@pytest.mark.parametrize(
    "line", ["gate", "gate dow", "GATEW, finan?", 'gate "vpn', "gate -printer"]
)
def test_words_that_stand_nowhere_are_looked_for_as_beginnings(client, cast, line):
    page = searched(client, cast.elke, line)

    assert "None of your requests holds exactly these words." in page
    assert "Which <mark>gateway</mark> is it?" in page


@pytest.mark.parametrize("line", ["gateway", "certif", "way", "ga", "-gate is:done"])
def test_whole_words_notes_and_middles_of_words_are_looked_for_as_ever(client, cast, line):
    page = searched(client, cast.elke, line)

    assert ("gateway</mark>" in page) is (line == "gateway")
    assert "exactly these words" not in page


def test_umlauts_may_be_written_out(client, cast):
    open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Umzug in die Müllerstraße")

    page = searched(client, cast.elke, "muellerstrasse")
    assert "Umzug in die <mark>Müllerstraße</mark>" in page


def test_beginnings_go_on_over_pages(client, cast):
    for number in range(26):
        open_request(cast.elke, cast.vpn_problem, at=NOW, subject=f"Printing {number}.")

    first = searched(client, cast.elke, "print")
    older = unescape(re.search(r'rel="next" href="([^"]+)"', first)[1])
    assert "Printing</mark> 0." in client.get(older).text


@pytest.mark.parametrize("part", ["is:bogus", "created:99", "-colour:red", "sla:soon"])
def test_what_was_meant_for_a_field_and_is_none_is_said_where_nothing_is_found(client, cast, part):
    sign_in(client, cast.elke)
    page = client.get("/portal/search", query_string={"q": f"xylophone {part} is:open"}).text

    assert f"“{part}” is no field that we know" in page
    assert "is:open, is:done, created:2026-01.., has:attachment" in page


@pytest.mark.parametrize("line", ["xylophone", "xylophone is:open", "https://xylophone.example"])
def test_where_everything_was_understood_nothing_is_said_of_fields(client, cast, line):
    sign_in(client, cast.elke)
    page = client.get("/portal/search", query_string={"q": line}).text

    assert "Nothing was found." in page
    assert "is no field" not in page


def test_signs_alone_find_nothing_and_say_so(client, cast):
    assert "Nothing was found." in searched(client, cast.elke, "😀")
    assert "Nothing was found." not in searched(client, cast.elke, "")


def test_what_was_found_costs_no_more_statements_than_before(client, cast):
    sign_in(client, cast.elke)
    with counted() as whole:
        client.get("/portal/search?q=gateway")
    with counted() as begun:
        client.get("/portal/search?q=gate")
    with counted() as nothing:
        client.get("/portal/search?q=nowhere")

    assert len(begun) == len(whole) + 1
    assert len(nothing) <= len(whole)


def test_what_can_be_asked_for_is_offered_beside_what_was_asked(client, cast):
    page = searched(client, cast.elke, "vpn")

    assert "Ask for it" in page
    assert "/portal/new/vpn" in page
    assert "Ask for it" not in searched(client, cast.elke, "gateway")
