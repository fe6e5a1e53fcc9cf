"""Wanting no more letters about a ticket: everybody's own choice, seen by nobody else."""

from datetime import datetime

from sqlalchemy import delete

from app.database import db
from app.people.models import Person
from app.tickets.models import Mute, Ticket
from app.tickets.queries import sources_of


def mute(ticket: Ticket, *, who: Person, at: datetime) -> None:
    """Write ``who`` no more letters about the ticket, but those that ask them something."""
    if not is_muted(ticket, who):
        db.session.add(Mute(ticket_id=ticket.id, person_id=who.id, since_at=at))
        db.session.flush()


def unmute(ticket: Ticket, *, who: Person) -> None:
    """Write to ``who`` again, about what was merged into it as well."""
    ids = [ticket.id, *(source.id for source in sources_of(ticket.id))]
    db.session.execute(delete(Mute).where(Mute.ticket_id.in_(ids), Mute.person_id == who.id))


def is_muted(ticket: Ticket, who: Person) -> bool:
    """Whether ``who`` wants no letters about the ticket."""
    return db.session.get(Mute, (ticket.id, who.id)) is not None
