"""Managers decide how far agents see, and whose colleagues read each other's requests."""

import pytest
from flask.testing import FlaskClient

from app import wallclock
from app.database import db, transaction
from app.people import limiting
from app.people.models import Organisation, Person
from app.tickets.models import Ticket
from tests.cast import NOW, Cast, assemble, sign_in
from tests.factories import open_request


@pytest.fixture
def cast(app: object) -> Cast:
    cast = assemble()
    wallclock.use(lambda: NOW)
    return cast


def test_a_manager_limits_an_agent_whose_next_page_knows_it(client: FlaskClient, cast: Cast):
    ref = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    with transaction():
        db.session.get_one(Ticket, ref).team_id = cast.service_desk.id
    sign_in(client, cast.jens)

    answer = client.post(f"/manage/sight/agents/{cast.tomas.id}", data={"limited": "yes"})
    page = client.get("/manage/sight").text

    assert answer.status_code == 303
    assert "Tomás Rivera sees the tickets of their teams alone." in page
    sign_in(client, cast.tomas)
    assert client.get(f"/desk/tickets/{ref}").status_code == 404
    assert f"#{ref}" not in client.get("/desk/views/all-open").text
    sign_in(client, cast.jens)
    client.post(f"/manage/sight/agents/{cast.tomas.id}", data={"limited": "no"})
    sign_in(client, cast.tomas)
    assert client.get(f"/desk/tickets/{ref}").status_code == 200


def test_a_colleague_reads_a_shared_request_and_cannot_change_it(client: FlaskClient, cast: Cast):
    ref = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    page, answers = f"/portal/requests/{ref}", f"/portal/requests/{ref}/messages"
    sign_in(client, cast.martin)
    assert client.get(page).status_code == 404
    assert client.post(answers, data={"body": "Me too"}).status_code == 404

    sign_in(client, cast.jens)
    client.post(f"/manage/sight/organisations/{cast.brenner.id}", data={"shares": "yes"})

    sign_in(client, cast.martin)
    assert client.get(page).status_code == 200
    refused = client.post(answers, data={"body": "Me too"})
    assert refused.status_code == 403
    assert "you may read it, and not change it" in refused.text
    sign_in(client, cast.sigrid)
    assert client.get(page).status_code == 404


def test_nothing_changes_without_a_word_of_the_page(client: FlaskClient, cast: Cast):
    sign_in(client, cast.jens)
    with transaction():
        db.session.get_one(Person, cast.tomas.id).is_limited = True

    for said in ({}, {"limited": "maybe"}):
        url = f"/manage/sight/agents/{cast.tomas.id}"
        assert client.post(url, data=said).status_code == 409

    managers = client.post(f"/manage/sight/agents/{cast.nora.id}", data={"limited": "yes"})
    assert managers.status_code == 409
    assert "Only agents are limited" in managers.text
    assert db.session.get_one(Person, cast.tomas.id).is_limited


def test_clients_are_listed_by_name_page_by_page(app: object, cast: Cast):
    names, after_id = [], None
    while True:
        found = limiting.clients(after_id=after_id, limit=1)
        names.append(found[0].name)
        if len(found) == 1:
            break
        after_id = found[0].id

    assert names == ["Brenner & Voss", "Fjordbank"]
    assert db.session.get_one(Organisation, cast.halden.id).name not in names
