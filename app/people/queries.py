"""Questions about people: who, whose, where, present or not, and who stands in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, bindparam, exists, select, union

from app.database import db
from app.entities import Entity
from app.errors import NotFound
from app.people.addresses import domain_of
from app.people.models import (
    Absence,
    GrantKind,
    Organisation,
    OrganisationDomain,
    Person,
    Role,
    SignatoryGrant,
    Team,
    TeamMember,
)
from app.statements import built_once, instant_called, is_numbered, number_called, rows


def person(id: int) -> Person:
    """The person with this id; `NotFound` when there is none."""
    found = db.session.get(Person, id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def find_person_by_address(address: str) -> Person | None:
    """The person who has ``address``, in any case."""
    return db.session.scalar(select(Person).where(Person.address == address.strip().lower()))


def people(ids: Iterable[int]) -> dict[int, Person]:
    """The persons with these ids, by id."""
    found = db.session.scalars(select(Person).where(Person.id.in_(set(ids))))
    return {person.id: person for person in found}


def organisation_of_address(address: str) -> Organisation | None:
    """The organisation whose mail domain ``address`` has."""
    return db.session.scalar(
        select(Organisation)
        .join(OrganisationDomain, OrganisationDomain.organisation_id == Organisation.id)
        .where(OrganisationDomain.domain == domain_of(address))
    )


def find_organisation_by_name(name: str) -> Organisation | None:
    """The organisation called exactly ``name``."""
    return db.session.scalar(select(Organisation).where(Organisation.name == name))


def provider() -> Organisation | None:
    """The house itself: the provider that was added first."""
    return db.session.scalar(
        select(Organisation).where(Organisation.is_provider).order_by(Organisation.id).limit(1)
    )


def agents() -> Sequence[Person]:
    """Everybody active who works tickets, by name."""
    return _active(Role.AGENT, Role.MANAGER, Role.ADMIN)


def managers() -> Sequence[Person]:
    """Active managers, by name; administrators are not among them."""
    return _active(Role.MANAGER)


def managers_at(at: datetime) -> list[tuple[Person, bool]]:
    """The same, each with whether they are away at ``at``; one statement."""
    return [(person, away) for person, away in db.session.execute(_MANAGERS_AT, {"at": at})]


_MANAGERS_AT = (
    select(
        Person,
        exists().where(
            Absence.person_id == Person.id,
            Absence.starts_at <= bindparam("at"),
            Absence.ends_at > bindparam("at"),
        ),
    )
    .where(Person.role == Role.MANAGER, Person.is_active)
    .order_by(Person.name, Person.id)
)


def admins() -> Sequence[Person]:
    """Active administrators, by name."""
    return _active(Role.ADMIN)


def teams() -> Sequence[Team]:
    """All teams, by name."""
    return db.session.scalars(select(Team).order_by(Team.name, Team.id)).all()


def find_team_by_slug(slug: str) -> Team | None:
    """The team whose pages are called ``slug``."""
    return db.session.scalar(select(Team).where(Team.slug == slug))


def leads_a_team(person_id: int) -> bool:
    """Whether this person is the lead of any team."""
    return db.session.scalar(select(Team.id).where(Team.lead_id == person_id)) is not None


def team_members(team_id: int) -> Sequence[Person]:
    """The active members of a team, by name."""
    return db.session.scalars(
        select(Person)
        .join(TeamMember, TeamMember.person_id == Person.id)
        .where(TeamMember.team_id == team_id, Person.is_active)
        .order_by(Person.name, Person.id)
    ).all()


def teams_of(person_id: int) -> Sequence[Team]:
    """The teams this person belongs to, by name."""
    return db.session.scalars(
        select(Team)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.person_id == person_id)
        .order_by(Team.name, Team.id)
    ).all()


def team_ids_of(person_id: int) -> frozenset[int]:
    """The teams this person belongs to or leads."""
    return frozenset(db.session.scalars(_TEAM_IDS, {"person": person_id}))


def team_ids(person_id: ColumnElement[int]) -> CompoundSelect[int]:
    """As `team_ids_of`, for a statement around it."""
    return union(
        select(TeamMember.team_id).where(TeamMember.person_id == person_id),
        select(Team.id).where(Team.lead_id == person_id),
    )


_TEAM_IDS = team_ids(number_called("person"))


class Reach(NamedTuple):
    """What a requester reads beside their own: colleagues' requests, and their agreements.

    The first is what the organisation shares; the second takes any grant of it.
    """

    shares_requests: bool
    reads_agreements: bool


def reach() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The columns of `Reach`, for a statement that joins `Person` with their `Organisation`."""
    granted = exists().where(
        SignatoryGrant.person_id == Person.id, SignatoryGrant.organisation_id == Organisation.id
    )
    return Organisation.shares_requests.expression, granted.label("reads_agreements")


def reach_of(person: Person) -> Reach:
    """What this person reads, by itself."""
    found = rows(_REACH, {"person": person.id}).one()
    return Reach(*map(bool, found))


_REACH = (
    select(*reach())
    .select_from(Person)
    .join(Organisation, Organisation.id == Person.organisation_id)
    .where(Person.id == number_called("person"))
)


def contacts_of(organisation_id: int) -> Sequence[Person]:
    """Whom the ladder's "client contact" means: contacts, else signatories, by name."""
    granted = db.session.execute(
        select(SignatoryGrant.kind, Person)
        .join(Person, Person.id == SignatoryGrant.person_id)
        .where(SignatoryGrant.organisation_id == organisation_id, Person.is_active)
        .order_by(Person.name, Person.id)
    ).all()
    contacts = [person for kind, person in granted if kind is GrantKind.CONTACT]
    return contacts or list(dict.fromkeys(person for _, person in granted))


def absence_at(person_id: int, at: datetime) -> Absence | None:
    """The absence that covers ``at``; of several the one entered last."""
    return db.session.scalar(_ABSENT, {"person_id": person_id, "at": at})


_ABSENT = (
    select(Absence)
    .where(
        Absence.person_id == bindparam("person_id"),
        Absence.starts_at <= bindparam("at"),
        Absence.ends_at > bindparam("at"),
    )
    .order_by(Absence.id.desc())
    .limit(1)
)


def present(person: Person, at: datetime) -> bool:
    """Whether the person is active and not absent at ``at``."""
    return person.is_active and absence_at(person.id, at) is None


Substitutes = Mapping[int, Person | None]
"""Who stands in for whom, by the absent person's id; None where nobody does."""


def substitutes_for(persons: Iterable[Person], at: datetime) -> Substitutes:
    """Who stands in for each of these who is absent at ``at``, for those, and so on."""
    found: dict[int, Person | None] = {}
    ids = [person.id for person in persons]
    for row in rows(_in_line(), {"ids": ids, "at": at}):
        substitute, (absent_id,) = _SUBSTITUTE.taken_from(row)
        found.setdefault(absent_id, substitute)
    return found


def stand_in(
    person: Person, at: datetime, *, substitutes: Substitutes | None = None
) -> Person | None:
    """Who does the person's work at ``at``: themselves, else the first present substitute.

    None when the chain of substitutes ends or turns in a circle. ``substitutes`` are those of
    the instant, where the caller has asked for several at once.
    """
    known = substitutes_for([person], at) if substitutes is None else substitutes
    seen: set[int] = set()
    current: Person | None = person
    while current is not None and current.id not in seen:
        if current.id not in known:
            return current if current.is_active else None
        seen.add(current.id)
        current = known[current.id]
    return None


_SUBSTITUTE = Entity(Person)


@built_once
def _in_line() -> Select[*tuple[Any, ...]]:
    """The absences at ``at`` of some people, of their substitutes and so on, and who stands in.

    Of several absences of one person the one entered last comes first.
    """
    at = instant_called("at")
    is_now = and_(Absence.starts_at <= at, Absence.ends_at > at)
    line = select(Person.id).where(is_numbered(Person.id, "ids")).cte("line", recursive=True)
    following = select(Absence.substitute_id).where(Absence.person_id == line.c.id, is_now)
    line = line.union(following.where(Absence.substitute_id.is_not(None)))
    return (
        select(*_SUBSTITUTE.columns, Absence.person_id)
        .join_from(line, Absence, Absence.person_id == line.c.id)
        .outerjoin(Person, Person.id == Absence.substitute_id)
        .where(is_now)
        .order_by(Absence.id.desc())
    )


def reachable(
    person: Person, at: datetime, *, substitutes: Substitutes | None = None
) -> Person | None:
    """Who can be told by mail in the person's place at ``at``, found as by `stand_in`."""
    found = stand_in(person, at, substitutes=substitutes)
    return found if found is not None and found.address else None


def _active(*roles: Role) -> Sequence[Person]:
    return db.session.scalars(_ACTIVE, {"roles": roles}).all()


_ACTIVE = (
    select(Person)
    .where(Person.role.in_(bindparam("roles", expanding=True)), Person.is_active)
    .order_by(Person.name, Person.id)
)
