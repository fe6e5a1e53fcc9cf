"""By which door somebody comes to the page of a request: having signed in, or by a guest link.

The pages and deeds behind both are the same; a door knows who came, as what, and the URLs.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, redirect, url_for

from app import http, wallclock
from app.errors import Forbidden, NotFound
from app.languages import gettext as _
from app.people import access
from app.people import queries as people
from app.people.access import Sight
from app.people.models import Person
from app.tickets import ending, guests, parts, queries
from app.tickets.models import Ticket
from app.tickets.parts import Part


@dataclass(frozen=True)
class Door:
    """Somebody at one request; ``token`` is that of the guest link, None for who signed in."""

    ticket: Ticket
    person: Person
    sight: Sight
    token: str | None = None

    @cached_property
    def part(self) -> Part:
        """As what they come."""
        return parts.part_of(self.ticket, self.person)

    @property
    def is_guest(self) -> bool:
        """Whether they came by a link, without a password."""
        return self.token is not None

    @property
    def zone(self) -> str:
        """The zone in which they read times."""
        return self.person.zone_or(http.config().house_zone)

    def url(self, deed: str = "", *, anchor: str | None = None, **values: Any) -> str:
        """The page of the request, or where ``deed`` on it is sent: "answer", "close", "why"."""
        if self.token is not None:
            endpoint = f"portal.guest_{deed}" if deed else "portal.guest"
            return url_for(endpoint, token=self.token, _anchor=anchor, **values)
        endpoint = f"portal.{deed or 'request'}"
        return url_for(endpoint, ref=self.ticket.id, _anchor=anchor, **values)

    def url_of_other(self, ticket_id: int) -> str | None:
        """The page of a request into which this one went; None where no link leads there."""
        if self.token is None:
            return url_for("portal.request", ref=ticket_id)
        link = guests.find_link(ticket_id, self.person, at=wallclock.now())
        return url_for("portal.guest", token=guests.token_of(link)) if link else None

    def look_again(self) -> Ticket:
        """The request with its people, after a deed on it was refused."""
        return queries.find_ticket(self.sight, self.ticket.id) or self.ticket

    def check_may_write(self) -> None:
        """Raise `Forbidden` for who only reads what a colleague asked for."""
        if not self.part.may_write:
            raise Forbidden(_("This is a colleague's request: you may read it, and not change it."))

    def for_change(self) -> Ticket:
        """The request, locked and read again; a hold that is over has ended.

        `Forbidden` for who only reads a colleague's. Ask `wallclock.now()` after it.
        """
        self.check_may_write()
        ticket = queries.for_change(self.ticket.id)
        ending.end_hold_of(ticket, at=wallclock.now())
        return ticket


def of_request(ref: int) -> Door:
    """The signed-in person at a request; one they may not see looks like none.

    They take part in it, or their organisation shares it. Staff see no more than any requester.
    """
    sight = http.sight().as_requester()
    ticket = queries.find_ticket(sight, ref)
    if ticket is None:
        raise NotFound("There is no such request.")
    return Door(ticket, http.person(), sight)


def to_change(ref: int) -> Door:
    """As `of_request`, for who takes part; `Forbidden` for who only reads along."""
    door = of_request(ref)
    door.check_may_write()
    return door


def of_link(token: str) -> Door:
    """Who comes by a guest link, at its ticket as it stands now.

    Who has a password by now is led to sign in. `NotFound` for no link of ours and for who takes
    no part any more, `guests.Ended` for one that expired or was revoked.
    """
    link = guests.link_of(token, at=wallclock.now())
    person = people.person(link.person_id)
    if not person.is_active:
        raise NotFound("There is no such link.")
    if person.password_hash is not None:
        abort(redirect(url_for("portal.request", ref=link.ticket_id), 303))
    sight = access.guest_sight(person, link.ticket_id)
    ticket = queries.find_ticket(sight, link.ticket_id)
    if ticket is None:
        raise NotFound("There is no such request.")
    http.speak_to(person)
    return Door(ticket, person, sight, token)
