"""What a person may see, as a plain value that query layers take.

Source: security.md, "One query layer decides sight".
"""

from dataclasses import dataclass, replace

from sqlalchemy import BindParameter

from app.people import queries
from app.people.models import Person, Role
from app.people.queries import Reach
from app.statements import number_called


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Who is looking, and what bounds their view: role, teams, organisation, one ticket.

    Who `is_limited` sees the tickets of ``team_ids`` alone. Where the organisation
    `shares_requests`, a requester reads their colleagues'; who `reads_agreements` holds a grant
    of it. A guest came by a link and sees the ticket ``guest_of`` alone.
    """

    person_id: int
    role: Role
    organisation_id: int
    team_ids: frozenset[int] = frozenset()
    is_limited: bool = False
    shares_requests: bool = False
    reads_agreements: bool = False
    guest_of: int | None = None

    @property
    def is_agent(self) -> bool:
        """Whether the desk is open to them."""
        return self.role is not Role.REQUESTER

    @property
    def sees_all(self) -> bool:
        """Whether every ticket is open to them."""
        return self.is_agent and not self.is_limited

    @property
    def shape(self) -> "Sight":
        """The same for all who see alike, so that a statement is put together once for them.

        Who they are stands in it as `viewer` alone; person 0, whom it names, sees nothing.
        """
        if not self.is_agent:
            return self
        teams = self.team_ids if self.is_limited else frozenset()
        return replace(self, person_id=0, role=Role.AGENT, organisation_id=0, team_ids=teams)

    @property
    def viewer(self) -> BindParameter[int]:
        """Who is looking, as a value that stands in a statement by the name ``viewer``."""
        return number_called("viewer", self.person_id)

    def as_requester(self) -> "Sight":
        """What the same person sees in the portal: no more than any requester, staff or not."""
        return replace(self, role=Role.REQUESTER, team_ids=frozenset(), is_limited=False)


def sight_of(person: Person, reach: Reach | None = None) -> Sight:
    """The sight of ``person`` as their role, teams and organisation stand now.

    What an organisation shares is for its requesters: staff read at the desk. ``reach`` is what
    the person reads, where it was asked already.
    """
    if not person.is_agent:
        return Sight(
            person_id=person.id,
            role=person.role,
            organisation_id=person.organisation_id,
            **(reach or queries.reach_of(person))._asdict(),
        )
    is_limited = person.is_limited and person.role is Role.AGENT
    return Sight(
        person_id=person.id,
        role=person.role,
        organisation_id=person.organisation_id,
        team_ids=queries.team_ids_of(person.id) if is_limited else frozenset(),
        is_limited=is_limited,
    )


def guest_sight(person: Person, ticket_id: int) -> Sight:
    """The sight of ``person`` who came by the guest link of a ticket, and that they take part."""
    return Sight(
        person_id=person.id,
        role=Role.REQUESTER,
        organisation_id=person.organisation_id,
        guest_of=ticket_id,
    )
