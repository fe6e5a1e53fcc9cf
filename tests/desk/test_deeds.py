"""The forms of the ticket page: each asks for its reason, shows what it does, and does it."""

import re
from datetime import timedelta

import pytest

from app import wallclock
from app.database import db, transaction
from app.tickets import agreeing, conversation, lifecycle
from app.tickets.models import AgreedDate, Message, Ticket, Watcher
from app.tickets.queries import for_change
from app.tickets.words import Channel, Status
from tests.cast import NOW, sign_in
from tests.factories import open_request


@pytest.fixture
def ticket_id(cast) -> int:
    return open_request(cast.elke, cast.vpn_problem, at=NOW - timedelta(minutes=20)).id


@pytest.fixture
def url(client, cast, ticket_id) -> str:
    sign_in(client, cast.mara)
    return f"/desk/tickets/{ticket_id}"


def ticket(ticket_id: int) -> Ticket:
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket_id)


def test_a_message_that_needs_no_answer_is_said_so_with_a_reason(client, cast, ticket_id, url):
    with transaction():
        one = for_change(ticket_id)
        conversation.reply(one, by=cast.mara, body="Done?", at=NOW - timedelta(minutes=9))
        conversation.requester_message(
            one, by=cast.elke, body="Yes!", channel=Channel.PORTAL, at=NOW - timedelta(minutes=8)
        )
    assert f"{url}/no-answer" in client.get(url).text
    assert "Say why." in client.post(f"{url}/no-answer", data={"reason": ""}).text

    client.post(f"{url}/no-answer", data={"reason": "Only thanks"})

    page = client.get(url).text
    assert "the last message needs no answer: “Only thanks”" in page
    assert f"{url}/no-answer" not in page


def test_a_call_is_written_down_in_the_agents_own_zone(client, ticket_id, url):
    form = {"outcome": "reached", "body": "Spoke.", "happened": "2026-11-18T14:10"}
    assert client.post(f"{url}/calls", data=form).status_code == 303

    call = db.session.query(Message).filter_by(body="Spoke.").one()
    assert call.at == NOW - timedelta(minutes=10)
    assert "A call that reached the requester, made 14:10 CET" in client.get(url).text
    ahead = client.post(f"{url}/calls", data={**form, "happened": "2026-11-18T15:10"}).text
    assert "lies ahead" in ahead


def test_merging_shows_both_promises_and_leads_there(client, cast, ticket_id, url):
    other = open_request(cast.martin, cast.vpn_problem, at=NOW, subject="Nor can I").id
    form = {"into": f"#{other}", "reason": "The same gateway"}

    page = client.post(f"{url}/merge", data=form).text

    assert "The requesters differ" in page
    assert "cancelled (merged)" in page
    assert ticket(ticket_id).status is Status.NEW
    seen = re.search(r'name="confirmed" value="([^"]+)"', page)[1]
    answer = client.post(f"{url}/merge", data={**form, "confirmed": seen})
    assert answer.location.endswith(f"/desk/tickets/{other}")
    assert f'This goes on in <a href="/desk/tickets/{other}">' in client.get(url).text
    assert "There is no ticket #77" in (
        client.post(f"/desk/tickets/{other}/merge", data={**form, "into": "#77"}).text
    )
    sign_in(client, cast.elke)
    assert f"/portal/requests/{other}" in client.get(f"/portal/requests/{ticket_id}").text
    assert "nobody in finance can connect" in client.get(f"/portal/requests/{other}").text


def test_spam_is_listed_and_taken_out_again(client, ticket_id, url):
    client.post(f"{url}/spam", data={"reason": "Advertisement"})
    assert ticket(ticket_id).status is Status.SPAM
    assert "VPN down" in client.get("/desk/spam").text
    assert "/desk/spam" in client.get("/desk/views/all-open").text

    client.post(f"{url}/spam/restoring", data={"reason": "A client"})

    assert ticket(ticket_id).status is Status.NEW
    assert "Nothing is set aside" in client.get("/desk/spam").text


def test_an_agreed_date_is_kept_shown_and_removed(client, cast, ticket_id, url):
    form = {"due": "2026-11-23T10:00", "reason": "The part comes", "accepted_by": "Elke Sommer"}
    client.post(f"{url}/agreed-date", data=form)
    assert db.session.query(AgreedDate).one().due_at.isoformat() == "2026-11-23T09:00:00+00:00"
    assert "accepted by Elke Sommer" in client.get(url).text
    sign_in(client, cast.elke)
    assert "Our promises stay as above" in client.get(f"/portal/requests/{ticket_id}").text

    sign_in(client, cast.mara)
    skipped = client.post(f"{url}/agreed-date", data={**form, "due": "2027-03-28T02:30"}).text
    assert "The clocks skipped this time" in skipped
    client.post(f"{url}/agreed-date/removal", data={"reason": "Not needed"})
    assert agreeing.find_agreed(ticket(ticket_id)) is None


def test_a_colleague_watches_with_a_reason_and_is_let_go(client, cast, ticket_id, url):
    form = {"person": str(cast.tomas.id), "deed": "add"}
    assert "Say why" in client.post(f"{url}/watchers", data=form).text
    client.post(f"{url}/watchers", data={**form, "reason": "He knows it"})
    assert db.session.query(Watcher).one().person_id == cast.tomas.id
    client.post(f"{url}/watchers", data={**form, "deed": "remove"})
    assert db.session.query(Watcher).count() == 0


def test_the_status_form_names_what_stands_still(client, url):
    page = client.get(f"{url}/status").text

    assert "Resolution stands still under this agreement." in page
    assert "Every clock runs on." in page


def test_after_the_window_the_portal_offers_a_request_that_follows(client, cast, ticket_id):
    with transaction():
        lifecycle.resolve(for_change(ticket_id), by=cast.mara, solution="Done", at=NOW)
    sign_in(client, cast.mara)
    reopening = client.get(f"/desk/tickets/{ticket_id}/reopening").text
    assert "The resolution clock goes on where it stopped" in reopening
    wallclock.use(lambda: NOW + timedelta(days=8))
    sign_in(client, cast.elke)
    page = client.get(f"/portal/requests/{ticket_id}").text
    link = re.search(r'href="(/portal/new/vpn\?follows=\d+)"', page)[1]
    form = client.get(link).text
    assert 'value="VPN down for the finance team"' in form

    data = {"subject": "Again", "choice": "0", "body": "Since noon.", "follows": str(ticket_id)}
    choice = re.search(r'name="choice" value="([^"]+)"', form)[1]
    made = client.post("/portal/new/vpn", data={**data, "choice": choice})

    sign_in(client, cast.mara)
    new = made.location.removesuffix("?received=1").rsplit("/", 1)[1]
    assert f"following #{ticket_id}" in client.get(f"/desk/tickets/{new}").text
    assert f"#{new} follows it" in client.get(f"/desk/tickets/{ticket_id}").text


def test_a_request_is_written_down_with_its_own_contact(client, cast, url):
    form = {
        "requester": "elke.sommer@brenner-voss.example",
        "how": "reached",
        "contact": "2026-11-18T13:30",
        "request_type": "vpn",
        "priority": "high",
        "subject": "Telephone: VPN down",
        "body": "She says nobody can connect.",
    }
    assert (
        "Say why it is written down only now." in client.post("/desk/tickets/new", data=form).text
    )

    client.post("/desk/tickets/new", data={**form, "late_because": "On the road"})

    made = db.session.query(Ticket).filter_by(subject="Telephone: VPN down").one()
    assert made.contact_at == NOW - timedelta(minutes=50)
    assert "written down later: “On the road”" in client.get(f"/desk/tickets/{made.id}").text
