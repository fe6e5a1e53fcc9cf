"""What nobody of its team was free for goes to the first who is free again.

Absences end, tickets are done, capacities grow: all of it is seen by looking. What somebody gave to
nobody by hand stays there. Source: issue "The desk and the portal", "Assignment".
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select

from app.database import db
from app.people.models import Assigning, Team
from app.tickets import assignment, distribution
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.queries import for_change
from app.tickets.words import Status

AT_ONCE = 100
NOBODY_FREE, GIVEN = "not-given", "assigned"
"""The verbs of the history that say where giving out has left a ticket."""

Now = Callable[[], datetime]


def to_give(at: datetime, *, most: int = AT_ONCE) -> list[int]:
    """Tickets for which nobody was free in teams where now somebody is, the oldest first."""
    given_out = select(Team).where(Team.assigning != Assigning.BY_HAND).order_by(Team.id)
    found: list[int] = []
    for team in db.session.scalars(given_out).all():
        waiting = db.session.scalars(_WAITING, {"team": team.id}).all()
        if waiting and _is_anybody_free(team, None, at=at):
            found += waiting
    return sorted(found)[:most]


def give(ticket_id: int, now: Now) -> bool:
    """Give the ticket to whose turn it is, if somebody is free for it now; whether it was."""
    ticket = for_change(ticket_id)
    at = now()
    team = db.session.get(Team, ticket.team_id) if ticket.team_id else None
    if team is None or db.session.scalar(_ONE_WAITING, {"team": team.id, "id": ticket.id}) is None:
        return False
    if not _is_anybody_free(team, ticket.service_id, at=at):
        return False
    assignment.give_out(ticket, at=at)
    return ticket.assignee_id is not None


def _is_anybody_free(team: Team, service_id: int | None, *, at: datetime) -> bool:
    hands = distribution.hands_of(team, at=at, service_id=service_id)
    return any(hand.is_free for hand in hands)


def _waiting() -> Select[int]:
    """Tickets of a team that nobody has and that wait for an agent, given to nobody by its rule."""
    last = (
        select(func.max(HistoryEntry.id))
        .where(
            HistoryEntry.ticket_id == Ticket.id,
            HistoryEntry.verb.in_((NOBODY_FREE, GIVEN)),
        )
        .correlate(Ticket)
        .scalar_subquery()
    )
    return (
        select(Ticket.id)
        .join(HistoryEntry, HistoryEntry.id == last)
        .where(
            Ticket.team_id == bindparam("team"),
            Ticket.assignee_id.is_(None),
            Ticket.status.in_((Status.NEW, Status.OPEN)),
            HistoryEntry.verb == NOBODY_FREE,
        )
        .order_by(Ticket.id)
        .limit(AT_ONCE)
    )


_WAITING = _waiting()
_ONE_WAITING = _WAITING.where(Ticket.id == bindparam("id"))
