"""How it went: said once, after the solution, on the page or by a link from the letter."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import signatures, wallclock
from app.database import db, transaction
from app.notices.models import Notice
from app.tickets import conversation, queries, rating
from app.tickets.conversation import Then
from app.tickets.models import Rating, Ticket
from tests import factories
from tests.cast import NOW, Cast, sign_in

EARLIER = NOW - timedelta(hours=1)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Elke's request, solved by Mara."""
    made = factories.open_request(cast.elke, cast.vpn_problem, at=EARLIER)
    with transaction():
        conversation.reply(
            queries.for_change(made.id),
            by=cast.mara,
            body="A cable was loose.",
            at=NOW,
            then=Then.RESOLVE,
        )
    return made


@pytest.fixture
def link(ticket: Ticket) -> str:
    """What the letter's links lead to."""
    notice = db.session.scalars(select(Notice).where(Notice.kind == "ticket-resolved")).one()
    return f"/rate/{signatures.sign(notice.facts['rate'], purpose='rating')}"


def found() -> list[tuple[int, str]]:
    return [(each.score, each.comment) for each in db.session.scalars(select(Rating))]


def test_a_requester_says_once_how_it_went_and_the_desk_reads_it(
    client: FlaskClient, cast: Cast, ticket: Ticket
):
    url = f"/portal/requests/{ticket.id}"
    sign_in(client, cast.elke)
    asked = client.get(url).text
    client.post(f"{url}/rating", data={"score": "5", "comment": "Quick!"})
    again = client.post(f"{url}/rating", data={"score": "1"})
    page = client.get(url).text
    sign_in(client, cast.mara)
    desk = client.get(f"/desk/tickets/{ticket.id}").text

    assert "How did it go?" in asked
    assert "You have told us already." in again.text
    assert "You said how it went: Very good." in page
    assert found() == [(5, "Quick!")]
    assert "Quick!" in desk
    assert "rated it 5 of 5" in desk


def test_nothing_chosen_is_refused_in_place(client: FlaskClient, cast: Cast, ticket: Ticket):
    sign_in(client, cast.elke)

    page = client.post(f"/portal/requests/{ticket.id}/rating", data={"comment": "So so."}).text

    assert "Choose one of the five." in page
    assert "So so." in page
    assert found() == []


def test_the_link_of_the_letter_asks_and_changes_nothing_by_itself(
    client: FlaskClient, ticket: Ticket, link: str
):
    page = client.get(f"{link}?score=4").text
    before = found()
    client.post(link, data={"score": "4", "comment": ""})
    after = client.get(link).text

    assert ticket.subject in page
    assert "A cable was loose." not in page
    assert 'value="4" checked' in page
    assert before == []
    assert found() == [(4, "")]
    assert "You said how it went: Good." in after


def test_a_link_is_good_for_its_own_rating_only(
    client: FlaskClient, cast: Cast, ticket: Ticket, link: str
):
    guest = signatures.sign(f"{ticket.id}-{cast.elke.id}", purpose="guest")
    martins = signatures.sign(f"{ticket.id}-{cast.martin.id}", purpose="rating")

    assert client.get(f"/rate/{guest}").status_code == 404
    assert client.get(f"/rate/{martins}").status_code == 404
    assert client.get(link.replace("/rate/", "/t/")).status_code == 404
    assert client.get(f"{link}x").status_code == 404


@pytest.mark.parametrize("score", ["0", "6", "²", "", "5 "])
def test_a_score_is_one_of_five(client: FlaskClient, link: str, score: str):
    page = client.post(link, data={"score": score})

    assert page.status_code == 200
    assert "<title>Error: " in page.text
    assert 'href="#score"' in page.text
    assert found() == []


def test_neither_before_the_solution_nor_long_after_it_nor_by_others(
    client: FlaskClient, cast: Cast, ticket: Ticket, link: str
):
    running = factories.open_request(cast.elke, cast.vpn_problem, at=EARLIER)
    sign_in(client, cast.elke)
    early = client.post(f"/portal/requests/{running.id}/rating", data={"score": "5"}).text
    with wallclock.frozen(NOW + rating.WITHIN + timedelta(days=1)):
        late = client.post(link, data={"score": "5"}).text

    assert "once it is solved" in early
    assert "long over" in late
    assert not rating.may_rate(ticket, cast.martin, at=NOW)
    assert found() == []
