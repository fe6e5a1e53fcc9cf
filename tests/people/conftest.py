"""The cast: Halden's Petra and Mara, and Elke of Brenner & Voss."""

from datetime import UTC, datetime

import pytest

from app.people import joining, signing_in
from app.people.models import Organisation, Person, Role

AT = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
PASSWORD = "iron gall ink keeps"


@pytest.fixture
def halden(session) -> Organisation:
    return joining.add_organisation("Halden", zone="Europe/Berlin", at=AT, is_provider=True)


@pytest.fixture
def brenner(session) -> Organisation:
    return joining.add_organisation(
        "Brenner & Voss", zone="Europe/Berlin", at=AT, domains=["Brenner.example"]
    )


@pytest.fixture
def petra(halden) -> Person:
    return joining.add_person(
        "Petra Weiss",
        organisation=halden,
        at=AT,
        address="petra.weiss@halden.example",
        role=Role.MANAGER,
    )


@pytest.fixture
def mara(session, halden) -> Person:
    person = joining.add_person(
        "Mara Lindt",
        organisation=halden,
        at=AT,
        address="mara.lindt@halden.example",
        role=Role.AGENT,
    )
    signing_in.set_password(person, PASSWORD)
    session.commit()
    return person


@pytest.fixture
def elke(brenner) -> Person:
    return joining.add_person(
        "Elke Sommer", organisation=brenner, at=AT, address="elke.sommer@brenner.example"
    )
