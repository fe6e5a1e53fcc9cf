"""The pages of absences."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app import wallclock
from app.database import db
from app.people.models import Absence
from tests import cast as stage
from tests.cast import NOW, Cast, sign_in


@pytest.fixture
def cast(app) -> Iterator[Cast]:
    with wallclock.frozen(NOW):
        yield stage.assemble()


def values(**changes):
    return {"starts": "2026-11-18T08:00", "ends": "2026-11-23T08:00", **changes}


def test_an_agent_says_when_they_are_away_and_comes_back_early(client: FlaskClient, cast: Cast):
    sign_in(client, cast.mara)

    page = client.post(
        "/desk/absence/new",
        data=values(substitute=cast.petra.id, reason="a cold"),
        follow_redirects=True,
    ).text

    assert "If a ladder calls Mara now, Petra Weiss is told, who stands in." in page
    assert "08:00 CET to Mon 08:00 CET" in page
    absence = db.session.query(Absence).one()
    assert absence.starts_at == NOW.replace(hour=7, minute=0)
    page = client.post(f"/manage/absences/{absence.id}/ending", follow_redirects=True).text
    assert "Mara Lindt is back." in page
    assert "A ladder that calls Mara reaches Mara: nobody stands in." in page


def test_a_manager_notes_anybodys_absence_and_is_warned(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    client.post("/manage/absences/new", data=values(person=cast.petra.id, substitute=0))

    page = client.post(
        "/manage/absences/new",
        data=values(person=cast.mara.id, substitute=cast.petra.id),
        follow_redirects=True,
    ).text

    assert page.count("Petra Weiss is away in that time, too") == 2  # told at once, and listed
    assert "If a ladder calls Mara now, nobody stands in" in page


def test_an_absence_that_cannot_be_keeps_what_was_typed(client: FlaskClient, cast: Cast):
    sign_in(client, cast.mara)

    page = client.post(
        "/desk/absence/new",
        data=values(substitute=cast.mara.id, ends="2026-11-20T12:00"),
    ).text

    assert "Nobody stands in for themselves." in page
    assert 'value="2026-11-20T12:00"' in page
    assert (
        "Choose a year from 2000 to 2199."
        in client.post(
            "/desk/absence/new", data=values(starts="0001-01-01T00:00", substitute=0)
        ).text
    )


def test_the_absence_of_another_is_no_page_for_an_agent(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    client.post("/manage/absences/new", data=values(person=cast.petra.id, substitute=0))
    absence_id = db.session.query(Absence).one().id
    db.session.rollback()
    sign_in(client, cast.mara)

    assert client.get(f"/manage/absences/{absence_id}/substitute").status_code == 404
    assert client.post(f"/manage/absences/{absence_id}/ending").status_code == 404


def test_another_substitute_is_chosen_later(client: FlaskClient, cast: Cast):
    sign_in(client, cast.mara)
    client.post("/desk/absence/new", data=values(substitute=cast.petra.id))
    absence_id = db.session.query(Absence).one().id

    page = client.post(
        f"/manage/absences/{absence_id}/substitute",
        data={"substitute": cast.tomas.id},
        follow_redirects=True,
    ).text

    assert "Tomás Rivera is told, who stands in." in page
