"""What a person may see, as a plain value that query layers take.

Source: security.md, "One query layer decides sight".
"""

from dataclasses import dataclass

from app.people import queries
from app.people.models import Person, Role


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Who is looking: the role, the organisation and the teams that bound their view."""

    person_id: int
    role: Role
    organisation_id: int
    team_ids: frozenset[int]

    @property
    def is_agent(self) -> bool:
        """Whether the desk is open to them."""
        return self.role is not Role.REQUESTER


def sight_of(person: Person) -> Sight:
    """The sight of ``person`` as their role and teams stand now."""
    return Sight(
        person_id=person.id,
        role=person.role,
        organisation_id=person.organisation_id,
        team_ids=queries.team_ids_of(person.id),
    )
