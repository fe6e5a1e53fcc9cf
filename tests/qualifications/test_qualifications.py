"""A service requires what not everybody holds: who is given its tickets, and who is told."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import wallclock
from app.catalogue import queries as catalogue
from app.catalogue.models import Service
from app.database import db, transaction
from app.errors import Forbidden, Refusal
from app.languages import speaking
from app.notices.models import Notice
from app.people import access
from app.people import queries as people
from app.people.models import Assigning, Person, Team
from app.qualifications import expiring, holding, offering
from app.qualifications.models import Qualification
from app.tickets import assignment, classification, queries, taking
from app.tickets.filters import Filter
from app.tickets.models import HistoryEntry, Ticket
from tests import factories
from tests.cast import NOW, Cast, assemble, sign_in

TODAY = date(2026, 11, 18)


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Everybody, at 14:20 CET on Wednesday 18 November 2026."""
    cast = assemble()
    wallclock.use(lambda: NOW)
    return cast


@pytest.fixture
def licence(cast: Cast) -> Qualification:
    """What the service Network and VPN requires."""
    with transaction():
        made = offering.add("Gateway licence", description="Two days", by=cast.jens)
        offering.require(db.session.get_one(Service, _network(cast)), [made], by=cast.jens)
    return made


@pytest.fixture
def ticket(cast: Cast, licence: Qualification) -> Ticket:
    """A request about the VPN, given to nobody."""
    return factories.open_request(cast.elke, cast.vpn_problem, at=NOW)


def _network(cast: Cast) -> int:
    return cast.vpn_problem.service_id


def _qualify(
    cast: Cast, person: Person, licence: Qualification, *, until: date | None = None
) -> None:
    with transaction():
        holding.record(
            person,
            licence,
            since_on=date(2026, 1, 1),
            expires_on=until,
            proof="Certificate 4711",
            by=cast.jens,
            at=NOW,
        )


def test_who_is_not_qualified_is_given_a_ticket_only_with_a_reason(
    cast: Cast, licence: Qualification, ticket: Ticket
):
    with transaction():
        locked = queries.for_change(ticket.id)
        with pytest.raises(Refusal, match="Mara Lindt is not qualified for this: Gateway licence"):
            assignment.take(locked, by=cast.mara, at=NOW)
        assignment.assign(
            locked,
            assignee=cast.mara,
            team=None,
            by=cast.jens,
            at=NOW,
            despite="Tomás is on the train",
        )
    assert db.session.get_one(Ticket, ticket.id).assignee_id == cast.mara.id
    told = db.session.query(HistoryEntry).filter_by(ticket_id=ticket.id, verb="unqualified").one()
    assert told.facts["lacks"] == ["Gateway licence"]
    assert told.facts["reason"] == "Tomás is on the train"


def test_a_corrected_service_leaves_nobody_unqualified_with_the_ticket(
    cast: Cast, client: FlaskClient, licence: Qualification
):
    ticket = factories.open_request(cast.elke, catalogue.request_type("question"), at=NOW)
    with transaction():
        assignment.take(queries.for_change(ticket.id), by=cast.mara, at=NOW)
    sign_in(client, cast.mara)
    url = f"/desk/tickets/{ticket.id}/classification"
    form = {"kind": "incident", "about": "type:vpn", "reason": "It is the VPN"}

    page = client.post(url, data=form).text

    assert "Mara Lindt has it and lacks what this service requires: Gateway licence" in page
    seen = re.search(r'name="confirmed" value="([^"]+)"', page)[1]
    done = client.post(url, data=form | {"confirmed": seen}, follow_redirects=True).text
    assert "It is with nobody now" in done
    db.session.expire_all()
    assert db.session.get_one(Ticket, ticket.id).assignee_id is None


def test_with_a_reason_who_has_a_corrected_ticket_keeps_it(cast: Cast, licence: Qualification):
    ticket = factories.open_request(cast.elke, catalogue.request_type("question"), at=NOW)
    with transaction():
        locked = queries.for_change(ticket.id)
        assignment.take(locked, by=cast.mara, at=NOW)
        classification.correct(
            locked,
            kind=locked.kind,
            service_id=None,
            request_type=cast.vpn_problem,
            reason="It is the VPN",
            despite="Nobody else is here",
            by=cast.mara,
            at=NOW,
        )
    assert db.session.get_one(Ticket, ticket.id).assignee_id == cast.mara.id
    told = db.session.query(HistoryEntry).filter_by(ticket_id=ticket.id, verb="unqualified").one()
    assert told.facts["reason"] == "Nobody else is here"


def test_who_holds_one_finds_it_in_their_account(
    cast: Cast, client: FlaskClient, licence: Qualification
):
    _qualify(cast, cast.mara, licence, until=TODAY + timedelta(days=9))
    sign_in(client, cast.mara)

    page = client.get("/account").text

    assert "Gateway licence" in page and "9 days left" in page and "Certificate 4711" in page


def test_who_holds_it_through_today_takes_the_ticket_and_tomorrow_no_more(
    cast: Cast, licence: Qualification, ticket: Ticket
):
    _qualify(cast, cast.tomas, licence, until=TODAY)
    service = ticket.service_id
    late = NOW.replace(hour=22, minute=59)
    assert holding.lacking(service, [cast.tomas.id], at=late) == {}
    midnight_in_berlin = late + timedelta(minutes=1)
    assert holding.lacking(service, [cast.tomas.id], at=midnight_in_berlin) == {
        cast.tomas.id: ["Gateway licence"]
    }
    with transaction():
        assignment.take(queries.for_change(ticket.id), by=cast.tomas, at=NOW)


def test_who_has_a_ticket_keeps_it_when_the_service_begins_to_require_something(cast: Cast):
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    with transaction():
        assignment.take(queries.for_change(ticket.id), by=cast.mara, at=NOW)
        made = offering.add("Gateway licence", description="", by=cast.jens)
        offering.require(db.session.get_one(Service, _network(cast)), [made], by=cast.jens)
    team = db.session.get_one(Team, cast.network.id)
    with transaction():
        locked = queries.for_change(ticket.id)
        assignment.assign(locked, assignee=cast.mara, team=team, by=cast.jens, at=NOW)
    assert db.session.get_one(Ticket, ticket.id).assignee_id == cast.mara.id


def test_a_team_gives_tickets_out_to_the_qualified_alone(cast: Cast, licence: Qualification):
    _qualify(cast, cast.tomas, licence)
    with transaction():
        db.session.get_one(Team, cast.network.id).assigning = Assigning.ROUND_ROBIN
    given = {
        factories.open_request(cast.elke, cast.vpn_problem, at=NOW, once=f"{n}").assignee_id
        for n in range(3)
    }
    assert given == {cast.tomas.id}


def test_take_next_passes_over_what_one_is_not_qualified_for(
    cast: Cast, licence: Qualification, ticket: Ticket
):
    mara, tomas = people.person(cast.mara.id), people.person(cast.tomas.id)
    with transaction(), pytest.raises(Refusal, match="Nothing here is waiting"):
        taking.take_next(access.sight_of(mara), Filter(), by=mara, now=lambda: NOW)
    _qualify(cast, tomas, licence)
    with transaction():
        found = taking.take_next(access.sight_of(tomas), Filter(), by=tomas, now=lambda: NOW)
    assert found.id == ticket.id


def test_a_retired_or_withdrawn_one_counts_no_more(cast: Cast, licence: Qualification):
    _qualify(cast, cast.tomas, licence)
    held = holding.held_now(at=NOW)[0]
    with transaction():
        holding.withdraw(held.id, by=cast.jens, at=NOW)
    assert cast.tomas.id in holding.lacking(_network(cast), [cast.tomas.id], at=NOW)
    with transaction():
        offering.change(
            offering.qualification(licence.key),
            name="Gateway licence",
            description="",
            is_retired=True,
            by=cast.jens,
            at=NOW,
        )
    assert holding.lacking(_network(cast), [cast.tomas.id], at=NOW) == {}


def test_the_holder_and_the_lead_are_told_30_and_7_days_before_each_once(
    cast: Cast, licence: Qualification
):
    _qualify(cast, cast.mara, licence, until=TODAY + timedelta(days=31))
    told = {}
    for days in (0, 1, 2, 23, 24, 25, 31, 32):
        with transaction():
            told[days] = expiring.announce(NOW + timedelta(days=days))
    assert told == {0: 0, 1: 2, 2: 0, 23: 0, 24: 2, 25: 0, 31: 0, 32: 0}
    notices = db.session.query(Notice).filter_by(kind="qualification-ends").all()
    assert {notice.person_id for notice in notices} == {cast.mara.id, cast.petra.id}


def test_nobody_is_told_of_what_was_renewed(cast: Cast, licence: Qualification):
    _qualify(cast, cast.mara, licence, until=TODAY + timedelta(days=5))
    _qualify(cast, cast.mara, licence, until=TODAY + timedelta(days=400))
    with transaction():
        assert expiring.announce(NOW) == 0


def test_what_cannot_be_is_refused_in_a_sentence(cast: Cast, licence: Qualification):
    with pytest.raises(Refusal, match="cannot end before it begins"):
        _qualify(cast, cast.tomas, licence, until=date(2025, 1, 1))
    with pytest.raises(Refusal, match="Elke Sommer works no tickets"):
        _qualify(cast, cast.elke, licence)
    with pytest.raises(Refusal, match="There is a qualification of that name"):
        offering.add("Gateway  licence", description="", by=cast.jens)
    with pytest.raises(Forbidden):
        offering.add("Another", description="", by=cast.mara)


def test_a_manager_does_it_all_in_the_pages(client, cast: Cast):
    sign_in(client, cast.jens)
    client.post("/manage/qualifications/new", data={"name": "Gateway licence"})
    page = client.post(
        "/manage/qualifications/services/network",
        data={"wanted": "gateway-licence"},
        follow_redirects=True,
    ).text
    assert "What Network and VPN requires is kept." in page
    again = client.post(
        "/manage/qualifications/held/new",
        data={
            "person": cast.tomas.id,
            "qualification": "gateway-licence",
            "since_on": "2026-01-01",
            "expires_on": "2025-01-01",
            "proof": "Certificate 4711",
        },
    ).text
    assert "It cannot end before it begins." in again
    assert "Certificate 4711" in again
    ticket = factories.open_request(cast.elke, cast.vpn_problem, at=NOW)
    with speaking("en"):
        form = client.get(f"/desk/tickets/{ticket.id}/assignment").text
    assert "Mara Lindt, not qualified: Gateway licence" in form
    refused = client.post(
        f"/desk/tickets/{ticket.id}/assignment",
        data={"assignee": cast.mara.id, "team": cast.network.id},
    ).text
    assert "say why it is to be Mara Lindt all the same" in refused
    client.post(
        f"/desk/tickets/{ticket.id}/assignment",
        data={
            "assignee": cast.mara.id,
            "team": cast.network.id,
            "despite": "Nobody else is here",
        },
    )
    assert "Nobody else is here" in client.get(f"/desk/tickets/{ticket.id}/history").text
