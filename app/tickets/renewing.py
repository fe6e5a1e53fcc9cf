"""A new guest link in place of one that expired: it goes to its person's own mailbox."""

from datetime import datetime

from app.people import queries as people
from app.people.models import Person
from app.tickets import addressing, letters
from app.tickets.models import GuestLink, Ticket
from app.tickets.queries import for_change, takes_part


def renew(link: GuestLink, *, at: datetime) -> bool:
    """Write to the link's person with a new one, once for each old link; whether that was done.

    Not for a revoked link, nor for who takes no part any more or has a password by now: the
    answer on the page is the same.
    """
    ticket: Ticket = for_change(link.ticket_id)
    person = people.person(link.person_id)
    is_theirs = person.is_active and person.password_hash is None and takes_part(ticket, person)
    if link.revoked_at is not None or not is_theirs:
        return False
    send(ticket, person, event=f"guest-link:{link.id}", at=at)
    return True


def send(ticket: Ticket, person: Person, *, event: str, at: datetime) -> None:
    """Write to the person's mailbox how to come to the ticket, once for each ``event``."""
    facts = letters.guest_link(ticket)
    addressing.tell_one(ticket, person, "guest-link", event=event, at=at, facts=facts)
