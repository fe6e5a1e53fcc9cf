"""Pages that speak the reader's language speak it whole: nothing on them is English by itself.

Every page of portal and account, each state that a request can be in, what is refused there, and
every letter, all in a language in which only what was translated looks translated
(`tests.pseudo`).
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from zoneinfo import available_timezones

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import drawing, wallclock
from app.agreements.models import Agreement, Target, Tier
from app.calendars.models import StoredCalendar
from app.catalogue.models import RequestType, Service
from app.catalogue.words import Priority
from app.clocks import queries as clocks
from app.database import db, transaction
from app.files.models import Attachment
from app.http.visitors import COMPLETE
from app.mail import rendering
from app.mail.kinds import KINDS
from app.people.models import Organisation, Person, Team
from app.tickets import (
    assignment,
    calls,
    classification,
    conversation,
    copying,
    lifecycle,
    merging,
    queries,
    spam,
    unanswered,
)
from app.tickets.conversation import MAX_BODY, Then
from app.tickets.desk_models import SavedView
from app.tickets.models import Message, Ticket, UnprovenRequest
from app.tickets.words import CallOutcome, Channel
from tests import cast as everybody
from tests import factories, pseudo
from tests import place as stage
from tests.cast import NOW, Cast, sign_in
from tests.mail import samples
from tests.place import Place, rules, verbs

pytestmark = pytest.mark.any_database

OWN = (
    Person.name,
    Person.address,
    Organisation.name,
    Team.name,
    SavedView.name,
    Ticket.subject,
    Message.author_name,
    Message.body,
    Attachment.name,
    UnprovenRequest.subject,
    UnprovenRequest.body,
    Service.name,
    Service.description,
    RequestType.name,
    RequestType.title,
    RequestType.help,
    Agreement.title,
    Tier.name,
    Target.sentence,
    StoredCalendar.name,
)
"""What people wrote and signed: the columns that pages quote."""

NAMES = {
    "Pledge",
    "Halden",
    "Petra",
    "Mara",
    "English",
    "Deutsch",
    "Wide",
    "UTC",
    "SHA",
    "JSON",
    "min",
}
"""Words that are the same in every language, and people of letters."""

ENDING = {"portal.sign_out", "account.end_session", "account.end_other_sessions"}
"""What would end the session that asks."""


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    pseudo.teach(monkeypatch)


def everybody_reads_it() -> None:
    with transaction():
        for person in db.session.scalars(select(Person)):
            person.language = pseudo.TAG


@pytest.fixture
def place(app: Flask) -> Iterator[Place]:
    with stage.set_up() as place:
        everybody_reads_it()
        yield place


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with wallclock.frozen(NOW):
        cast = everybody.assemble()
        everybody_reads_it()
        yield cast


def known() -> set[str]:
    """What the database holds of people and agreements, and the names of things."""
    said = {str(text) for column in OWN for text in db.session.scalars(select(column)) if text}
    choices = {
        choice["label"]
        for choices in db.session.scalars(select(RequestType.choices))
        for choice in choices
    }
    lines = {line.strip() for text in said for line in text.splitlines()}
    said |= {"a" * (MAX_BODY + 1), "elke@new.example"}
    zones = {zone.replace("_", " ") for zone in available_timezones()} | available_timezones()
    return said | lines | choices | zones | NAMES | {drawing.initials(name) for name in said}


def english_in(answer: TestResponse) -> list[str]:
    """What is English on the page that answered."""
    return pseudo.english_on(answer, known=known())


@pytest.mark.parametrize("who", ["elke", "mara", "nobody"])
def test_no_page_of_portal_and_account_is_english(
    app: Flask, client: FlaskClient, place: Place, who: str
):
    if who != "nobody":
        sign_in(client, getattr(place.cast, who))
    found = {}
    for rule in rules(app):
        if rule.endpoint.partition(".")[0] not in COMPLETE or rule.endpoint in ENDING:
            continue
        for verb in verbs(rule):
            answer = client.open(
                place.url(app, rule),
                method=verb,
                data={} if verb == "POST" else None,
                headers={"Accept-Language": pseudo.TAG},
            )
            found[f"{verb} {rule.endpoint}"] = english_in(answer)

    assert {page: said for page, said in found.items() if said} == {}


Step = Callable[[Ticket, Cast], None]


def answered(ticket: Ticket, cast: Cast, then: Then = Then.NOTHING) -> None:
    conversation.reply(ticket, by=cast.mara, body="Which gateway?", at=NOW, then=then)


def asked_back(ticket: Ticket, cast: Cast) -> None:
    answered(ticket, cast, Then.WAIT)


def solved(ticket: Ticket, cast: Cast) -> None:
    answered(ticket, cast, Then.RESOLVE)


def told_a_workaround(ticket: Ticket, cast: Cast) -> None:
    conversation.reply(
        ticket, by=cast.mara, body="Which gateway?", at=NOW, then=Then.NOTHING, workaround=True
    )


def answered_by_elke(ticket: Ticket, cast: Cast) -> None:
    at = NOW + timedelta(minutes=20)
    conversation.requester_message(
        ticket, by=cast.elke, body="Which gateway?", channel=Channel.PORTAL, at=at
    )


def taken(ticket: Ticket, cast: Cast) -> None:
    assignment.take(ticket, by=cast.mara, at=NOW)


def with_a_supplier(ticket: Ticket, cast: Cast) -> None:
    lifecycle.wait_for_vendor(ticket, by=cast.mara, reason="a part", at=NOW)


def put_off(ticket: Ticket, cast: Cast) -> None:
    until = NOW.date() + timedelta(days=9)
    lifecycle.hold(ticket, by=cast.mara, until=until, reason="a part", at=NOW)


def closed(ticket: Ticket, cast: Cast) -> None:
    lifecycle.close(ticket, by=cast.elke, at=NOW)


def more_urgent(ticket: Ticket, cast: Cast) -> None:
    classification.prioritise(
        ticket, priority=Priority.URGENT, reason="a reason", by=cast.mara, at=NOW
    )


def less_urgent(ticket: Ticket, cast: Cast) -> None:
    classification.prioritise(
        ticket, priority=Priority.LOW, reason="a reason", by=cast.mara, at=NOW
    )


def called(ticket: Ticket, cast: Cast) -> None:
    calls.log_call(
        ticket,
        by=cast.mara,
        body="Which gateway?",
        outcome=CallOutcome.REACHED,
        happened_at=NOW,
        at=NOW,
    )


def needs_none(ticket: Ticket, cast: Cast) -> None:
    unanswered.needs_no_answer(ticket, by=cast.mara, reason="a reason", at=NOW)


def spammed(ticket: Ticket, cast: Cast) -> None:
    spam.set_aside(ticket, by=cast.mara, reason="a reason", at=NOW)


def merged(ticket: Ticket, cast: Cast) -> None:
    other = factories.open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Which gateway?")
    with transaction():
        pair = merging.for_both(other.id, ticket.id)
        merging.merge(*pair, reason="a reason", by=cast.mara, at=NOW)


def copied(ticket: Ticket, cast: Cast) -> None:
    copying.put_in_copy(ticket, who=cast.martin, by=cast.elke, at=NOW)


STORIES: list[tuple[Step, ...]] = [
    (),
    (taken, answered),
    (asked_back,),
    (asked_back, answered_by_elke),
    (asked_back, answered_by_elke, needs_none),
    (told_a_workaround, copied),
    (with_a_supplier,),
    (put_off,),
    (solved,),
    (solved, answered_by_elke),
    (solved, closed),
    (closed,),
    (less_urgent, more_urgent),
    (called, merged),
    (spammed,),
]
LATER = [timedelta(minutes=25), timedelta(days=1), timedelta(days=40)]
"""Hours that still run, a promise broken, everything long over."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: "-".join(s.__name__ for s in story))
def test_no_state_of_a_request_is_told_in_english(
    client: FlaskClient, cast: Cast, story: tuple[Step, ...]
):
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    for step in story:
        with transaction():
            step(queries.for_change(ticket.id), cast)
    pages = [f"/portal/requests/{ticket.id}", "/portal", "/portal/requests?show=all", "/notices"]
    pages += [f"/portal/requests/{ticket.id}/why/{clock.id}" for clock in clocks_of(ticket)]

    found = {}
    for later in LATER:
        with wallclock.frozen(NOW + later):
            sign_in(client, cast.elke)
            found |= {f"{page} after {later}": english_in(client.get(page)) for page in pages}

    assert {page: said for page, said in found.items() if said} == {}


def clocks_of(ticket: Ticket) -> list[clocks.Clock]:
    return clocks.clocks_of([ticket.id])[ticket.id]


REFUSED = {
    "answer with nothing": ("messages", {"body": " "}),
    "answer too long": ("messages", {"body": "a" * (MAX_BODY + 1)}),
    "answer with NUL": ("messages", {"body": "\0"}),
    "copy to nobody": ("copies", {"address": ""}),
    "copy to no address": ("copies", {"address": "elke"}),
    "copy to a stranger": ("copies", {"address": "sigrid.moe@fjordbank.example"}),
    "copy to oneself": ("copies", {"address": "elke.sommer@brenner-voss.example"}),
    "take nobody out of copy": ("copies/removal", {"person": "1"}),
    "rate before the end": ("rating", {"score": "5"}),
    "rate with nothing": ("rating", {}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_no_refusal_of_a_request_is_english(client: FlaskClient, cast: Cast, what: str):
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    place, data = REFUSED[what]
    sign_in(client, cast.elke)

    assert english_in(client.post(f"/portal/requests/{ticket.id}/{place}", data=data)) == []


def test_what_a_role_does_not_include_is_said_in_the_readers_language(
    client: FlaskClient, cast: Cast
):
    sign_in(client, cast.elke)

    refused, unknown = client.get("/desk/views/all-open"), client.get("/desk/nothing")

    assert (refused.status_code, english_in(refused)) == (403, [])
    assert (unknown.status_code, english_in(unknown)) == (404, [])


def test_pages_of_the_desk_are_english_whole(app: Flask, client: FlaskClient, place: Place):
    sign_in(client, place.cast.mara)
    for address in ("/desk/views/all-open", f"/desk/tickets/{place.ticket.id}", "/manage/teams"):
        page = client.get(address).text

        assert '<html lang="en"' in page
        assert pseudo.wide("Search") not in page


LETTERS: list[tuple[str, dict[str, object]]] = [
    *((kind, {}) for kind in sorted(KINDS)),
    ("agreed-date", {"when": "at", "requester": ""}),
    ("answer-came-back", {"still": ""}),
    ("assigned", {"by": None, "last_words": None}),
    ("contact-unreached", {"because": "refused"}),
    ("escalation", {"state": "breached", "left_s": -60, "late_s": 9000}),
    ("escalation", {"again": "Mara", "passed_over": "Mara", "passed_on": "Mara"}),
    ("escalation-digest", {"breached": 0, "more": 7}),
    ("escalation-digest", {"breached": 0, "at_risk": 0}),
    ("escalation-digest", {"at_risk": 0}),
    ("waiting-in-vain", {"requester": ""}),
    ("worker-stopped", {"oldest_due_at": None}),
]
"""Every kind, and what else some say of other facts."""


@pytest.mark.parametrize(("kind", "others"), LETTERS)
def test_no_letter_is_english(app: Flask, kind: str, others: dict[str, object]):
    letter = samples.letter(kind, others, language=pseudo.TAG)

    with app.app_context():
        drawn = rendering.render(letter)

    facts = {*texts_of(letter.facts)} - SAID
    said = facts | {fact.upper() for fact in facts} | NAMES | QUOTED
    assert pseudo.english(drawn.subject, known=said) == []
    assert pseudo.english(drawn.text, known=said) == []
    assert pseudo.english(drawn.html, known=said) == []


SAID = {
    "High",
    "Resolution",
    "First response",
    "the requester has written since",
    "The mail server answered 550: no such mailbox",
    "its termination",
    "signatory",
    "08:00 to 12:00",
}
"""What facts keep in English and letters say."""
QUOTED = {"550: no such mailbox", "flask --app wsgi worker"}
"""What a mail server answers, and what is typed."""


def texts_of(facts: object) -> Iterator[str]:
    """Every text of a letter's facts."""
    if isinstance(facts, dict):
        for fact in facts.values():
            yield from texts_of(fact)
    elif isinstance(facts, list):
        for fact in facts:
            yield from texts_of(fact)
    elif isinstance(facts, str):
        yield facts
