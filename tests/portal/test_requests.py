"""One's own requests."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import wallclock
from app.clocks import queries as clocks
from app.database import db, transaction
from app.people.models import Person
from app.tickets import assignment, conversation, lifecycle, queries
from app.tickets.conversation import Then
from app.tickets.models import Ticket
from app.tickets.words import Status
from tests import factories, statements
from tests.cast import NOW, Cast, sign_in

EARLIER = NOW - timedelta(hours=4)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Elke's request from this morning, taken by Mara."""
    made = factories.open_request(cast.elke, cast.vpn_problem, at=EARLIER)
    with transaction():
        locked = queries.for_change(made.id)
        assignment.take(locked, by=cast.mara, at=EARLIER + timedelta(minutes=5))
    return made


def reply(ticket: Ticket, cast: Cast, then: Then, minutes: int = 15) -> None:
    with transaction():
        conversation.reply(
            queries.for_change(ticket.id),
            by=cast.mara,
            body="Could you send me the client log?",
            at=EARLIER + timedelta(minutes=minutes),
            then=then,
        )


def status_of(ticket: Ticket) -> Status:
    return queries.for_change(ticket.id).status


def test_a_request_shows_who_looks_after_it_and_what_was_promised(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.elke)

    page = client.get(f"/portal/requests/{ticket.id}").text

    assert ticket.ref in page
    assert "We are on it. Mara Lindt looks after this." in page
    assert "Solved by" in page
    assert "A first answer by" in page
    assert "Why this time?" in page


def test_who_lives_elsewhere_reads_in_which_zone_the_times_are(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    url = f"/portal/requests/{ticket.id}"
    sign_in(client, cast.elke)
    at_home = client.get(url).text
    with transaction():
        db.session.get_one(Person, cast.elke.id).zone = "Asia/Tokyo"

    assert "The times above are in" not in at_home
    assert "The times above are in JST." in client.get(url).text


def test_what_else_is_open_stands_beside_it(client: FlaskClient, cast: Cast, ticket: Ticket):
    other = factories.open_request(
        cast.elke, cast.vpn_problem, at=EARLIER, subject="Ledger export for the auditor"
    )
    sign_in(client, cast.elke)

    assert other.subject in client.get(f"/portal/requests/{ticket.id}").text
    assert ticket.subject in client.get(f"/portal/requests/{other.id}").text
    assert ticket.subject in client.get("/portal").text


def test_notes_are_never_shown(client: FlaskClient, cast: Cast, ticket: Ticket):
    with transaction():
        conversation.note(
            queries.for_change(ticket.id), by=cast.mara, body="Canary: difficult.", at=NOW
        )
    sign_in(client, cast.elke)

    assert "Canary" not in client.get(f"/portal/requests/{ticket.id}").text
    assert "Canary" not in client.get("/portal/requests").text


def test_a_first_answer_in_time_is_told(client: FlaskClient, cast: Cast, ticket: Ticket):
    reply(ticket, cast, Then.NOTHING)
    sign_in(client, cast.elke)

    assert "Answered in 15 m, as promised" in client.get(f"/portal/requests/{ticket.id}").text


def test_waiting_says_whom_for_and_an_answer_ends_it(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    reply(ticket, cast, Then.WAIT)
    sign_in(client, cast.elke)
    url = f"/portal/requests/{ticket.id}"

    waiting = client.get(url).text
    answer = client.post(f"{url}/messages", data={"body": "Here is the log."})
    after = client.get(url).text

    assert "waiting for you since" in waiting
    assert "Solved within" in waiting
    assert answer.status_code == 303
    assert status_of(ticket) is Status.OPEN
    assert "Here is the log." in after
    assert "Not counted: " in after


def test_an_empty_answer_is_refused_in_place(client: FlaskClient, cast: Cast, ticket: Ticket):
    sign_in(client, cast.elke)

    answer = client.post(f"/portal/requests/{ticket.id}/messages", data={"body": " "})

    assert answer.status_code == 200
    assert "Write your answer first." in answer.text


def test_an_answer_sent_twice_is_said_once(client: FlaskClient, cast: Cast, ticket: Ticket):
    sign_in(client, cast.elke)
    data = {"body": "Still the same.", "once": "a-one-time-id"}

    for _ in range(2):
        client.post(f"/portal/requests/{ticket.id}/messages", data=data)

    assert client.get(f"/portal/requests/{ticket.id}").text.count("Still the same.") == 1


def test_it_works_again_closes_it_with_the_last_words(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.elke)

    client.post(f"/portal/requests/{ticket.id}/closing", data={"body": "Found the cable."})

    page = client.get(f"/portal/requests/{ticket.id}").text
    assert status_of(ticket) is Status.CLOSED
    assert "Found the cable." in page


def test_answering_a_resolved_request_opens_it_again(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    reply(ticket, cast, Then.RESOLVE)
    sign_in(client, cast.elke)
    url = f"/portal/requests/{ticket.id}"

    resolved = client.get(url).text
    client.post(f"{url}/messages", data={"body": "It is back."})

    assert "We believe this is solved." in resolved
    assert "Open it again" in resolved
    assert status_of(ticket) is Status.OPEN


def test_a_resolved_request_can_be_closed(client: FlaskClient, cast: Cast, ticket: Ticket):
    reply(ticket, cast, Then.RESOLVE)
    sign_in(client, cast.elke)

    client.post(f"/portal/requests/{ticket.id}/closing")

    assert status_of(ticket) is Status.CLOSED


def test_after_the_window_a_new_request_is_offered(client: FlaskClient, cast: Cast, ticket: Ticket):
    reply(ticket, cast, Then.RESOLVE)
    with wallclock.frozen(NOW + timedelta(days=60)):
        sign_in(client, cast.elke)
        page = client.get(f"/portal/requests/{ticket.id}").text
        answer = client.post(f"/portal/requests/{ticket.id}/messages", data={"body": "It is back."})

    assert "Open it again" not in page
    assert "ended more than" in answer.text
    assert "It is back." in answer.text
    assert status_of(ticket) is Status.RESOLVED


def test_why_this_time_quotes_the_clause_and_adds_up(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    sign_in(client, cast.elke)
    for clock in clocks.clocks_of([ticket.id])[ticket.id]:
        page = client.get(f"/portal/requests/{ticket.id}/why/{clock.id}")
        assert page.status_code == 200
        assert "Managed workplace" in page.text
        assert "4 h 00 m 00 s" in page.text or "4 h" in page.text


def test_what_belongs_to_others_looks_like_what_never_was(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    own = factories.open_request(
        cast.martin, cast.vpn_problem, at=EARLIER, subject="Beamer in the big room"
    )
    clock = clocks.clocks_of([ticket.id])[ticket.id][0]
    for stranger in (cast.martin, cast.sigrid, cast.mara):
        sign_in(client, stranger)
        never = client.get("/portal/requests/999999")
        seen = client.get(f"/portal/requests/{ticket.id}")
        assert seen.status_code == never.status_code == 404
        assert seen.text == never.text
        for verb in ("messages", "closing"):
            assert (
                client.post(f"/portal/requests/{ticket.id}/{verb}", data={"body": "x"}).status_code
                == 404
            )
        assert client.get(f"/portal/requests/{ticket.id}/why/{clock.id}").status_code == 404
        assert client.get(f"/portal/requests/{own.id}/why/{clock.id}").status_code == 404
        assert ticket.subject not in client.get("/portal/requests?show=all").text


def test_the_list_shows_open_ones_and_on_request_all(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    done = factories.open_request(
        cast.elke, cast.vpn_problem, at=EARLIER, subject="Printer in Dresden"
    )
    with transaction():
        lifecycle.close(queries.for_change(done.id), by=cast.elke, at=NOW)
    sign_in(client, cast.elke)

    assert "Printer in Dresden" not in client.get("/portal/requests").text
    page = client.get("/portal/requests?show=all").text
    assert "Printer in Dresden" in page
    assert ticket.subject in page


def test_many_requests_are_paged_by_key(client: FlaskClient, cast: Cast):
    for number in range(30):
        factories.open_request(
            cast.elke,
            cast.vpn_problem,
            at=EARLIER + timedelta(seconds=number // 2),
            subject=f"Request number {number:02}",
        )
    sign_in(client, cast.elke)

    first = client.get("/portal/requests").text
    older = [part.split('"')[0] for part in first.split('href="') if "before=" in part]
    second = client.get(older[0].replace("&amp;", "&")).text

    for number in range(30):
        subject = f"Request number {number:02}"
        assert (subject in first) is (number >= 5)
        assert (subject in second) is (number < 5)


def test_a_long_conversation_asks_the_database_no_more(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    def asked() -> int:
        with statements.counted() as seen:
            assert client.get(f"/portal/requests/{ticket.id}").status_code == 200
        return len(seen)

    sign_in(client, cast.elke)
    reply(ticket, cast, Then.NOTHING)
    asked()
    short = asked()
    for minutes in range(20, 40):
        reply(ticket, cast, Then.NOTHING, minutes=minutes)

    assert asked() == short <= 20
