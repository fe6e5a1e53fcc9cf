"""Where a ticket stands in all that many tickets are changed in at once, and how it is put back.

Source: product.md, "The queue page" (bulk actions can be undone for 10 seconds).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.catalogue.words import Priority
from app.errors import Refusal
from app.languages import gettext as _
from app.notices import telling
from app.people import queries as people
from app.people.models import Person
from app.tickets import classification, lifecycle, queries, tagging
from app.tickets.history import record
from app.tickets.models import BulkChange, Ticket
from app.tickets.remembering import put_back, remembered
from app.tickets.words import Status

Now = Callable[[], datetime]


def undo(made: BulkChange, *, by: Person, now: Now) -> list[tuple[int, str]]:
    """Put back every ticket that still stands as the change left it; the others, each with why.

    Raises `Refusal` when the time for it is over, it was undone before, or somebody else's.
    """
    if made.person_id != by.id:
        raise Refusal(_("Only who made this change can take it back."))
    if made.undone_at is not None:
        raise Refusal(_("This change is taken back already."))
    if made.undo_until is None or now() > made.undo_until:
        raise Refusal(_("It is too late to take this change back."))
    left = []
    for each in made.results:
        if each["error"] is not None:
            continue
        ticket = queries.for_change(each["ticket"])
        if stand(ticket) != each["now"]:
            left.append((ticket.id, _("%(ref)s was changed since.", ref=ticket.ref)))
            continue
        _put_back(ticket, each["was"], by=by, at=max(now(), ticket.last_event_at))
        if each["told"]:
            telling.withdraw(each["told"], at=now())
    made.undone_at = now()
    return left


def stand(ticket: Ticket) -> dict[str, Any]:
    """Where the ticket stands in all that a deed can change, as plain JSON."""
    return {
        "assignee": ticket.assignee_id,
        "team": ticket.team_id,
        "priority": ticket.priority.value,
        "tags": list(tagging.tags_of([ticket.id]).get(ticket.id, ())),
        "stand": remembered(ticket),
    }


def _put_back(ticket: Ticket, was: dict[str, Any], *, by: Person, at: datetime) -> None:
    for tag in tagging.tags_of([ticket.id]).get(ticket.id, ()):
        if tag not in was["tags"]:
            tagging.untag(ticket, tag, by=by, at=at)
    for tag in was["tags"]:
        tagging.tag(ticket, tag, by=by, at=at)
    if was["stand"]["status"] != ticket.status.value:
        status = Status(was["stand"]["status"])
        lifecycle.move(ticket, status, by=by, at=at, reason="undone")
    if was["priority"] != ticket.priority.value:
        classification.prioritise(
            ticket, priority=Priority(was["priority"]), reason="undone", by=by, at=at
        )
    if (was["assignee"], was["team"]) != (ticket.assignee_id, ticket.team_id):
        _give_back(ticket, was["assignee"], was["team"], by=by, at=at)
    put_back(ticket, was["stand"])


def _give_back(
    ticket: Ticket, assignee_id: int | None, team_id: int | None, *, by: Person, at: datetime
) -> None:
    """Give the ticket back to whom it was taken from, who is not told: they never lost it."""
    ticket.assignee_id, ticket.team_id = assignee_id, team_id
    name = people.person(assignee_id).name if assignee_id else None
    record(ticket, "assigned", by=by, at=at, to=name, team=None, reason="undone")
