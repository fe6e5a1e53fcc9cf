"""Whose request an agent writes down: named by address or name, chosen, or written down anew."""

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.people import joining, queries
from app.people.models import Organisation, Person
from app.tickets.models import Ticket
from tests.cast import NOW, Cast

NEW = "/desk/tickets/new"
FORM = {
    "how": "left",
    "request_type": "vpn",
    "priority": "normal",
    "subject": "Telephone: VPN down",
    "body": "They say nobody can connect.",
}


def joined(name: str, organisation: Organisation, address: str | None = None) -> Person:
    with transaction():
        return joining.add_person(name, organisation=organisation, address=address, at=NOW)


def requesters() -> list[str]:
    db.session.rollback()
    query = select(Person.name).join(Ticket, Ticket.requester_id == Person.id).order_by(Ticket.id)
    return list(db.session.scalars(query))


@pytest.mark.parametrize(
    "typed", ["Elke Sommer", "elke sommer", "ELKE.SOMMER@brenner-voss.example"]
)
def test_somebody_named_whole_is_clear(mara, cast: Cast, typed: str):
    assert mara.post(NEW, data={**FORM, "requester": typed}).status_code == 303

    assert requesters() == ["Elke Sommer"]


def test_of_several_who_are_meant_one_is_chosen(mara, cast: Cast):
    other = joined("Elkè Sommerfeld", cast.fjordbank, "elke@fjordbank.example")

    asked = mara.post(NEW, data={**FORM, "requester": "elke"}).text
    assert "Say who of these it is" in asked
    assert "Elke Sommer, elke.sommer@brenner-voss.example, Brenner" in asked
    assert "They say nobody can connect." in asked
    assert requesters() == []

    mara.post(NEW, data={**FORM, "requester": "elke", "person": str(other.id)})
    assert requesters() == ["Elkè Sommerfeld"]


def test_who_was_not_offered_is_not_chosen(mara, cast: Cast):
    mara.post(NEW, data={**FORM, "requester": "elke", "person": str(cast.sigrid.id)})
    mara.post(NEW, data={**FORM, "requester": "elke", "person": "x"})

    assert requesters() == []


def test_somebody_new_is_written_down_with_the_organisation_of_their_mailbox(mara, cast: Cast):
    asked = mara.post(NEW, data={**FORM, "requester": "jo.kern@fjordbank.example"}).text
    assert "We know nobody called jo.kern@fjordbank.example." in asked

    assert 'value="jo.kern@fjordbank.example"' in asked.partition("Somebody new")[2]

    address = "jo.kern@fjordbank.example"
    form = {**FORM, "requester": address, "address": address, "name": "Jo Kern"}
    assert mara.post(NEW, data=form).status_code == 303

    assert requesters() == ["Jo Kern"]
    found = queries.find_person_by_address(address)
    assert found is not None
    assert found.organisation_id == cast.fjordbank.id


def test_somebody_who_only_calls_has_no_address_and_gets_no_letters(mara, cast: Cast):
    form = {**FORM, "requester": "a caller", "name": "Ole Dahl", "organisation": "fjordbank"}
    answer = mara.post(NEW, data=form)

    assert answer.status_code == 303
    person = db.session.scalars(select(Person).where(Person.name == "Ole Dahl")).one()
    assert (person.address, person.organisation_id) == (None, cast.fjordbank.id)
    assert mara.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "Jo Kern", "organisation": "Nowhere"}, "No organisation is called Nowhere."),
        ({"name": "Jo Kern", "address": "jo"}, "That is no mail address."),
        (
            {"name": "Jo Kern", "address": "elke.sommer@brenner-voss.example"},
            "already belongs to somebody",
        ),
        ({"name": "http://x.example"}, "A name holds no link"),
        ({"requester": ""}, "Whose request is it?"),
    ],
)
def test_what_is_wrong_about_somebody_new_is_said_and_nobody_is_written_down(
    mara, cast: Cast, typed: dict[str, str], sentence: str
):
    before = db.session.query(Person).count()

    page = mara.post(NEW, data={**FORM, "requester": "jo", **typed}).text

    assert sentence in page
    assert "They say nobody can connect." in page
    assert db.session.query(Person).count() == before
    assert requesters() == []
