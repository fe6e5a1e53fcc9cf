"""Wanting no more letters about a ticket: everybody's own choice, seen by nobody else."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from app.database import db
from app.people.models import Person
from app.tickets.models import Mute, Ticket


def mute(ticket: Ticket, *, who: Person, at: datetime) -> None:
    """Write ``who`` no more letters about the ticket, but those that ask them something."""
    if not is_muted(ticket, who):
        db.session.add(Mute(ticket_id=ticket.id, person_id=who.id, since_at=at))
        db.session.flush()


def unmute(ticket: Ticket, *, who: Person) -> None:
    """Write to ``who`` again."""
    db.session.execute(delete(Mute).where(Mute.ticket_id == ticket.id, Mute.person_id == who.id))


def is_muted(ticket: Ticket, who: Person) -> bool:
    """Whether ``who`` wants no letters about the ticket."""
    return db.session.get(Mute, (ticket.id, who.id)) is not None


def muted_ids(ticket_ids: Iterable[int]) -> frozenset[int]:
    """Who wants no letters about any of these tickets."""
    query = select(Mute.person_id).where(Mute.ticket_id.in_(list(ticket_ids)))
    return frozenset(db.session.scalars(query))
