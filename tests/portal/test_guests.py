"""Guest links: one request for one person without a password."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import wallclock
from app.clocks import queries as clocks
from app.database import db, transaction
from app.notices.models import Notice
from app.people import signing_in
from app.people.models import Person
from app.tickets import conversation, copying, guests, queries
from app.tickets.models import GuestLink, Message, Ticket
from app.tickets.words import Status
from tests import factories
from tests.cast import NOW, Cast, sign_in

EARLIER = NOW - timedelta(hours=1)


@pytest.fixture
def ticket(cast: Cast, ida: Person) -> Ticket:
    return factories.open_request(ida, cast.vpn_problem, at=EARLIER)


@pytest.fixture
def url(ticket: Ticket, ida: Person) -> str:
    """The way in that her letter has."""
    link = guests.find_link(ticket.id, ida, at=NOW)
    assert link is not None
    return f"/t/{guests.token_of(link)}"


def test_the_letter_leads_who_has_no_password_to_their_request(
    client: FlaskClient, ticket: Ticket, url: str
):
    notice = db.session.scalars(select(Notice).where(Notice.kind == "ticket-opened")).one()
    clock = clocks.clocks_of([ticket.id])[ticket.id][0]

    page = client.get(url)

    assert notice.facts["guest"] in url
    assert page.status_code == 200
    assert ticket.subject in page.text
    assert "Ida Berg" in page.text
    assert "My requests" not in page.text
    assert client.get(f"{url}/why/{clock.id}").status_code == 200


def test_opening_the_link_changes_nothing(client: FlaskClient, url: str):
    def counts() -> list[int]:
        tables = (Message, GuestLink, Notice)
        return [db.session.scalar(select(func.count()).select_from(each)) for each in tables]

    before = counts()
    client.get(url)

    assert counts() == before


def test_a_guest_answers_mutes_and_closes(client: FlaskClient, ticket: Ticket, url: str):
    client.post(f"{url}/messages", data={"body": "It is back."})
    client.post(f"{url}/muting", data={"deed": "mute"})
    page = client.get(url).text
    client.post(f"{url}/closing")

    assert "It is back." in page
    assert "Write to me again" in page
    assert queries.for_change(ticket.id).status is Status.CLOSED


def test_a_guest_sees_this_request_alone_and_puts_nobody_in_copy(
    client: FlaskClient, cast: Cast, ida: Person, url: str
):
    factories.open_request(ida, cast.vpn_problem, at=EARLIER, subject="Payroll of the board")

    page = client.get(url).text

    assert "Payroll of the board" not in page
    assert "Put a colleague in copy" not in page
    assert client.get("/portal").location.startswith("/sign-in")


def test_a_link_is_one_persons_and_made_by_nobody_else(
    client: FlaskClient, cast: Cast, ticket: Ticket, ida: Person, url: str
):
    link = guests.find_link(ticket.id, ida, at=NOW)
    token = url.removeprefix("/t/")
    assert link is not None
    for wrong in (link.secret, f"{link.secret}.", token[:-1], f"x{token}", "²", "a" * 5000):
        assert client.get(f"/t/{wrong}").status_code == 404
    with transaction():
        signing_in.set_password(db.session.get_one(Person, ida.id), "a password of hers")

    assert client.get(url).location.endswith(f"/portal/requests/{ticket.id}")


def test_an_expired_link_is_renewed_by_letter_only(client: FlaskClient, ticket: Ticket, url: str):
    with wallclock.frozen(NOW + guests.LIVES + timedelta(days=1)):
        page = client.get(url)
        onward = {client.post(f"{url}/renewal").location for _ in range(2)}
        answer = client.post(f"{url}/messages", data={"body": "Hello?"})

    notices = db.session.scalars(select(Notice).where(Notice.kind == "guest-link")).all()
    assert page.status_code == answer.status_code == 410
    assert "This link has expired." in page.text
    assert onward == {"/letter-sent?about=request"}
    assert "a new link is on its way to your mailbox" in client.get(onward.pop()).text
    assert ticket.subject not in page.text
    assert len(notices) == 1
    assert notices[0].facts["guest"] not in url


def test_a_revoked_link_is_over_at_once(
    client: FlaskClient, cast: Cast, ticket: Ticket, ida: Person, url: str
):
    link = guests.find_link(ticket.id, ida, at=NOW)
    assert link is not None
    sign_in(client, cast.mara)
    page = client.get(f"/desk/tickets/{ticket.id}/guest-links")
    client.post(f"/desk/tickets/{ticket.id}/guest-links", data={"link": link.id})
    client.post("/sign-out")

    gone = client.get(url)
    client.post(f"{url}/renewal")

    assert "Ida Berg" in page.text
    assert (gone.status_code, "taken back" in gone.text) == (410, True)
    assert "Send me a new link" not in gone.text
    assert db.session.scalars(select(Notice).where(Notice.kind == "guest-link")).all() == []


def test_who_is_taken_out_of_copy_comes_in_no_more(client: FlaskClient, cast: Cast, ida: Person):
    other = factories.open_request(cast.elke, cast.vpn_problem, at=EARLIER)
    with transaction():
        copying.put_in_copy(queries.for_change(other.id), who=ida, by=cast.elke, at=NOW)
    link = guests.find_link(other.id, ida, at=NOW)
    assert link is not None
    way = f"/t/{guests.token_of(link)}"

    seen = client.get(way)
    client.post(f"{way}/leaving")

    assert "A request you are in copy of" in seen.text
    assert client.get(way).status_code == 410


def test_every_letter_of_a_guest_has_the_same_link(cast: Cast, ticket: Ticket):
    for minutes in (1, 2):
        with transaction():
            conversation.reply(
                queries.for_change(ticket.id),
                by=cast.mara,
                body="We look at it.",
                at=NOW + timedelta(minutes=minutes),
            )

    secrets = {notice.facts["guest"] for notice in db.session.scalars(select(Notice))}
    assert len(secrets) == 1
