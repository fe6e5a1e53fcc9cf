"""The part that somebody has in a request that they see: whose it is, who is in copy, who reads.

`queries.visible_to` says whether a person sees a ticket at all; this says as what.
"""

from enum import StrEnum

from app.people.models import Person
from app.tickets.models import Ticket
from app.tickets.queries import sources_of, takes_part


class Part(StrEnum):
    """Whose request it is, in copy, or a colleague whose organisation shares its requests."""

    OWN = "own"
    COPY = "copy"
    COLLEAGUE = "colleague"

    @property
    def may_write(self) -> bool:
        """Whether they answer; a colleague first puts themselves in copy."""
        return self is not Part.COLLEAGUE


def part_of(ticket: Ticket, person: Person) -> Part:
    """The part of ``person`` in a ticket that they see, the nearest first.

    A request that went into another one is their own there, too.
    """
    if ticket.requester_id == person.id:
        return Part.OWN
    if not takes_part(ticket, person):
        return Part.COLLEAGUE
    gone_into_it = {source.requester_id for source in sources_of(ticket.id)}
    return Part.OWN if person.id in gone_into_it else Part.COPY
