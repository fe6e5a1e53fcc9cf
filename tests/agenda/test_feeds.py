"""The calendar feed: whoever has the link reads it, until it is revoked."""

import re
from datetime import date

from flask.testing import FlaskClient
from icalendar import Calendar

from app.database import db, transaction
from app.people.models import CalendarFeed
from tests.agenda.conftest import Scene
from tests.cast import sign_in


def make(client: FlaskClient) -> str:
    """The path of a new link of who is signed in."""
    page = client.post("/calendar-link").text
    found = re.search(r'value="[^"]*(/calendar/[^"]+\.ics)"', page)
    assert found is not None
    return found[1]


def test_a_calendar_program_reads_the_dates_without_signing_in(client: FlaskClient, scene: Scene):
    sign_in(client, scene.cast.sigrid)
    link = make(client)
    client.post("/sign-out")

    answer = client.get(link)

    assert answer.mimetype == "text/calendar"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [(event["dtstart"].dt, str(event["summary"])) for event in events] == [
        (date(2026, 7, 1), "Bank service: A review is due"),
        (date(2026, 10, 2), "Bank service: Last day to give notice"),
        (date(2027, 1, 1), "Bank service: It renews itself"),
    ]
    assert len({str(event["uid"]) for event in events}) == 3


def test_only_the_digest_of_a_link_is_kept_and_a_new_one_ends_the_last(
    client: FlaskClient, scene: Scene
):
    sign_in(client, scene.cast.jens)
    first, second = make(client), make(client)

    row = db.session.get_one(CalendarFeed, scene.cast.jens.id)

    assert row.token_hash not in second
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    client.post("/calendar-link/revocation")
    assert client.get(second).status_code == 404


def test_the_link_of_somebody_who_is_no_longer_here_is_worth_nothing(
    client: FlaskClient, scene: Scene
):
    sign_in(client, scene.cast.sigrid)
    link = make(client)

    with transaction():
        scene.cast.sigrid.is_active = False
        db.session.merge(scene.cast.sigrid)

    assert client.get(link).status_code == 404


def test_who_reads_no_agreement_gets_no_link(client: FlaskClient, scene: Scene):
    sign_in(client, scene.cast.elke)

    assert client.post("/calendar-link").status_code == 404
