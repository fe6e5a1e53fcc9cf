"""Whom a letter about a ticket reaches on the requester's side, and by which door they come in.

Requesters (those of merged tickets, too) and people in copy, without who wants no letters; what
asks the requester something is written all the same, for the clock stands still until they
answer. Somebody without a password gets a personal link (`app.tickets.guests`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.database import db
from app.mail import outbox
from app.notices import telling
from app.notices.telling import Telling
from app.people.models import Person
from app.tickets import guests, rating, recipients
from app.tickets.models import Participant, Ticket
from app.tickets.queries import sources_of

RATED = "ticket-resolved"
"""The letter that asks its requester how it went."""


def tell(
    ticket: Ticket,
    kind: str,
    *,
    event: str,
    at: datetime,
    facts: Mapping[str, Any],
    asks: bool = False,
    besides: Person | None = None,
    held_until: datetime | None = None,
) -> None:
    """Tell the requester's side by a letter of ``kind``, all but ``besides``.

    With ``asks`` the ticket waits for its requester: a muted requester is told as well.
    """
    found = recipients.of(ticket)
    own = {person.id for person in found.to}
    for person in found.told(asks=asks):
        if besides is not None and person.id == besides.id:
            continue
        told = dict(facts)
        if person.id not in own:
            told["in_copy"] = True
        elif kind == RATED and rating.is_open_to(ticket, person):
            told["rate"] = rating.text_of(ticket.id, person.id)
        tell_one(ticket, person, kind, event=event, at=at, facts=told, held_until=held_until)


def tell_one(
    ticket: Ticket,
    person: Person,
    kind: str,
    *,
    event: str,
    at: datetime,
    facts: Mapping[str, Any],
    held_until: datetime | None = None,
) -> None:
    """Tell one of them, whether muted or not."""
    if outbox.is_muted():
        return
    told = {**facts, **guests.door(ticket, person, at=at)}
    telling.tell_all([Telling(person, kind, event, at, told, ticket.id, held_until=held_until)])


def addressees_of(ticket: Ticket) -> Sequence[Person]:
    """Requesters first, then who is in copy, without the muted; as `tell` reaches them."""
    return list(recipients.of(ticket).told())


def participants_of(ticket: Ticket) -> Sequence[Person]:
    """Who is in copy of the ticket or of one that was merged into it, the longest first."""
    query = (
        select(Person)
        .join(Participant, Participant.person_id == Person.id)
        .where(Participant.ticket_id.in_(ids_of(ticket)), Person.is_active)
        .order_by(Participant.since_at, Person.id)
    )
    return list(dict.fromkeys(db.session.scalars(query)))


def ids_of(ticket: Ticket) -> list[int]:
    """The ticket and those that were merged into it."""
    return [ticket.id, *(source.id for source in sources_of(ticket.id))]
