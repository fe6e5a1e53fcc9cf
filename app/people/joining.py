"""Verbs that add organisations, persons and teams, and that close a person's access."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people import addresses, signing_in
from app.people.models import Organisation, OrganisationDomain, Person, Role, Team, TeamMember


def slug_of(name: str) -> str:
    """``name`` as it stands in a URL: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "x"


def add_organisation(
    name: str,
    *,
    zone: str,
    at: datetime,
    domains: Iterable[str] = (),
    is_provider: bool = False,
) -> Organisation:
    """Add an organisation whose people write from ``domains``; `Refusal` for a taken name."""
    tidy = addresses.plain_name(name)
    if db.session.scalar(select(Organisation.id).where(Organisation.name == tidy)):
        raise Refusal(
            _("There is already an organisation called %(name)s.", name=tidy), field="name"
        )
    organisation = Organisation(
        name=tidy,
        slug=_free_slug(slug_of(tidy)),
        zone=zone,
        is_provider=is_provider,
        created_at=at,
    )
    db.session.add(organisation)
    db.session.flush()
    for domain in domains:
        db.session.add(OrganisationDomain(organisation_id=organisation.id, domain=domain.lower()))
    db.session.flush()
    return organisation


def add_person(
    name: str,
    *,
    organisation: Organisation,
    at: datetime,
    address: str | None = None,
    role: Role = Role.REQUESTER,
    zone: str | None = None,
) -> Person:
    """Add a person; `Refusal` for a bad name or address, or an address that is taken."""
    known = None if address is None else addresses.normalised(address)
    if known and db.session.scalar(select(Person.id).where(Person.address == known)):
        raise Refusal(_("%(address)s already belongs to somebody.", address=known), field="address")
    person = Person(
        name=addresses.plain_name(name),
        address=known,
        role=role,
        organisation_id=organisation.id,
        zone=zone,
        created_at=at,
    )
    db.session.add(person)
    db.session.flush()
    return person


def add_team(
    name: str, *, zone: str, lead: Person | None = None, members: Iterable[Person] = ()
) -> Team:
    """Add a team; its lead is a member, too."""
    tidy = addresses.plain_name(name)
    team = Team(name=tidy, slug=slug_of(tidy), zone=zone, lead_id=lead.id if lead else None)
    db.session.add(team)
    db.session.flush()
    belonging = {person.id for person in members} | ({lead.id} if lead else set())
    for person_id in sorted(belonging):
        db.session.add(TeamMember(team_id=team.id, person_id=person_id))
    db.session.flush()
    return team


def disable(person: Person) -> None:
    """Close the person's access at once: no sign-in, no session, no letter."""
    person.is_active = False
    signing_in.end_sessions_of(person)
    db.session.flush()


def _free_slug(wanted: str) -> str:
    taken = set(
        db.session.scalars(
            select(Organisation.slug).where(Organisation.slug.startswith(wanted, autoescape=True))
        )
    )
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
