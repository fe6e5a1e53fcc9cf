"""Opening a ticket: the version in force, its promises, and the first message."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.agreements import choosing
from app.agreements.terms import TargetTerms, Terms
from app.catalogue.models import RequestType
from app.catalogue.words import Kind, Priority
from app.clocks import running
from app.database import db
from app.errors import Refusal
from app.notices import telling
from app.people.models import Person
from app.tickets import letters, messages
from app.tickets.history import record
from app.tickets.models import Ticket
from app.tickets.words import Channel, Side, Status

MAX_SUBJECT = 255


@dataclass(frozen=True)
class Promise:
    """What would be promised for one measure, and from where."""

    measure: str
    due_at: datetime
    target: TargetTerms


@dataclass(frozen=True)
class Outlook:
    """The promises a request would get if it were sent at an instant."""

    terms: Terms
    promises: tuple[Promise, ...]


def outlook(
    *,
    organisation_id: int | None,
    service_id: int | None,
    priority: Priority,
    kind: Kind,
    at: datetime,
) -> Outlook:
    """The promise shown before submitting: the same choice and arithmetic as on opening."""
    terms = choosing.choose(
        organisation_id=organisation_id,
        service_id=service_id,
        priority=priority.value,
        kind=kind.value,
        at=at,
    )
    shown = [terms.targets[m] for m in ("first_response", "resolution") if m in terms.targets]
    return Outlook(
        terms=terms,
        promises=tuple(
            Promise(target.measure, target.calendar.add(at, target.seconds), target)
            for target in shown
        ),
    )


def find_made_by(once: str | None) -> Ticket | None:
    """The ticket that the form with this one-time id made already, if it did."""
    if not once:
        return None
    return db.session.scalar(select(Ticket).where(Ticket.once == once))


def open_ticket(
    *,
    requester: Person,
    subject: str,
    body: str,
    priority: Priority,
    kind: Kind,
    by: Person,
    channel: Channel,
    at: datetime,
    request_type: RequestType | None = None,
    service_id: int | None = None,
    team_id: int | None = None,
    once: str | None = None,
) -> Ticket:
    """Open a ticket and start its clocks; contact is ``at``.

    An agent who opens it for a requester writes the requester's words: the first response is
    still owed. Raises `Refusal` when the subject or the words are missing. A second call with
    the same ``once`` violates its unique key; ask `find_made_by` first.
    """
    subject = " ".join(subject.split())[:MAX_SUBJECT]
    if not subject:
        raise Refusal("Say in one line what this is about.", field="subject")
    if not body.strip():
        raise Refusal("Write what happens, and since when.", field="body")
    service_id = request_type.service_id if request_type else service_id
    terms = choosing.choose(
        organisation_id=requester.organisation_id,
        service_id=service_id,
        priority=priority.value,
        kind=kind.value,
        at=at,
    )
    ticket = Ticket(
        subject=subject,
        status=Status.NEW,
        priority=priority,
        kind=kind,
        channel=channel,
        request_type_id=request_type.id if request_type else None,
        service_id=service_id,
        organisation_id=requester.organisation_id,
        requester_id=requester.id,
        team_id=team_id or (request_type.team_id if request_type else None),
        version_id=terms.version_id,
        contact_at=at,
        opened_at=at,
        last_event_at=at,
        updated_at=at,
        once=once,
        why="New, unassigned",
    )
    db.session.add(ticket)
    db.session.flush()
    messages.add(ticket, by=requester, side=Side.REQUESTER, body=body, channel=channel, at=at)
    record(ticket, "opened", by=by, at=at, channel=channel.value)
    running.opened(ticket.id, terms=terms, contact_at=at, at=at, actor_id=by.id, cause="verb:open")
    telling.tell(
        requester,
        "ticket-opened",
        event=f"opened:{ticket.id}",
        ticket_id=ticket.id,
        at=at,
        facts=letters.opened(ticket, terms),
    )
    return ticket
