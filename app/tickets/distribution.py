"""Who of a team gets a ticket: in turn, or whoever has least to do.

The absent, the full and those who lack a qualification that its service requires do not.

What somebody has to do is the tickets on which it is an agent's turn (new or open): those that
wait for somebody else do not count. Source: issue "The desk and the portal", "Assignment".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.database import db
from app.languages import gettext as _
from app.people import absences
from app.people import queries as people
from app.people.models import Assigning, Person, Team
from app.qualifications import holding
from app.statements import number_called, rows
from app.tickets.models import Ticket
from app.tickets.words import Status


@dataclass(frozen=True)
class Hand:
    """A member of a team: how many tickets need them now, and whether they can take another.

    `lacks` are the qualifications which the ticket's service requires and they do not hold.
    """

    person: Person
    load: int
    is_absent: bool
    lacks: Sequence[str] = ()

    @property
    def is_full(self) -> bool:
        """Whether they have as many tickets as they are given at most."""
        return self.person.capacity is not None and self.load >= self.person.capacity

    @property
    def is_free(self) -> bool:
        """Whether a ticket may be given to them."""
        return not (self.is_absent or self.is_full or self.lacks)


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, by which rule, and of how many that were free; nobody's of none."""

    person: Person | None
    rule: Assigning
    of: int


def hands_of(team: Team, *, at: datetime, service_id: int | None = None) -> list[Hand]:
    """The members of a team who work tickets, by id, as they stand at ``at``."""
    members = [one for one in people.team_members(team.id) if one.is_agent]
    return sorted(hands(members, at=at, service_id=service_id), key=lambda hand: hand.person.id)


def hands(persons: Sequence[Person], *, at: datetime, service_id: int | None = None) -> list[Hand]:
    """How each of these people stands at ``at``, in their order, for a ticket of the service."""
    ids = [person.id for person in persons]
    away, loads = absences.absent(ids, at=at), _loads_of(ids)
    lacking = holding.lacking(service_id, ids, at=at)
    return [
        Hand(person, loads.get(person.id, 0), person.id in away, lacking.get(person.id, ()))
        for person in persons
    ]


def next_of(team: Team, hands: Sequence[Hand]) -> Turn | None:
    """Whose turn is next under the team's rule; None where tickets are given out by hand.

    In turn means by id, after whoever was given the last one; of those with equally little to
    do it is whose turn comes first.
    """
    if team.assigning is Assigning.BY_HAND:
        return None
    free = [hand for hand in hands if hand.is_free]
    last = team.last_assigned_id or 0
    in_turn = sorted(free, key=lambda hand: (hand.person.id <= last, hand.person.id))
    if team.assigning is Assigning.BY_LOAD:
        in_turn = sorted(in_turn, key=lambda hand: hand.load)
    return Turn(in_turn[0].person if free else None, team.assigning, len(free))


def take_turn(
    team_id: int, *, service_id: int | None, at: datetime, rule: Assigning | None = None
) -> Turn | None:
    """Whose turn it is now, noted as taken; the team is locked, so that no two get the same turn.

    Call it with the ticket locked already. None where tickets are given out by hand; ``rule`` is
    the team's, where it was read already.
    """
    rule = rule or rows(_RULE, {"team": team_id}).scalar()
    if rule in (None, Assigning.BY_HAND):
        return None
    lock = {"key_share": True}
    team = db.session.get_one(Team, team_id, populate_existing=True, with_for_update=lock)
    turn = next_of(team, hands_of(team, at=at, service_id=service_id))
    if turn is not None and turn.person is not None:
        team.last_assigned_id = turn.person.id
        db.session.flush()
    return turn


_RULE = select(Team.assigning).where(Team.id == number_called("team"))


def because(rule: str, of: int) -> str:
    """Why it was them: "least loaded of 3"."""
    if of == 1:
        return _("the only one free")
    if rule == Assigning.BY_LOAD.value:
        return _("least loaded of %(count)s", count=of)
    return _("next in turn of %(count)s", count=of)


def _loads_of(ids: Sequence[int]) -> dict[int, int]:
    """How many tickets need each of these people now."""
    rows = db.session.execute(
        select(Ticket.assignee_id, func.count())
        .where(Ticket.assignee_id.in_(ids), Ticket.status.in_((Status.NEW, Status.OPEN)))
        .group_by(Ticket.assignee_id)
    )
    return {id_: count for id_, count in rows if id_ is not None}
