"""Who lives in the demo: the house, its teams and agents, its clients and their people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from app.database import db
from app.demo import accounts
from app.people import joining, queries, signing_in
from app.people.models import Absence, GrantKind, Person, Role, SignatoryGrant, Team, TeamMember

DOMAIN = "halden.example"
BRENNER = "Brenner & Voss"

AGENTS = {
    "Service desk": ("Mara Lindt", "Tomás Rivera", "Petra Weiss"),
    "Network": ("Tomás Rivera", "Lars Winkler"),
    "Clinical": ("Jonas Okafor", "Ines Vogel"),
    "On site, Berlin": ("Aiko Brandt", "Priya Nair"),
}
LEADS = {
    "Service desk": "Petra Weiss",
    "Network": "Lars Winkler",
    "Clinical": "Ines Vogel",
    "On site, Berlin": "Priya Nair",
}


class Client(NamedTuple):
    """A client: where its mail comes from, its time zone, and its people."""

    domain: str
    zone: str
    people: tuple[str, ...]


CLIENTS = {
    BRENNER: Client(
        "brenner-voss.example",
        "Europe/Berlin",
        ("Elke Sommer", "Martin Voss", "Robert Achter", "Hannah Brück", "Clara Stein"),
    ),
    "Fjordbank": Client(
        "fjordbank.example", "Europe/Oslo", ("Sigrid Moe", "Nils Aune", "Kari Dahl", "Ola Brekke")
    ),
    "Aalto Dental": Client(
        "aalto-dental.example", "Europe/Helsinki", ("Noor Haddad", "Maja Kron", "Eero Salo")
    ),
    "Kestrel Logistics": Client(
        "kestrel.example",
        "Europe/Warsaw",
        ("Piotr Zielinski", "Agnes Mrowka", "Jan Nowak", "Ewa Lis"),
    ),
    "St. Marien Clinic": Client(
        "st-marien.example",
        "Europe/Berlin",
        ("Dr. Ines Falk", "Sister Agathe Roth", "Dr. Paul Wendt", "Miriam Kaya"),
    ),
    "Osterrade council": Client(
        "osterrade.example", "Europe/Berlin", ("Lena Harms", "Birte Olsen", "Uwe Petersen")
    ),
    "Harcourt Press": Client(
        "harcourt-press.example", "Europe/London", ("Owen Hale", "Claire Dunmore", "Amit Shah")
    ),
    "Lindner Optik": Client(
        "lindner-optik.example", "Europe/Berlin", ("Ulf Lindner", "Sabine Groß")
    ),
}


@dataclass(frozen=True)
class Cast:
    """The demo's people as a history needs them: by address."""

    requesters: dict[str, tuple[str, ...]]
    agents: dict[str, tuple[str, ...]]


def address_of(name: str, domain: str) -> str:
    """The mail address of a person of that domain: "tomas.rivera@halden.example"."""
    titles = {"Dr.", "Sister"}
    words = [word for word in name.split() if word not in titles]
    return f"{joining.slug_of(words[0])}.{joining.slug_of(words[-1])}@{domain}"


def staff(name: str) -> Person:
    """One of the provider's people."""
    found = queries.find_person_by_address(address_of(name, DOMAIN))
    assert found is not None, name
    return found


def add_people(*, at: datetime) -> Cast:
    """Add everybody; the parties of the agreements must be there already."""
    house = queries.provider()
    assert house is not None, "the house agreement brings the provider along"
    staff = {
        name: joining.add_person(
            name,
            organisation=house,
            at=at,
            address=address_of(name, DOMAIN),
            role=Role.AGENT,
        )
        for name in dict.fromkeys(name for names in AGENTS.values() for name in names)
    }
    jens = joining.add_person(
        "Jens Adler",
        organisation=house,
        at=at,
        address="jens.adler@halden.example",
        role=Role.MANAGER,
    )
    joining.add_person(
        "Nora Falk",
        organisation=house,
        at=at,
        address="nora.falk@halden.example",
        role=Role.ADMIN,
    )
    _fill_teams(staff)
    db.session.add(
        Absence(
            person_id=staff["Lars Winkler"].id,
            starts_at=at - timedelta(days=1),
            ends_at=at + timedelta(days=6),
            substitute_id=jens.id,
            reason="On leave",
        )
    )
    requesters = {name: _add_client(name, at=at) for name in CLIENTS}
    _grant("martin.voss@brenner-voss.example", GrantKind.SIGNATORY)
    _grant("martin.voss@brenner-voss.example", GrantKind.AGREEMENT_EDITOR)
    _grant("martin.voss@brenner-voss.example", GrantKind.CONTACT)
    _grant("jens.adler@halden.example", GrantKind.SIGNATORY)
    _grant("jens.adler@halden.example", GrantKind.AGREEMENT_EDITOR)
    _set_passwords()
    return Cast(
        requesters=requesters,
        agents={
            team: tuple(address_of(name, DOMAIN) for name in names)
            for team, names in AGENTS.items()
        },
    )


def _fill_teams(staff: dict[str, Person]) -> None:
    for name, members in AGENTS.items():
        team = db.session.query(Team).filter_by(name=name).one_or_none()
        team = team or joining.add_team(name, zone="Europe/Berlin")
        team.lead_id = staff[LEADS[name]].id
        db.session.add_all(TeamMember(team_id=team.id, person_id=staff[one].id) for one in members)
    db.session.flush()


def _add_client(name: str, *, at: datetime) -> tuple[str, ...]:
    client = CLIENTS[name]
    organisation = queries.find_organisation_by_name(name) or joining.add_organisation(
        name, zone=client.zone, at=at, domains=(client.domain,)
    )
    addresses = []
    for person in client.people:
        address = address_of(person, client.domain)
        joining.add_person(person, organisation=organisation, at=at, address=address)
        addresses.append(address)
    return tuple(addresses)


def _grant(address: str, kind: GrantKind) -> None:
    person = queries.find_person_by_address(address)
    assert person is not None
    db.session.add(
        SignatoryGrant(person_id=person.id, organisation_id=person.organisation_id, kind=kind)
    )


def _set_passwords() -> None:
    for account in accounts.SHOWN:
        person = queries.find_person_by_address(account.address)
        assert person is not None, f"the demo shows {account.address}"
        signing_in.set_password(person, account.password)
