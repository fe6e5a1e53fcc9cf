"""From a URL to what this person may touch, or the page that says there is none."""

from app import http, wallclock
from app.errors import Forbidden, NotFound
from app.languages import gettext as _
from app.tickets import ending, queries
from app.tickets.models import Ticket


def request_or_404(ref: int) -> Ticket:
    """A request the person takes part in, or one their organisation shares with them.

    Any other looks like one that never existed. Staff see no more than any requester here.
    """
    ticket = queries.find_ticket(http.sight().as_requester(), ref)
    if ticket is None:
        raise NotFound("There is no such request.")
    return ticket


def own_request_or_404(ref: int) -> Ticket:
    """A request the person takes part in, for pages that change it.

    `Forbidden` where they only read what a colleague asked for.
    """
    ticket = request_or_404(ref)
    if not queries.takes_part(ticket, http.person()):
        raise Forbidden(_("This is a colleague's request: you may read it, and not change it."))
    return ticket


def for_change(ref: int) -> Ticket:
    """A request the person takes part in, locked and read again; a hold that is over has ended.

    Ask `wallclock.now()` after it.
    """
    ticket = queries.for_change(own_request_or_404(ref).id)
    ending.end_hold_of(ticket, at=wallclock.now())
    return ticket
