"""Who is told of a dispute: both deciders and who raised it, but not who did it."""

from datetime import datetime

from sqlalchemy import select

from app.agreements.models import Agreement
from app.database import db
from app.disputes.models import Dispute
from app.notices import telling
from app.people.models import Person
from app.tickets.models import Ticket


def tell(
    dispute: Dispute, what: str, *, agreement: Agreement, words: str, by: Person, at: datetime
) -> None:
    """Tell of ``what`` ("raised", "said:12", "decided" …) in one letter each, once.

    ``words`` are what was said with it.
    """
    ids = {dispute.provider_decider_id, dispute.client_decider_id, dispute.raised_by_id} - {by.id}
    ticket = db.session.get(Ticket, dispute.ticket_id) if dispute.ticket_id else None
    facts = {
        "dispute": dispute.id,
        "agreement": agreement.title,
        "ref": ticket.ref if ticket else "",
        "what": what.partition(":")[0],
        "subject": dispute.subject.value,
        "outcome": dispute.outcome.value if dispute.outcome else "",
        "author": by.name,
        "body": words,
        "at": at.isoformat(),
    }
    for person in db.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)):
        telling.tell(person, "dispute", event=f"dispute:{dispute.id}:{what}", at=at, facts=facts)
