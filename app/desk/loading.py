"""From a URL to a row that this person may touch, or a page that says there is none."""

from flask import url_for

from app import http, wallclock
from app.database import db
from app.errors import NotFound, Refusal
from app.languages import gettext as _
from app.tickets import ending, merging, queries
from app.tickets.models import Message, Ticket


def ticket_or_404(ticket_id: int) -> Ticket:
    """The ticket with its people, as far as the signed-in person may see it."""
    ticket = queries.find_ticket(http.sight(), ticket_id)
    if ticket is None:
        raise NotFound("There is no such ticket.")
    return ticket


def for_page_or_404(ticket_id: int) -> Ticket:
    """As `ticket_or_404`, with what the ticket's own page shows."""
    ticket = queries.find_for_page(http.sight(), ticket_id)
    if ticket is None:
        raise NotFound("There is no such ticket.")
    return ticket


def named(typed: str, *, field: str) -> Ticket:
    """The ticket that somebody named, "#1040" or "1040"; a `Refusal` on ``field`` for none."""
    number = typed.strip().removeprefix("#")
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    found = queries.find_ticket(http.sight(), int(number)) if is_number else None
    if found is None:
        raise Refusal(_("There is no ticket %(typed)s.", typed=typed.strip()[:20]), field=field)
    return found


def url_of(ticket_id: int, *, anchor: str | None = None) -> str:
    """Where to go after a change: the ticket's page, or the queue if it left the person's sight."""
    if queries.find_ticket(http.sight(), ticket_id) is None:
        return url_for("desk.queue")
    return url_for("desk.ticket", ref=ticket_id, _anchor=anchor)


def for_change(ticket_id: int) -> Ticket:
    """The ticket, locked and read again; a hold that is over has ended at its own instant.

    Call `wallclock.now()` after it.
    """
    ticket_or_404(ticket_id)
    ticket = queries.for_change(ticket_id)
    ending.end_hold_of(ticket, at=wallclock.now())
    return ticket


def both_for_change(source: Ticket, into: Ticket) -> tuple[Ticket, Ticket]:
    """Two tickets of which one goes into the other, both locked, holds ended as in `for_change`."""
    locked = merging.for_both(source.id, into.id)
    at = wallclock.now()
    for ticket in locked:
        ending.end_hold_of(ticket, at=at)
    return locked


def message_or_404(ticket: Ticket, message_id: int) -> Message:
    """A message of ``ticket``."""
    message = db.session.get(Message, message_id)
    if message is None or message.ticket_id != ticket.id:
        raise NotFound("There is no such message.")
    return message
