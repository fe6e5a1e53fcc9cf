"""How far people see: agents within their teams, requesters across their organisation.

Managers decide both. Source: product.md, "Roles"; security.md, "One query layer decides sight".
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_

from app.database import db
from app.errors import Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.people.belonging import GUESTS
from app.people.models import Organisation, Person, Role, Team, TeamMember


@dataclass(frozen=True)
class Agent:
    """An agent with the names of the teams that they belong to or lead."""

    person: Person
    teams: tuple[str, ...]


def limit(person: Person, *, is_limited: bool, by: Person) -> None:
    """Let an agent see the tickets of their teams alone, or every ticket again.

    Raises `Forbidden` unless ``by`` manages, `Refusal` for anybody who is no active agent.
    """
    _check(by)
    if person.role is not Role.AGENT or not person.is_active:
        raise Refusal(_("Only agents are limited to their teams: managers see every ticket."))
    person.is_limited = is_limited
    db.session.flush()


def share(organisation: Organisation, *, shares: bool, by: Person) -> None:
    """Let the people of an organisation read each other's requests, or no longer.

    Raises `Forbidden` unless ``by`` manages, `Refusal` for the guests, who do not know each other.
    """
    _check(by)
    if shares and organisation.name == GUESTS:
        raise Refusal(_("Guests come from everywhere: they never read each other's requests."))
    organisation.shares_requests = shares
    db.session.flush()


def agents() -> list[Agent]:
    """Every active agent who can be limited, by name, with their teams; two statements."""
    query = select(Person).where(Person.role == Role.AGENT, Person.is_active)
    found = db.session.scalars(query.order_by(Person.name, Person.id)).all()
    teams = _team_names()
    return [Agent(person, tuple(sorted(teams[person.id]))) for person in found]


def organisation(id: int) -> Organisation:
    """The organisation with this id; `NotFound` when there is none."""
    found = db.session.get(Organisation, id)
    if found is None:
        raise NotFound("There is no such organisation.")
    return found


def clients(*, after_id: int | None = None, limit: int = 50) -> Sequence[Organisation]:
    """A page of the organisations that ask for help, by name, those after ``after_id``.

    One row more than ``limit`` is answered where there is a next page.
    """
    query = select(Organisation).where(~Organisation.is_provider)
    last = db.session.get(Organisation, after_id) if after_id is not None else None
    if last is not None:
        query = query.where(tuple_(Organisation.name, Organisation.id) > (last.name, last.id))
    query = query.order_by(Organisation.name, Organisation.id).limit(limit + 1)
    return db.session.scalars(query).all()


def _team_names() -> dict[int, set[str]]:
    belonging = select(TeamMember.person_id, Team.name).join(Team, Team.id == TeamMember.team_id)
    leading = select(Team.lead_id, Team.name).where(Team.lead_id.is_not(None))
    names: dict[int, set[str]] = defaultdict(set)
    for person_id, name in db.session.execute(belonging.union(leading)):
        names[person_id].add(name)
    return names


def _check(by: Person) -> None:
    if not by.may_manage:
        raise Forbidden(_("Only managers decide who sees what."))
