"""Nothing shows what one may not see: no page, no count, no answer of a form, no letter."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db, transaction
from app.mail import rendering
from app.mail.models import Letter
from app.people import access
from app.people.models import Organisation, Person, Role
from app.tickets import conversation, queries, queue
from app.tickets.filters import Filter, Scope
from app.tickets.models import Participant, Ticket
from app.tickets.words import Status
from tests import factories
from tests.cast import NOW, sign_in
from tests.place import Place, rules, verbs

HIDDEN, SOUGHT = "Zebra", "xylophone"
SIDE_DOORS = (
    f"/desk/search?q={SOUGHT}",
    f"/desk/search?q={SOUGHT}+is:open",
    f"/desk/search.csv?q={SOUGHT}",
    f"/desk/search/suggestions?q={SOUGHT[:4]}",
    f"/portal/requests?q={SOUGHT}&show=all",
    "/portal/requests?whose=organisation&show=all",
    "/desk/views/all-open?sort=subject",
)
"""Addresses with a question in them; one that is not there answers 404 and shows nothing."""


OF_NO_TICKET = {"ref", "what", "form", "macro_id"}
"""Arguments that name nothing which belongs to one ticket."""


@pytest.fixture
def hidden(place: Place) -> Place:
    """Elke's request has words that only those may read who may see it."""
    with transaction():
        ticket = queries.for_change(place.ticket.id)
        words = f"{HIDDEN} in the {SOUGHT} room"
        conversation.requester_message(
            ticket, by=place.cast.elke, body=words, channel=ticket.channel, at=NOW
        )
        ticket.subject = words
    return place


def theirs(place: Place, *, who: Person) -> int:
    """A request of somebody else's, with the team Service desk."""
    ticket = factories.open_request(who, place.cast.vpn_problem, at=NOW, subject="Another matter")
    with transaction():
        db.session.get_one(Ticket, ticket.id).team_id = place.cast.service_desk.id
    return ticket.id


def limited(place: Place) -> Person:
    """Petra, limited to the team Service desk."""
    with transaction():
        db.session.get_one(Person, place.cast.petra.id).is_limited = True
    return place.cast.petra


def gets(app: Flask, place: Place, ref: int) -> Iterator[str]:
    """Every page there is, those of tickets about ``ref``, and the side doors."""
    for rule in rules(app):
        if "GET" in verbs(rule):
            yield place.url(app, rule, ref=ref)
    yield from SIDE_DOORS


def shows(client: FlaskClient, url: str) -> bool:
    """Whether the page, or the file, holds what is hidden."""
    return HIDDEN.encode() in client.get(url).data


@pytest.mark.parametrize(
    "who",
    ["petra", *(pytest.param(who, marks=pytest.mark.any_database) for who in ("sigrid", "martin"))],
)
def test_no_page_shows_a_ticket_that_one_may_not_see(
    app: Flask, client: FlaskClient, hidden: Place, who: str
):
    person = limited(hidden) if who == "petra" else getattr(hidden.cast, who)
    other = theirs(hidden, who=hidden.cast.sigrid if who != "martin" else hidden.cast.martin)
    sign_in(client, person)

    assert [url for url in gets(app, hidden, other) if shows(client, url)] == []


@pytest.mark.any_database
def test_no_form_answers_with_a_ticket_that_one_may_not_see(
    app: Flask, client: FlaskClient, hidden: Place
):
    sign_in(client, limited(hidden))
    other, named = theirs(hidden, who=hidden.cast.sigrid), str(hidden.ticket.id)
    fields = ("into", "other", "to", "ticket", "ticket_id", "number", "ref", "refs", "tickets")
    greedy = dict.fromkeys((*fields, "message", "draft", "follows", "chosen"), named)
    shown = []
    for rule in rules(app):
        if "POST" in verbs(rule) and rule.endpoint != "portal.sign_out":
            answer = client.post(
                hidden.url(app, rule, ref=other), data=greedy, follow_redirects=True
            )
            shown += [rule.endpoint] if HIDDEN in answer.text else []
    assert shown == []


def test_counts_are_of_what_can_be_opened(hidden: Place):
    sight = access.sight_of(limited(hidden))
    other = theirs(hidden, who=hidden.cast.sigrid)
    for scope in Scope:
        rows = queue.page(sight, Filter(scope=scope), at=NOW).rows
        assert queue.count(sight, Filter(scope=scope), at=NOW) == len(rows)
        assert {row.ticket.id for row in rows} <= {other}


@pytest.mark.any_database
def test_what_belongs_to_another_ticket_is_not_found_on_this_one(
    app: Flask, client: FlaskClient, place: Place
):
    sign_in(client, place.cast.nora)
    other = theirs(place, who=place.cast.sigrid)
    wrong = []
    for rule in rules(app, of_ticket=True):
        if not rule.rule.startswith("/desk/") or rule.arguments <= OF_NO_TICKET:
            continue
        for verb in verbs(rule):
            answer = client.open(place.url(app, rule, ref=other), method=verb)
            if answer.status_code != 404:
                wrong.append(f"{verb} {rule.endpoint}: {answer.status_code}")
    assert wrong == []


def test_a_note_reaches_nobody_of_the_requesters_side(
    app: Flask, client: FlaskClient, place: Place
):
    cast = place.cast
    with transaction():
        db.session.get_one(Organisation, cast.brenner.id).shares_requests = True
        db.session.add(
            Participant(
                ticket_id=place.ticket.id,
                person_id=cast.sigrid.id,
                since_at=NOW,
                added_by_id=cast.elke.id,
            )
        )
        ticket = queries.for_change(place.ticket.id)
        conversation.note(ticket, by=cast.mara, body=f"{HIDDEN}: {SOUGHT}", at=NOW)
        conversation.reply(ticket, by=cast.mara, body="An answer", at=NOW)

    for who in (cast.elke, cast.martin, cast.sigrid):
        sign_in(client, who)
        pages = list(gets(app, place, place.ticket.id))
        assert [url for url in pages if shows(client, url)] == []
    for letter in db.session.scalars(select(Letter)):
        if not letter.to_address.endswith("@halden.example"):
            drawn = rendering.render(letter)
            assert HIDDEN not in drawn.text + drawn.html + drawn.subject


GREEDY = {
    "role": "admin",
    "is_active": "",
    "is_limited": "",
    "organisation": "1",
    "organisation_id": "1",
    "capacity": "99",
    "requester_id": "1",
    "assignee_id": "1",
    "team_id": "1",
    "status": "closed",
    "is_note": "y",
    "channel": "mail",
    "author_name": "Nora Falk",
    "password_hash": "x",
}


@pytest.mark.any_database
@pytest.mark.parametrize("who", ["elke", "mara"])
def test_fields_that_no_form_has_change_nobody(
    app: Flask, client: FlaskClient, place: Place, who: str
):
    person = getattr(place.cast, who)
    with transaction():
        db.session.get_one(Person, place.cast.mara.id).is_limited = True

    def kept() -> set[tuple[object, ...]]:
        columns = (Person.id, Person.role, Person.organisation_id, Person.is_active)
        more = (Person.is_limited, Person.capacity, Person.password_hash)
        db.session.rollback()
        return {tuple(row) for row in db.session.execute(select(*columns, *more))}

    sign_in(client, person)
    before = kept()
    for rule in rules(app):
        if "POST" in verbs(rule) and rule.endpoint not in {"portal.sign_out", "portal.sign_in"}:
            client.post(place.url(app, rule), data=GREEDY)

    assert before <= kept()
    assert {row[1] for row in kept() - before} <= {Role.REQUESTER}


@pytest.mark.any_database
def test_a_request_is_ones_own_whatever_the_form_says(client: FlaskClient, place: Place):
    sign_in(client, place.cast.elke)
    words = {"subject": "Own", "body": "Own words", "choice": "0", "once": "own"}

    assert client.post("/portal/new/vpn", data=GREEDY | words).status_code == 303

    made = db.session.scalars(select(Ticket).where(Ticket.subject == "Own")).one()
    assert (made.requester_id, made.organisation_id) == (place.cast.elke.id, place.cast.brenner.id)
    assert (made.status, made.assignee_id) == (Status.NEW, None)
