"""Who is responsible at the instant a rung fires, and who stands in for whom.

Absent: substitute, then team lead, then managers, then administrators: "nobody" is impossible.
Source: escalation.md, "Ladders".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.database import db
from app.errors import Refusal
from app.people import queries as people
from app.people.models import Person, Team
from app.tickets.models import Ticket

ROLE_WORDS = {
    "assignee": "assignee",
    "team_lead": "team lead",
    "service_owner": "owner of the service",
    "manager": "service manager",
    "client_contact": "contact",
}


@dataclass(frozen=True)
class Told:
    """Somebody who is told, as what, and why they and nobody else."""

    person: Person
    role: str
    words: str
    instead: str = ""

    def as_json(self) -> dict[str, str | int]:
        """How it is kept with the escalation."""
        return {
            "person": self.person.id,
            "name": self.person.name,
            "role": self.role,
            "instead": self.instead,
        }


def people_for(roles: Iterable[str], ticket: Ticket, *, at: datetime) -> list[Told]:
    """Everybody whom ``roles`` mean for this ticket at ``at``, each once."""
    told: dict[int, Told] = {}
    for role in roles:
        for found in _of_role(role, ticket, at):
            told.setdefault(found.person.id, found)
    return list(told.values())


def _of_role(role: str, ticket: Ticket, at: datetime) -> list[Told]:
    meant = _meant(role, ticket)
    words = ROLE_WORDS.get(role, "named in the ladder")
    if role == "client_contact" and meant:
        return [Told(person, role, words) for person in meant]
    found = [told for person in meant if (told := _present(person, role, words, at))]
    if found:
        return found
    missing = f"{meant[0].name} is away" if meant else f"there is no {words}"
    return [_fallback(ticket, role, missing, at)]


def _meant(role: str, ticket: Ticket) -> Sequence[Person]:
    match role:
        case "assignee":
            return _one(ticket.assignee_id)
        case "team_lead":
            return _one(_lead_of(ticket.team_id))
        case "service_owner":
            return _one(ticket.service.owner_id if ticket.service else None)
        case "manager":
            return people.managers()
        case "client_contact":
            return people.contacts_of(ticket.organisation_id) if ticket.organisation_id else ()
        case _:
            person = people.find_person_by_address(role.removeprefix("person:"))
            return [person] if person else ()


def _present(person: Person, role: str, words: str, at: datetime) -> Told | None:
    stand_in = people.stand_in(person, at)
    if stand_in is None:
        return None
    instead = "" if stand_in.id == person.id else f"for {person.name}, who is away"
    return Told(stand_in, role, words if not instead else f"{words}'s substitute", instead)


def _fallback(ticket: Ticket, role: str, missing: str, at: datetime) -> Told:
    chain = [*_one(_lead_of(ticket.team_id)), *people.managers(), *people.admins()]
    for person in chain:
        stand_in = people.stand_in(person, at)
        if stand_in is not None:
            return Told(stand_in, role, "next in line", f"because {missing}")
    everybody = chain or list(people.agents())
    if not everybody:
        raise Refusal("There is nobody at all to tell: add an administrator.")
    return Told(everybody[-1], role, "last in line", f"because {missing} and nobody is present")


def _one(person_id: int | None) -> Sequence[Person]:
    person = db.session.get(Person, person_id) if person_id else None
    return [person] if person and person.is_active else ()


def _lead_of(team_id: int | None) -> int | None:
    team = db.session.get(Team, team_id) if team_id else None
    return team.lead_id if team else None
