"""People in copy, letters that are muted, and what an organisation shares."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db, transaction
from app.errors import Refusal
from app.notices.models import Notice
from app.people import queries as people
from app.people.models import Organisation, Person
from app.tickets import addressing, conversation, copying, guests, muting, queries
from app.tickets.conversation import Then
from app.tickets.models import Participant, Ticket
from tests import factories
from tests.cast import NOW, Cast, sign_in

EARLIER = NOW - timedelta(hours=1)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return factories.open_request(cast.elke, cast.vpn_problem, at=EARLIER)


def put_in_copy(ticket: Ticket, who: Person, *, by: Person) -> None:
    with transaction():
        copying.put_in_copy(queries.for_change(ticket.id), who=who, by=by, at=NOW)


def reply(ticket: Ticket, cast: Cast, then: Then = Then.NOTHING) -> None:
    with transaction():
        conversation.reply(
            queries.for_change(ticket.id), by=cast.mara, body="We look at it.", at=NOW, then=then
        )


def told(kind: str) -> set[str]:
    query = select(Person.name).join(Notice, Notice.person_id == Person.id)
    return set(db.session.scalars(query.where(Notice.kind == kind)))


def share(organisation: Organisation) -> None:
    with transaction():
        db.session.get_one(Organisation, organisation.id).shares_requests = True


EVERYBODY = "Everybody at Brenner &amp; Voss can read"


def test_who_asks_is_told_before_and_after_who_reads_it(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.elke)
    pages = ("/portal/new/vpn", f"/portal/requests/{ticket.id}")
    alone = [client.get(page).text for page in pages]
    share(cast.brenner)
    shared = [client.get(page).text for page in pages]

    assert [EVERYBODY in page for page in alone] == [False, False]
    assert [EVERYBODY in page for page in shared] == [True, True]


def test_whoever_else_reads_it_is_told_so_too(
    client: FlaskClient, cast: Cast, ticket: Ticket, ida: Person
):
    share(cast.brenner)
    put_in_copy(ticket, ida, by=cast.elke)
    link = guests.find_link(ticket.id, ida, at=NOW)
    assert link is not None
    by_link = client.get(f"/t/{guests.token_of(link)}").text
    sign_in(client, cast.martin)
    by_sharing = client.get(f"/portal/requests/{ticket.id}").text

    assert EVERYBODY in by_link
    assert EVERYBODY in by_sharing
    assert "Nobody else reads this." not in by_link + by_sharing


def test_who_only_reads_along_is_asked_for_no_answer(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    share(cast.brenner)
    reply(ticket, cast, Then.RESOLVE)
    pages = ("/portal/requests?whose=all&show=all", f"/portal/requests/{ticket.id}")
    sign_in(client, cast.martin)
    colleagues = [client.get(page).text for page in pages]
    sign_in(client, cast.elke)

    assert ["We believe this is solved." in page for page in colleagues] == [True, True]
    assert ["Answer if it is not." in page for page in colleagues] == [False, False]
    assert "Answer if it is not." in client.get(pages[1]).text


def test_an_agent_who_asks_is_told_who_of_the_house_reads_it(client: FlaskClient, cast: Cast):
    share(cast.halden)
    sign_in(client, cast.mara)

    assert "Everybody at Halden can read" in client.get("/portal/new/vpn").text


def test_a_colleague_in_copy_is_told_reads_and_answers(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    url = f"/portal/requests/{ticket.id}"
    sign_in(client, cast.elke)
    added = client.post(f"{url}/copies", data={"address": "Martin.Voss@brenner-voss.example"})
    reply(ticket, cast)
    sign_in(client, cast.martin)
    page = client.get(url).text
    client.post(f"{url}/messages", data={"body": "I have it as well."})

    assert added.status_code == 303
    assert "Asked by Elke Sommer." in page
    assert "We look at it." in page
    assert told("put-in-copy") == {"Martin Voss"}
    assert told("ticket-replied") == {"Elke Sommer", "Martin Voss"}
    assert told("requester-wrote") == {"Elke Sommer"}


def test_an_unknown_colleague_becomes_a_person_with_a_personal_link(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.elke)

    client.post(
        f"/portal/requests/{ticket.id}/copies", data={"address": "ida.berg@brenner-voss.example"}
    )

    ida = people.find_person_by_address("ida.berg@brenner-voss.example")
    letter = db.session.scalars(select(Notice).where(Notice.kind == "put-in-copy")).one()
    assert ida is not None
    assert (ida.name, ida.password_hash) == ("Ida Berg", None)
    assert letter.facts["guest"]


@pytest.mark.parametrize(
    "address",
    ["sigrid.moe@fjordbank.example", "nobody@fjordbank.example", "mara.lindt@halden.example"],
)
def test_who_is_no_colleague_is_refused_whether_known_or_not(
    client: FlaskClient, cast: Cast, ticket: Ticket, address: str
):
    sign_in(client, cast.elke)

    page = client.post(f"/portal/requests/{ticket.id}/copies", data={"address": address})

    assert "Only your own colleagues can be put in copy here." in page.text
    assert address in page.text
    assert db.session.scalars(select(Participant)).all() == []


def test_only_who_asked_takes_others_out_and_everybody_leaves_by_themselves(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    put_in_copy(ticket, cast.martin, by=cast.elke)
    url = f"/portal/requests/{ticket.id}"
    sign_in(client, cast.martin)
    others = client.post(f"{url}/copies/removal", data={"person": cast.elke.id})
    left = client.post(f"{url}/copies/removal", data={"person": cast.martin.id})

    assert others.status_code == 403
    assert left.location.endswith("/portal/requests")
    assert client.get(url).status_code == 404


def test_a_requester_floods_nobody_with_copies(cast: Cast, ticket: Ticket, monkeypatch):
    monkeypatch.setattr(copying, "MOST_A_DAY", 1)
    other = factories.open_request(cast.elke, cast.vpn_problem, at=EARLIER)
    put_in_copy(ticket, cast.martin, by=cast.elke)

    with pytest.raises(Refusal, match="many people for one day"):
        put_in_copy(other, cast.martin, by=cast.elke)


def test_who_mutes_gets_no_letter_unless_the_clock_waits_for_them(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    put_in_copy(ticket, cast.martin, by=cast.elke)
    for person in (cast.elke, cast.martin):
        sign_in(client, person)
        client.post(f"/portal/requests/{ticket.id}/muting", data={"deed": "mute"})
    reply(ticket, cast)
    silent = told("ticket-replied")
    with transaction():
        conversation.reply(
            queries.for_change(ticket.id),
            by=cast.mara,
            body="Which gateway?",
            at=NOW + timedelta(minutes=1),
            then=Then.WAIT,
        )

    assert silent == set()
    assert told("ticket-replied") == {"Elke Sommer"}
    assert addressing.addressees_of(ticket) == []
    sign_in(client, cast.martin)
    client.post(f"/portal/requests/{ticket.id}/muting", data={"deed": "unmute"})
    assert not muting.is_muted(ticket, cast.martin)


def test_a_shared_request_is_read_by_colleagues_who_join_to_answer(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    share(cast.brenner)
    url = f"/portal/requests/{ticket.id}"
    sign_in(client, cast.martin)

    assert ticket.subject not in client.get("/portal/requests").text
    assert ticket.subject in client.get("/portal/requests?whose=all").text
    reading = client.get(url).text
    refused = client.post(f"{url}/messages", data={"body": "Me, too."})
    client.post(f"{url}/joining")
    client.post(f"{url}/messages", data={"body": "Me, too."})
    joined = client.get(url).text

    assert "put yourself in copy" in reading
    assert "Your answer" not in reading
    assert refused.status_code == 403
    assert "Me, too." in joined
    assert ticket.subject in client.get("/portal/requests").text


def test_a_colleague_reads_for_whom_we_wait(client: FlaskClient, cast: Cast, ticket: Ticket):
    put_in_copy(ticket, cast.martin, by=cast.elke)
    reply(ticket, cast, Then.WAIT)
    sign_in(client, cast.martin)

    page = client.get(f"/portal/requests/{ticket.id}").text

    assert "We are waiting for an answer from Elke Sommer." in page
    assert "waiting for Elke Sommer since" in page
    assert "waiting for you" not in page
