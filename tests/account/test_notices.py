"""The bell: what rings, where it leads, and who marks it as read."""

import re

from flask.testing import FlaskClient

from app.database import db, transaction
from app.people.models import Person
from app.tickets import assignment, conversation, queries
from app.tickets.words import Channel
from tests import factories
from tests.cast import NOW, Cast, sign_in


def given_to_mara(cast: Cast) -> int:
    """A request of Elke's that Jens gave to Mara, and on which Elke then wrote."""
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    with transaction():
        mara, jens = (db.session.get_one(Person, one.id) for one in (cast.mara, cast.jens))
        assignment.assign(queries.for_change(ticket.id), assignee=mara, team=None, by=jens, at=NOW)
    with transaction():
        conversation.requester_message(
            queries.for_change(ticket.id),
            by=db.session.get_one(Person, cast.elke.id),
            body="It is worse now.",
            channel=Channel.PORTAL,
            at=NOW,
        )
    return ticket.id


def unread_on(page: str) -> str:
    found = re.search(r'class="bell-count"[^>]*>([^<]+)<', page)
    return found[1] if found else ""


def test_the_bell_counts_on_every_page_and_leads_to_the_ticket(client: FlaskClient, cast: Cast):
    ref = given_to_mara(cast)
    sign_in(client, cast.mara)
    assert unread_on(client.get("/desk/views/mine").text) == "2"
    page = client.get("/notices").text
    assert "Elke Sommer wrote on" in page
    assert "Jens Adler gave you" in page
    newest = re.findall(r"/notices/(\d+)/reading", page)[0]

    answer = client.post(f"/notices/{newest}/reading")

    assert answer.location == f"/desk/tickets/{ref}"
    assert unread_on(client.get("/notices").text) == "1"


def test_the_bell_of_the_portal_counts_ones_own_alone(client: FlaskClient, cast: Cast):
    given_to_mara(cast)
    sign_in(client, cast.elke)

    assert unread_on(client.get("/portal").text) == ""


def test_all_that_was_shown_is_read_with_one_press(client: FlaskClient, cast: Cast):
    given_to_mara(cast)
    sign_in(client, cast.mara)
    found = re.search(r'name="up_to" value="(\d+)"', client.get("/notices").text)
    assert found

    client.post("/notices/reading", data={"up_to": found[1]})

    assert unread_on(client.get("/notices").text) == ""


def test_nobody_opens_what_rang_for_another(client: FlaskClient, cast: Cast):
    given_to_mara(cast)
    sign_in(client, cast.mara)
    theirs = re.findall(r"/notices/(\d+)/reading", client.get("/notices").text)[0]
    sign_in(client, cast.tomas)

    assert client.post(f"/notices/{theirs}/reading").status_code == 404
    assert client.post("/notices/reading", data={"up_to": theirs}).status_code == 303
    sign_in(client, cast.mara)
    assert unread_on(client.get("/notices").text) == "2"


def test_a_requester_reads_of_an_answer_at_the_bell(client: FlaskClient, cast: Cast):
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    with transaction():
        mara = db.session.get_one(Person, cast.mara.id)
        conversation.reply(queries.for_change(ticket.id), by=mara, body="Try this.", at=NOW)
    sign_in(client, cast.elke)
    assert unread_on(client.get("/portal").text) == "1"
    page = client.get("/notices").text

    answer = client.post(re.findall(r"/notices/\d+/reading", page)[0])

    assert "Mara Lindt answered" in page
    assert answer.location == f"/portal/requests/{ticket.id}"


def test_a_bell_that_never_rang_says_so(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    assert "Nothing has rung." in client.get("/notices").text
    assert client.post("/notices/reading", data={"up_to": "x"}).status_code == 303
