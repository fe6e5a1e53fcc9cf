"""The pages of teams and rotas."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import wallclock
from app.database import db, transaction
from app.people import rostering, rota
from app.people.models import RotaShift, RotaSwap
from tests import cast as stage
from tests.cast import NOW, Cast, sign_in

PAGE = "/manage/teams/network/rota"


@pytest.fixture
def cast(app) -> Iterator[Cast]:
    with wallclock.frozen(NOW):
        yield stage.assemble()


def office_hours(cast: Cast) -> list[RotaShift]:
    with transaction():
        return rostering.add_shift(
            cast.network, cast.mara, weekdays=range(5), starts="08:00", ends="18:00", by=cast.jens
        )


def test_everybody_of_the_staff_reads_who_is_on_call(client: FlaskClient, cast: Cast):
    office_hours(cast)
    sign_in(client, cast.tomas)

    page = client.get(PAGE).text

    assert "<b>Mara Lindt</b> is on call now, until 18:00 CET" in page
    assert "Nobody from Fri 18:00 CET to Mon 08:00 CET: the fallback chain is told" in page
    assert "Add a shift" not in page
    assert "No rota" in client.get("/manage/teams").text


def test_the_lead_adds_a_shift_to_the_own_teams_rota_alone(client: FlaskClient, cast: Cast):
    sign_in(client, cast.petra)  # leads the service desk
    values = {"person": cast.mara.id, "weekdays": [5, 6], "starts": "10:00", "ends": "24:00"}

    added = client.post("/manage/teams/service-desk/rota/shift", data=values)
    refused = client.post(f"{PAGE}/shift", data=values)

    assert (added.status_code, refused.status_code) == (303, 403)
    assert [shift.weekday for shift, _ in rota.shifts_of(cast.service_desk.id)] == [5, 6]
    assert rota.shifts_of(cast.network.id) == []


def test_a_shift_that_cannot_be_keeps_what_was_typed(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)

    page = client.post(
        f"{PAGE}/shift", data={"person": cast.mara.id, "starts": "18", "ends": "08:00"}
    ).text

    assert "“18” is no time of day; write it as 18:00." in page
    assert 'value="08:00"' in page


def test_a_shift_is_taken_out(client: FlaskClient, cast: Cast):
    shift_id = office_hours(cast)[0].id
    sign_in(client, cast.jens)

    answer = client.post(f"{PAGE}/shifts/{shift_id}/removal", follow_redirects=True)

    assert "The shift on Monday 08:00 to 18:00 is taken out." in answer.text
    assert client.post(f"{PAGE}/shifts/{shift_id}/removal").status_code == 404


def test_a_swap_is_entered_on_the_clock_of_the_team_and_taken_back(client: FlaskClient, cast: Cast):
    office_hours(cast)
    sign_in(client, cast.jens)

    answer = client.post(
        f"{PAGE}/swap",
        data={
            "person": cast.tomas.id,
            "instead_of": cast.mara.id,
            "starts": "2026-11-18T15:00",
            "ends": "2026-11-20T00:00",
            "reason": "Mara is at a wedding",
        },
        follow_redirects=True,
    )

    swap = db.session.query(RotaSwap).one()
    assert swap.starts_at == NOW.replace(hour=14, minute=0)
    assert "by a swap: Mara is at a wedding" in answer.text
    client.post(f"{PAGE}/swaps/{swap.id}/removal")
    assert db.session.query(RotaSwap).count() == 0


@pytest.mark.parametrize("name", ["2026-W47", "2026-W53", "9999-W01", "x", "2030-W99"])
def test_any_week_of_the_address_is_a_page(client: FlaskClient, cast: Cast, name: str):
    office_hours(cast)
    sign_in(client, cast.mara)

    assert client.get(f"{PAGE}?week={name}").status_code == 200


def test_the_day_on_which_the_clock_changes_says_so(client: FlaskClient, cast: Cast):
    office_hours(cast)
    sign_in(client, cast.mara)

    with wallclock.frozen(NOW - timedelta(days=30)):
        page = client.get(f"{PAGE}?week=2026-W43").text

    assert "The clock changes: this day has 25 hours." in page
