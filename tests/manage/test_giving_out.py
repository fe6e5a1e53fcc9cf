"""Who gets a team's tickets: settled by managers and by the team's lead."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import wallclock
from app.database import db
from app.people.models import Assigning, Person, Team
from tests import cast as stage
from tests import factories
from tests.cast import NOW, Cast, sign_in

URL = "/manage/teams/network/assignment"


@pytest.fixture
def cast(app: Flask):
    with wallclock.frozen(NOW):
        yield stage.assemble()


def filled(cast: Cast, rule: str = "by_load", **most: str) -> dict[str, str]:
    return {"rule": rule} | {
        f"most_{getattr(cast, name).id}": number for name, number in most.items()
    }


def rule_of(team: Team) -> Assigning:
    return db.session.get_one(Team, team.id).assigning


def test_a_manager_chooses_the_rule_and_how_many_at_most(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    assert "By hand" in client.get("/manage/teams").text

    answer = client.post(URL, data=filled(cast, mara="5", tomas=""))

    assert answer.status_code == 303
    assert rule_of(cast.network) is Assigning.BY_LOAD
    assert db.session.get_one(Person, cast.mara.id).capacity == 5
    assert db.session.get_one(Person, cast.tomas.id).capacity is None
    page = client.get(URL).text
    assert "the next ticket goes to Mara Lindt: least loaded of 2." in page


def test_the_page_says_who_is_full(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    client.post(URL, data=filled(cast, mara="1", tomas="1"))
    for _ in range(2):
        factories.open_request(cast.elke, cast.vpn_problem, at=NOW)

    assert "As things stand nobody is free" in client.get(URL).text


@pytest.mark.parametrize("number", ["0", "-1", "1000", "many"])
def test_a_number_that_is_none_comes_back(client: FlaskClient, cast: Cast, number: str):
    sign_in(client, cast.jens)

    page = client.post(URL, data=filled(cast, mara=number))

    assert page.status_code == 200
    assert rule_of(cast.network) is Assigning.BY_HAND
    assert f'value="{number}"' in page.text


def test_a_lead_settles_their_own_team_alone(client: FlaskClient, cast: Cast):
    sign_in(client, cast.petra)

    own = client.post("/manage/teams/service-desk/assignment", data=filled(cast, "round_robin"))

    assert own.status_code == 303
    assert rule_of(cast.service_desk) is Assigning.ROUND_ROBIN
    assert client.get(URL).status_code == 403
    assert client.post(URL, data=filled(cast)).status_code == 403


def test_nobody_s_number_is_changed_but_a_member_s(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)

    client.post(URL, data=filled(cast, petra="3"))

    assert db.session.get_one(Person, cast.petra.id).capacity is None


def test_by_hand_the_list_says_who_has_how_much_to_do(client: FlaskClient, cast: Cast):
    sign_in(client, cast.mara)
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    client.post(f"/desk/tickets/{ticket.id}/taking")

    page = client.get(f"/desk/tickets/{ticket.id}/assignment").text
    given = client.post(
        f"/desk/tickets/{ticket.id}/assignment",
        data={"assignee": cast.tomas.id, "team": cast.network.id},
        follow_redirects=True,
    )

    assert "Mara Lindt, 1 to do" in page
    assert f"{ticket.ref} is with Tomás Rivera." in given.text
