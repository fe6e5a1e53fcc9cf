"""Contingency plans are written by managers and started on a ticket, by hand too."""

import pytest

from app import wallclock
from app.catalogue import plans
from app.database import db
from app.errors import Refusal
from app.tickets import planning, queries
from app.tickets.models import Ticket
from tests.cast import NOW, assemble, sign_in
from tests.factories import open_request

WORDS = {"title": "VPN outage", "service": "", "steps": "Call the line\n\n Tell Brenner \n"}


@pytest.fixture
def cast(app):
    cast = assemble()
    wallclock.use(lambda: NOW)
    return cast


def test_a_manager_writes_changes_and_retires_a_plan(client, cast):
    sign_in(client, cast.jens)

    written = client.post("/manage/plans/new", data={"key": "vpn-outage", **WORDS})
    listed = client.get("/manage/plans").text
    changed = client.post("/manage/plans/vpn-outage", data={**WORDS, "title": "VPN down"})

    assert (written.status_code, changed.status_code) == (303, 303)
    assert "VPN outage" in listed
    db.session.expire_all()
    plan = plans.plan("vpn-outage")
    assert (plan.title, plan.steps, plan.is_active) == (
        "VPN down",
        ["Call the line", "Tell Brenner"],
        False,
    )


def test_a_key_that_is_no_key_or_in_use_is_refused_with_a_sentence(client, cast):
    sign_in(client, cast.jens)
    client.post("/manage/plans/new", data={"key": "vpn-outage", **WORDS})

    again = client.post("/manage/plans/new", data={"key": "vpn-outage", **WORDS})
    wrong = client.post("/manage/plans/new", data={"key": "VPN outage!", **WORDS})

    assert "There is a plan with the key vpn-outage already." in again.text
    assert "small letters, digits and hyphens" in wrong.text


def test_an_agent_starts_a_plan_once(client, cast):
    plans.add("vpn-outage", title="VPN outage", service=None, steps=["Call the line"])
    db.session.commit()
    ticket = open_request(cast.elke, cast.vpn_problem, at=NOW)
    sign_in(client, cast.mara)
    address = f"/desk/tickets/{ticket.id}/plan"

    offered = client.get(address).text
    started = client.post(address, data={"plan": "vpn-outage", "reason": "the gateway is down"})
    page = client.get(f"/desk/tickets/{ticket.id}").text

    assert "Call the line" in offered
    assert started.status_code == 303
    assert "started because the gateway is down" in page
    assert "No plan fits" in client.get(address).text
    with pytest.raises(Refusal, match="was started on"):
        planning.start(
            queries.for_change(ticket.id),
            plans.plan("vpn-outage"),
            because="again",
            by=cast.mara,
            at=NOW,
        )
    assert "1. Call the line" not in client.get(f"/portal/requests/{ticket.id}").text
    assert db.session.get_one(Ticket, ticket.id).snippet != "1. Call the line"
