"""Asking for help."""

import re

from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clocks import queries as clocks
from app.database import db
from app.tickets.models import Ticket
from tests import factories
from tests.cast import NOW, Cast, sign_in

URL = "/portal/new/vpn"
FILLED = {
    "subject": "VPN says “gateway did not answer”",
    "choice": "2",
    "body": "Six people cannot connect since half past three.",
}


def once_of(page: str) -> str:
    found = re.search(r'name="once"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def tickets() -> int:
    return db.session.scalar(select(func.count()).select_from(Ticket)) or 0


def test_the_catalogue_leads_to_the_form(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    page = client.get("/portal").text

    assert "Network and VPN" in page
    assert f'href="{URL}"' in page


def test_the_promise_stands_beside_the_form_before_it_is_sent(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    page = client.get(URL).text

    assert "If you send this now" in page
    assert "We answer by" in page
    assert "Managed workplace, version" in page
    assert tickets() == 0


def test_what_was_promised_is_what_is_kept(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    shown = client.post(URL, data={**FILLED, "show": "1"}).text
    promised = re.findall(r"<b>(\d\d:\d\d [^<]+)</b>", shown)

    answer = client.post(URL, data={**FILLED, "once": once_of(shown)}, follow_redirects=True)

    assert len(promised) == 2
    assert answer.request.path.startswith("/portal/requests/")
    for due in promised:
        assert due in answer.text
    assert FILLED["subject"] in answer.text


def test_another_choice_shows_another_promise_and_loses_nothing(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    high = client.post(URL, data={**FILLED, "show": "1"}).text
    urgent = client.post(URL, data={**FILLED, "choice": "3", "show": "1"}).text

    assert FILLED["body"] in high
    assert "High priority" in high
    assert re.findall(r"<b>\d\d:\d\d [^<]+</b>", high) != re.findall(
        r"<b>\d\d:\d\d [^<]+</b>", urgent
    )
    assert tickets() == 0


def test_the_script_fetches_the_card_of_a_priority(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    card = client.get(f"{URL}/promise?priority=urgent")

    assert "We answer by" in card.text
    assert "<html" not in card.text
    assert client.get(f"{URL}/promise?priority=none").status_code == 404
    assert client.get(f"{URL}/promise").status_code == 404


def test_an_empty_form_says_what_to_do_and_keeps_what_was_typed(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    page = client.post(URL, data={**FILLED, "body": "  "}).text

    assert "Write at least one sentence" in page
    assert 'href="#body"' in page
    assert "gateway did not answer" in page
    assert tickets() == 0


def test_a_request_leads_to_its_page_which_says_that_we_have_it(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    said = "We have your request. It is "

    answer = client.post(URL, data=FILLED)
    page = answer.location.removesuffix("?received=1")

    assert "Set-Cookie" not in answer.headers
    assert said in client.get(answer.location).text
    assert said not in client.get(page).text


def test_sending_twice_makes_one_request(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    data = {**FILLED, "once": once_of(client.get(URL).text)}

    first, second = client.post(URL, data=data), client.post(URL, data=data)

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert tickets() == 1


def test_the_one_time_id_of_somebody_else_shows_nothing(client: FlaskClient, cast: Cast):
    factories.open_request(cast.martin, cast.vpn_problem, at=NOW, once="martins")
    sign_in(client, cast.elke)

    answer = client.post(URL, data={**FILLED, "once": "martins"})

    assert answer.status_code == 404


def test_a_request_lands_in_the_queue_of_its_team_with_its_clocks(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)
    client.post(URL, data=FILLED)

    ticket = db.session.scalars(select(Ticket)).one()

    assert ticket.requester_id == cast.elke.id
    assert ticket.team_id == cast.network.id
    assert ticket.priority == "high"
    assert {clock.measure for clock in clocks.clocks_of([ticket.id])[ticket.id]} >= {
        "first_response",
        "resolution",
    }


def test_an_unknown_kind_of_request_is_not_found(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    assert client.get("/portal/new/nothing").status_code == 404


def test_somebody_without_an_agreement_gets_the_promise_of_the_house(
    client: FlaskClient, cast: Cast
):
    sign_in(client, cast.sigrid)

    page = client.get(URL).text

    assert "We answer by" in page
    assert "Managed workplace" not in page


def test_what_may_already_help_is_found_by_the_words_of_the_subject(
    client: FlaskClient, cast: Cast
):
    sign_in(client, cast.elke)

    own = client.get("/portal/new/vpn/hints").text
    found = client.get("/portal/new/network-down/hints?about=The+VPN+window+says+gateway").text
    nothing = client.get("/portal/new/network-down/hints?about=zzzz").text

    assert "Before you write" in own
    assert "This may already help" not in own
    assert "This may already help" in found
    assert "Reconnecting once often helps" in own
    assert "Reconnecting once often helps" in found
    assert "/portal/new/vpn" in found
    assert "Reconnecting" not in nothing
