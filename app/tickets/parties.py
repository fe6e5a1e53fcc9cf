"""Whose a ticket is: its requester's, theirs who are in copy, theirs whose ticket went into it.

Conditions for statements; who may see what is put together in `queries.visible_to`.
"""

from sqlalchemy import ColumnElement, Select, or_, select

from app.people.access import Sight
from app.tickets.models import Participant, Ticket, Watcher


def asks_or_is_in_copy(person_id: int) -> ColumnElement[bool]:
    """Whether the person is the ticket's requester, or in copy."""
    copied = select(Participant.ticket_id).where(Participant.person_id == person_id)
    return or_(Ticket.requester_id == person_id, Ticket.id.in_(copied))


def is_party(person_id: int) -> ColumnElement[bool]:
    """Whether the person takes part, here or in a ticket that was merged into this one."""
    own = asks_or_is_in_copy(person_id)
    return or_(own, Ticket.id.in_(_gone_from(own)))


def is_reached_from(ticket_id: int) -> ColumnElement[bool]:
    """Whether it is that ticket, or one into which that ticket was merged."""
    this = Ticket.id == ticket_id
    return or_(this, Ticket.id.in_(_gone_from(this)))


def is_with_teams_of(sight: Sight) -> ColumnElement[bool]:
    """Whether an agent limited to their teams sees it: theirs, given to them, or watched."""
    watched = select(Watcher.ticket_id).where(Watcher.person_id == sight.viewer)
    return or_(
        Ticket.team_id.in_(sorted(sight.team_ids)),
        Ticket.assignee_id == sight.viewer,
        Ticket.id.in_(watched),
    )


def _gone_from(start: ColumnElement[bool]) -> Select[int]:
    """The ids of the tickets into which those of ``start`` were merged, one after the other."""
    gone = (
        select(Ticket.merged_into_id.label("id"))
        .where(start, Ticket.merged_into_id.is_not(None))
        .cte(recursive=True)
    )
    gone = gone.union(
        select(Ticket.merged_into_id).where(
            Ticket.id == gone.c.id, Ticket.merged_into_id.is_not(None)
        )
    )
    return select(gone.c.id)
