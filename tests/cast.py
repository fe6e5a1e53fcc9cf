"""The people of the tests: one provider, two clients, everybody with a name.

``cast = assemble(at=...)`` writes them, the house agreement and "Managed workplace" (which
covers Brenner & Voss); ``sign_in(client, cast.mara)`` signs somebody in.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask.testing import FlaskClient

from app.agreements import loading
from app.agreements.loading import Loaded
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.database import db, transaction
from app.people import joining, signing_in
from app.people.models import GrantKind, Organisation, Person, Role, SignatoryGrant, Team
from tests import stages

PASSWORD = "a password of the cast"
NOW = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
"""Wednesday, 14:20 CET: the moment of the drawings."""


@dataclass(frozen=True)
class Cast:
    """Everybody and everything that stories need, by name."""

    halden: Organisation
    brenner: Organisation
    fjordbank: Organisation
    mara: Person
    tomas: Person
    petra: Person
    jens: Person
    nora: Person
    elke: Person
    martin: Person
    sigrid: Person
    service_desk: Team
    network: Team
    house: Loaded
    workplace: Loaded
    vpn_problem: RequestType


def assemble(*, at: datetime = datetime(2026, 1, 5, 8, tzinfo=UTC)) -> Cast:
    """Write the cast, as it joined at ``at``, and commit."""
    return stages.set_up("cast", at, _write)


def _write(at: datetime) -> Cast:
    with transaction():
        halden = joining.add_organisation(
            "Halden", zone="Europe/Berlin", at=at, domains=["halden.example"], is_provider=True
        )
        brenner = joining.add_organisation(
            "Brenner & Voss", zone="Europe/Berlin", at=at, domains=["brenner-voss.example"]
        )
        fjordbank = joining.add_organisation(
            "Fjordbank", zone="Europe/Oslo", at=at, domains=["fjordbank.example"]
        )
        mara = _join("Mara Lindt", halden, at, Role.AGENT)
        tomas = _join("Tomás Rivera", halden, at, Role.AGENT)
        petra = _join("Petra Weiss", halden, at, Role.AGENT)
        jens = _join("Jens Adler", halden, at, Role.MANAGER)
        nora = _join("Nora Falk", halden, at, Role.ADMIN)
        elke = _join("Elke Sommer", brenner, at)
        martin = _join("Martin Voss", brenner, at)
        sigrid = _join("Sigrid Moe", fjordbank, at)
        for person, organisation in ((jens, halden), (martin, brenner)):
            for kind in (GrantKind.SIGNATORY, GrantKind.AGREEMENT_EDITOR):
                db.session.add(
                    SignatoryGrant(person_id=person.id, organisation_id=organisation.id, kind=kind)
                )
        service_desk = joining.add_team(
            "Service desk", zone="Europe/Berlin", lead=petra, members=[mara]
        )
        network = joining.add_team("Network", zone="Europe/Berlin", members=[tomas, mara])
        house = loading.load_file(loading.PRESETS / "house.toml", at=at)
        workplace = loading.load_file(loading.PRESETS / "managed-workplace.toml", at=at)
        vpn_problem = catalogue.request_type("vpn")
    return Cast(
        halden=halden,
        brenner=brenner,
        fjordbank=fjordbank,
        mara=mara,
        tomas=tomas,
        petra=petra,
        jens=jens,
        nora=nora,
        elke=elke,
        martin=martin,
        sigrid=sigrid,
        service_desk=service_desk,
        network=network,
        house=house,
        workplace=workplace,
        vpn_problem=vpn_problem,
    )


def sign_in(client: FlaskClient, person: Person) -> None:
    """Sign ``person`` in with the password of the cast; the client keeps the cookie."""
    address = person.address
    answer = client.post("/sign-in", data={"address": address, "password": PASSWORD})
    assert answer.status_code == 303, f"{address} could not sign in"


def _join(
    name: str, organisation: Organisation, at: datetime, role: Role = Role.REQUESTER
) -> Person:
    domain = f"{organisation.slug}.example"
    local = joining.slug_of(name).replace("-", ".")
    person = joining.add_person(
        name, organisation=organisation, at=at, address=f"{local}@{domain}", role=role
    )
    signing_in.set_password(person, PASSWORD)
    return person
