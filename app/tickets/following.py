"""Telling who works on a ticket that its requester's side wrote: the assignee and the watchers."""

from datetime import datetime

from app.notices import telling
from app.people import queries as people
from app.people.models import Person
from app.tickets import letters, watching
from app.tickets.models import Message, Ticket


def tell_of_words(ticket: Ticket, message: Message, *, by: Person, at: datetime) -> None:
    """Tell the assignee and everybody who watches, but not ``by``, what was written."""
    followers = {
        person.id: person for person in watching.watchers_of([ticket.id]).get(ticket.id, ())
    }
    if ticket.assignee_id is not None and ticket.assignee_id not in followers:
        followers[ticket.assignee_id] = people.person(ticket.assignee_id)
    for person in followers.values():
        if person.id != by.id and person.is_agent and person.is_active:
            telling.tell(
                person,
                "requester-answered",
                event=f"answered:{message.id}",
                ticket_id=ticket.id,
                at=at,
                facts=letters.requester_wrote(ticket, message),
            )
