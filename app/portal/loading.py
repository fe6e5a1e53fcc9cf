"""From a URL to what this person may touch, or the page that says there is none."""

from app import http, wallclock
from app.errors import NotFound
from app.tickets import ending, queries
from app.tickets.models import Ticket


def request_or_404(ref: int) -> Ticket:
    """The person's own request, or one into which theirs was merged.

    Somebody else's looks like one that never existed.
    """
    ticket = queries.find_ticket(http.sight(), ref)
    if ticket is None or not queries.takes_part(ticket, http.person()):
        raise NotFound("There is no such request.")
    return ticket


def for_change(ref: int) -> Ticket:
    """The person's own request, locked and read again; a hold that is over has ended.

    Ask `wallclock.now()` after it.
    """
    ticket = queries.for_change(request_or_404(ref).id)
    ending.end_hold_of(ticket, at=wallclock.now())
    return ticket
