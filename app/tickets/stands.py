"""Where a ticket stands in what an agent gives it: tags, priority, team and assignee.

A bulk change and a macro keep it from before and from after; so what nobody changed since can be
put back when they are undone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.catalogue.words import Priority
from app.clocks import queries
from app.database import db
from app.people import queries as people
from app.people.models import Person, Team
from app.tickets import acknowledging, classification, handing_over, tagging
from app.tickets.history import record
from app.tickets.models import Ticket

UNDONE = "undone"


def stand(ticket: Ticket) -> dict[str, Any]:
    """Where the ticket stands, as plain JSON for the history."""
    return {
        "assignee": ticket.assignee_id,
        "team": ticket.team_id,
        "priority": ticket.priority.value,
        "in_hand": queries.is_acknowledged(ticket.id),
        "tags": list(tagging.tags_of([ticket.id]).get(ticket.id, ())),
    }


def restore(ticket: Ticket, was: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    """Let the ticket stand as it ``was``, and its promises as if nothing had been."""
    if not was.get("in_hand", True) and queries.is_acknowledged(ticket.id):
        acknowledging.take_back(ticket, by=by, at=at)
    for tag in tagging.tags_of([ticket.id]).get(ticket.id, ()):
        if tag not in was["tags"]:
            tagging.untag(ticket, tag, by=by, at=at)
    for tag in was["tags"]:
        tagging.tag(ticket, tag, by=by, at=at)
    if was["priority"] != ticket.priority.value:
        before = Priority(was["priority"])
        classification.take_priority_back(ticket, before=before, by=by, at=at)
    if (was["assignee"], was["team"]) != (ticket.assignee_id, ticket.team_id):
        _give_back(ticket, was["assignee"], was["team"], by=by, at=at)


def _give_back(
    ticket: Ticket, assignee_id: int | None, team_id: int | None, *, by: Person, at: datetime
) -> None:
    """Give the ticket back to whom it was taken from, who is not told: they never lost it."""
    team, more = None, {}
    if team_id != ticket.team_id:
        found = db.session.get(Team, team_id) if team_id else None
        team, more = found.name if found else None, {"team_was": ticket.team_id}
        handing_over.hand_back(ticket, team_id, by=by, at=at)
    ticket.assignee_id = assignee_id
    name = people.person(assignee_id).name if assignee_id else None
    undone = {"reason": UNDONE, "taken_back": True}
    record(ticket, "assigned", by=by, at=at, to=name, team=team, **undone, **more)
