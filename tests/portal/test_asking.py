"""A request without an account: nothing happens before the mailbox is proven."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import wallclock
from app.database import db, transaction
from app.mail import rendering
from app.notices.models import Notice
from app.people import queries
from app.people.models import Organisation
from app.tickets import unproven
from app.tickets.models import Ticket, UnprovenRequest
from tests.cast import NOW, Cast, sign_in
from tests.portal import letters

WORDS = {
    "name": "Kim Holm",
    "address": "kim.holm@brenner-voss.example",
    "subject": "The printer smokes",
    "choice": "0",
    "body": "Since this morning.",
    "once": "a-one-time-id-of-tests",
}


def ask(client: FlaskClient, **other: str):
    return client.post("/ask/vpn", data=WORDS | other)


def tickets() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Ticket)) or 0


def test_a_request_becomes_a_ticket_when_its_mailbox_is_proven(client: FlaskClient, cast: Cast):
    assert ask(client).location == "/letter-sent"
    assert tickets() == 0
    link = letters.link_in(letters.newest())
    later = NOW + timedelta(hours=2)

    with wallclock.frozen(later):
        assert "The printer smokes" in client.get(link).text
        assert tickets() == 0
        answer = client.post(link)

    assert answer.status_code == 303
    db.session.rollback()
    ticket = db.session.scalars(select(Ticket)).one()
    kim = queries.find_person_by_address(WORDS["address"])
    assert kim is not None
    assert (ticket.requester_id, ticket.organisation_id) == (kim.id, cast.brenner.id)
    assert ticket.contact_at == later
    assert kim.password_hash is None
    assert client.get(answer.location).status_code == 200
    assert client.get("/portal").status_code == 302, "the link signs nobody in"


def test_who_asks_without_an_account_is_told_who_reads_it(client: FlaskClient, cast: Cast):
    with transaction():
        db.session.get_one(Organisation, cast.brenner.id).shares_requests = True
    form = client.get("/ask/vpn").text
    ask(client)
    confirming = client.get(letters.link_in(letters.newest())).text
    ask(client, address="kim@elsewhere.example", once="another-one-time-id")
    of_nobody = client.get(letters.link_in(letters.newest())).text
    ask(client, address=str(cast.sigrid.address), once="a-third-one-time-id")
    of_another = client.get(letters.link_in(letters.newest())).text

    assert "Where your organisation shares its requests" in form
    assert "Everybody at Brenner &amp; Voss can read" in confirming
    assert "can read" not in of_nobody + of_another


def test_the_letter_carries_nothing_the_stranger_typed(client: FlaskClient, cast: Cast):
    ask(client)

    drawn = rendering.render(letters.newest(), to_send=True)

    for word in ("Kim", "Holm", "printer", "morning"):
        assert word not in (drawn.subject + drawn.text + drawn.html).replace("kim.holm", "")


def test_the_form_of_a_known_person_is_answered_alike(client: FlaskClient, cast: Cast):
    unknown = ask(client)
    known = ask(client, address=str(cast.elke.address), once="another-one-time-id")

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    answer = client.post(letters.link_in(letters.newest()))

    db.session.rollback()
    assert db.session.scalars(select(Ticket)).one().requester_id == cast.elke.id
    assert answer.location.startswith("/portal/requests/")


def test_sent_twice_it_is_one_request_and_one_letter(client: FlaskClient, cast: Cast):
    ask(client)
    assert ask(client).location == "/letter-sent"
    link = letters.link_in(letters.newest())
    client.post(link)

    assert client.post(link).status_code == 410
    assert tickets() == 1


def test_who_opens_the_letters_link_again_learns_that_it_was_sent(client: FlaskClient, cast: Cast):
    ask(client)
    link = letters.link_in(letters.newest())
    early = client.post(f"{link}/again")
    client.post(link)
    ticket = db.session.scalars(select(Ticket)).one()
    page = client.get(link)
    answers = [client.post(f"{link}/again") for _ in range(2)]
    told = db.session.scalars(select(Notice).where(Notice.kind == "guest-link")).all()

    assert early.location == link
    assert f"You have sent this already: {ticket.ref}." in page.text
    assert ticket.subject not in page.text
    assert "/t/" not in page.text
    assert {answer.location for answer in answers} == {"/letter-sent?about=request"}
    assert [(notice.person_id, notice.ticket_id) for notice in told] == [
        (ticket.requester_id, ticket.id)
    ]
    assert told[0].facts["guest"]


def test_who_has_an_account_is_led_from_a_used_link_to_the_request(client: FlaskClient, cast: Cast):
    ask(client, address=str(cast.elke.address))
    link = letters.link_in(letters.newest())
    client.post(link)
    ticket = db.session.scalars(select(Ticket)).one()

    assert f'href="/portal/requests/{ticket.id}"' in client.get(link).text


def test_a_link_of_nobody_says_nothing_of_any_request(client: FlaskClient, cast: Cast):
    never = client.get("/prove/never-was-one")

    assert never.status_code == 410
    assert "You have sent this already" not in never.text
    assert client.post("/prove/never-was-one/again").status_code == 303


def test_files_are_said_to_come_after_the_mailbox_is_proven(client: FlaskClient, cast: Cast):
    form = client.get("/ask/vpn").text
    ask(client)
    link = letters.link_in(letters.newest())
    confirming = client.get(link).text
    first = client.post(link, follow_redirects=True).text

    assert "You can add files after you have confirmed." in form
    assert "You can add files after you have confirmed." in confirming
    assert "Is there a screenshot or a photo? Attach it here" in first


def test_a_bad_name_and_a_bad_address_are_said_at_once(client: FlaskClient, cast: Cast):
    page = ask(client, address="no address", name="www.prize.example").text

    assert "That is no mail address" in page
    assert "A name holds no link" in page
    assert page.index("<main") < page.index('href="#name"') < page.index('href="#address"')


def test_what_was_typed_comes_back_with_what_is_wrong(client: FlaskClient, cast: Cast):
    page = ask(client, address="no address", name="www.prize.example").text

    assert "That is no mail address" in page
    assert "The printer smokes" in page
    assert "Since this morning." in page
    assert letters.count() == 0


def test_what_nobody_proves_is_forgotten(client: FlaskClient, cast: Cast):
    ask(client)
    link = letters.link_in(letters.newest())
    over = NOW + timedelta(days=1)
    with wallclock.frozen(over):
        assert client.post(link).status_code == 410
    with transaction():
        assert unproven.forget_expired(at=over) == 0
    with transaction():
        assert unproven.forget_expired(at=over + unproven.KEPT) == 1

    assert db.session.scalar(select(func.count()).select_from(UnprovenRequest)) == 0


def test_who_is_signed_in_asks_in_the_portal(client: FlaskClient, cast: Cast):
    sign_in(client, cast.elke)

    assert client.get("/ask").location == "/portal"
    assert client.get("/ask/vpn").location == "/portal/new/vpn"
