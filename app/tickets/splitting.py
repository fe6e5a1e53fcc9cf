"""Messages that ask for something else become a ticket of their own. Source: clocks.md, "Split".

A message never changes and never leaves: the new ticket has a copy of it, and both name the
other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from app.agreements import choosing
from app.agreements.terms import Terms
from app.catalogue.words import Priority
from app.clocks import foreseeing, running
from app.clocks.foreseeing import Foreseen
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people import queries as people
from app.people.models import Person
from app.tickets import addressing, assignment, letters
from app.tickets.history import note_down, record, record_not_told
from app.tickets.messages import snippet_of
from app.tickets.models import Message, Ticket
from app.tickets.opening import MAX_SUBJECT
from app.tickets.search import indexing
from app.tickets.spoken import Spoken
from app.tickets.words import Side, Status

Worded = TypeVar("Worded", Message, Spoken)


def splittable(ticket: Ticket, messages: Sequence[Worded]) -> list[Worded]:
    """Which of the ticket's messages can be split off: what its requester's side wrote later.

    The first message is what the ticket is about; it stays.
    """
    own = [one for one in messages if one.ticket_id == ticket.id and not one.is_note]
    return [one for one in own[1:] if one.side is Side.REQUESTER and one.taken_back_at is None]


def foresee(
    ticket: Ticket, chosen: Sequence[Message], *, priority: Priority, at: datetime
) -> Sequence[Foreseen]:
    """What would be promised for them; nothing is written. Raises `Refusal` as `split` does."""
    _refuse(ticket, chosen)
    requester = _asker(ticket, chosen)
    return foreseeing.split(
        ticket.id,
        terms=_terms(ticket, requester, chosen, priority),
        contact_at=chosen[0].at,
        causes=[f"message:{message.id}" for message in chosen],
        at=max(at, ticket.last_event_at),
    )


def split(
    ticket: Ticket,
    chosen: Sequence[Message],
    *,
    subject: str,
    priority: Priority,
    by: Person,
    at: datetime,
    once: str | None = None,
) -> Ticket:
    """Open a ticket for ``chosen``, in the order in which they were written.

    Contact is that of the first of them; the version is the one in force then. Its requester is
    who wrote it, and is told. The caller holds the ticket's lock. Raises `Refusal` without a
    subject or a message, for a message that cannot be split off, and unless the ticket is open.
    """
    _refuse(ticket, chosen)
    subject = " ".join(subject.split())[:MAX_SUBJECT]
    if not subject:
        raise Refusal(_("Say in one line what this is about."), field="subject")
    at = max(at, ticket.last_event_at)
    requester = _asker(ticket, chosen)
    terms = _terms(ticket, requester, chosen, priority)
    new = _open(ticket, chosen, requester, terms, subject, priority, at=at, once=once)
    copies = _copy(new, chosen)
    outcome = running.split(
        new.id,
        ticket.id,
        terms=terms,
        contact_at=new.contact_at,
        causes=[f"message:{message.id}" for message in chosen],
        at=at,
        actor_id=by.id,
        cause=f"split:{ticket.id}",
    )
    record_not_told(new, outcome.not_told, "splitting", at=at)
    new.status = Status(outcome.course.status)
    record(new, "split-off", by=by, at=at, source=ticket.id, message=copies[0].id)
    ids = [message.id for message in chosen]
    note_down(ticket, "split", by=by, at=at, into=new.id, messages=ids)
    assignment.give_out(new, at=at)
    addressing.tell_one(
        new,
        requester,
        "ticket-opened",
        event=f"opened:{new.id}",
        at=at,
        facts=letters.opened(new, terms),
    )
    return new


def _refuse(ticket: Ticket, chosen: Sequence[Message]) -> None:
    if not ticket.is_open:
        raise Refusal(
            _(
                "%(ref)s is %(stands)s: only an open ticket is split.",
                ref=ticket.ref,
                stands=ticket.stands,
            )
        )
    if not chosen:
        raise Refusal(_("Choose what is to be a ticket of its own."), field="messages")
    own = db.session.scalars(
        select(Message).where(Message.ticket_id == ticket.id).order_by(Message.at, Message.id)
    ).all()
    allowed = {message.id for message in splittable(ticket, own)}
    if any(message.id not in allowed for message in chosen):
        raise Refusal(
            _("Only what the requester's side wrote after the first message is split off."),
            field="messages",
        )


def _asker(ticket: Ticket, chosen: Sequence[Message]) -> Person:
    """Whose ticket it becomes: who wrote it, if still a person of ours, else the requester."""
    author_id = chosen[0].author_id or ticket.requester_id
    author = people.person(author_id) if author_id else None
    if author is not None and author.is_active and author.organisation_id == ticket.organisation_id:
        return author
    if ticket.requester is None:
        raise Refusal(_("Nobody is known who asked for this: correct the requester first."))
    return ticket.requester


def _terms(
    ticket: Ticket, requester: Person, chosen: Sequence[Message], priority: Priority
) -> Terms:
    return choosing.choose(
        organisation_id=requester.organisation_id,
        service_id=ticket.service_id,
        priority=priority.value,
        kind=ticket.kind.value,
        at=chosen[0].at,
        team_id=ticket.team_id,
    )


def _open(
    ticket: Ticket,
    chosen: Sequence[Message],
    requester: Person,
    terms: Terms,
    subject: str,
    priority: Priority,
    *,
    at: datetime,
    once: str | None,
) -> Ticket:
    new = Ticket(
        subject=subject,
        priority=priority,
        kind=ticket.kind,
        channel=chosen[0].channel,
        request_type_id=ticket.request_type_id,
        service_id=ticket.service_id,
        organisation_id=requester.organisation_id,
        requester=requester,
        team_id=ticket.team_id,
        version_id=terms.version_id,
        split_from_id=ticket.id,
        contact_at=chosen[0].at,
        opened_at=at,
        last_event_at=chosen[0].at,
        updated_at=at,
        once=once,
        snippet=snippet_of(chosen[-1]),
        why=f"Split off {ticket.ref}",
    )
    db.session.add(new)
    db.session.flush()
    return new


def _copy(new: Ticket, chosen: Sequence[Message]) -> list[Message]:
    """The messages once more, on the new ticket; their files are found by way of the first ones."""
    copies = [
        Message(
            ticket_id=new.id,
            author_id=message.author_id,
            author_name=message.author_name,
            side=message.side,
            kind=message.kind,
            channel=message.channel,
            body=message.body,
            is_markdown=message.is_markdown,
            outcome=message.outcome,
            happened_at=message.happened_at,
            copied_from_id=message.copied_from_id or message.id,
            at=message.at,
        )
        for message in chosen
    ]
    db.session.add_all(copies)
    db.session.flush()
    indexing.renew([new.id])
    return copies
