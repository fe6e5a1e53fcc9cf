"""Opening a ticket: the version in force, its promises, and the first message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from app import bulk
from app.agreements import choosing
from app.agreements.terms import TargetTerms, Terms
from app.catalogue.models import RequestType
from app.catalogue.queries import Tile
from app.catalogue.words import Kind, Priority
from app.clocks import running
from app.clocks.draft import FROM_CONTACT
from app.clocks.keeping import Outcome
from app.database import db
from app.errors import Refusal
from app.files.models import Attachment
from app.languages import gettext as _
from app.people.models import Assigning, Person
from app.statements import rows, write_row
from app.tickets import addressing, assignment, history, letters, messages
from app.tickets.models import Message, Ticket
from app.tickets.words import CallOutcome, Channel, MessageKind, Side, Status

MAX_SUBJECT = 255
BACK = timedelta(hours=24)
"""How far back contact may lie when an agent writes a request down."""


class How(StrEnum):
    """How a ticket began, and so whether its first response is met with it (clocks.md).

    `REACHED`: an agent spoke with the requester at contact. `OURS`: the agent wrote first.
    """

    ASKED = "asked"
    REACHED = "reached"
    OURS = "ours"


_WHY = {
    How.ASKED: "New, unassigned",
    How.REACHED: "Spoken with the requester",
    How.OURS: "We wrote first",
}


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
    team_id: int | None = None,
) -> Outlook:
    """The promise shown before submitting: the same choice and arithmetic as on opening.

    ``team_id`` is the team that such a request goes to.
    """
    terms = choosing.choose(
        organisation_id=organisation_id,
        service_id=service_id,
        priority=priority.value,
        kind=kind.value,
        at=at,
        team_id=team_id,
    )
    shown = [terms.targets[m] for m in FROM_CONTACT if m in terms.targets]
    return Outlook(
        terms=terms,
        promises=tuple(
            Promise(target.measure, target.calendar.add(at, target.seconds_from(at)), target)
            for target in shown
        ),
    )


def find_made_by(once: str | None) -> Ticket | None:
    """The ticket that the form with this one-time id made already, if it did."""
    if not once:
        return None
    made_id = rows(_MADE_BY, {"once": once}).scalar()
    return db.session.get(Ticket, made_id) if made_id is not None else None


_MADE_BY = select(Ticket.id).where(Ticket.once == bindparam("once"))


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
    request_type: RequestType | Tile | None = None,
    service_id: int | None = None,
    team_id: int | None = None,
    once: str | None = None,
    how: How = How.ASKED,
    contact_at: datetime | None = None,
    late_because: str = "",
    follows: Ticket | None = None,
    files: Sequence[Attachment] = (),
) -> Ticket:
    """Open a ticket and start its clocks at contact, by default ``at``.

    The version is the one in force at contact. An agent who opens it for a requester writes the
    requester's words: the first response is still owed, unless ``how`` says otherwise. Contact
    up to a day back needs a reason. Raises `Refusal` when the subject or the words are missing
    and for a contact that cannot be. A second call with the same ``once`` violates its unique
    key; ask `find_made_by` first. ``follows`` is an earlier ticket that could not be reopened:
    both histories name the other.
    """
    contact_at = contact_at or at
    _refuse_contact(contact_at, late_because, at=at)
    if how is not How.ASKED and requester.id == by.id:
        raise Refusal(_("This would be your own request: it cannot answer itself."), field="how")
    subject = " ".join(subject.split())[:MAX_SUBJECT]
    if not subject:
        raise Refusal(_("Say in one line what this is about."), field="subject")
    if not body.strip():
        raise Refusal(_("Write what happens, and since when."), field="body")
    service_id = request_type.service_id if request_type else service_id
    team_id = team_id or (request_type.team_id if request_type else None)
    terms = choosing.choose(
        organisation_id=requester.organisation_id,
        service_id=service_id,
        priority=priority.value,
        kind=kind.value,
        at=contact_at,
        team_id=team_id,
    )
    ticket = Ticket(
        subject=subject,
        status=Status.NEW if how is How.ASKED else Status.OPEN,
        priority=priority,
        kind=kind,
        channel=channel,
        request_type_id=request_type.id if request_type else None,
        service_id=service_id,
        organisation_id=requester.organisation_id,
        requester_id=requester.id,
        team_id=team_id,
        version_id=terms.version_id,
        contact_at=contact_at,
        opened_at=at,
        last_event_at=contact_at,
        updated_at=at,
        once=once,
        why=f"Follows {follows.ref}" if follows is not None else _WHY[how],
        agent_unread=how is How.ASKED,
        snippet=messages.first_words(body),
    )
    write_row(ticket)
    set_committed_value(ticket, "requester", requester)
    message = _opening_message(ticket, body, how=how, by=by, at=at, files=files)
    with bulk.together():
        history.begin(
            ticket,
            by=by,
            channel=channel.value,
            message=message.id,
            **({} if how is How.ASKED else {"how": how.value}),
            **({"follows": follows.id} if follows is not None else {}),
            **({"known_at": at.isoformat(), "reason": late_because} if contact_at < at else {}),
        )
        outcome = running.opened(
            ticket.id,
            terms=terms,
            contact_at=contact_at,
            at=at,
            actor_id=by.id,
            cause="verb:open",
            response=how is not How.ASKED,
            reason=late_because.strip() or None,
        )
        _tell(ticket, message, outcome, terms, how=how, at=at)
    if follows is not None:
        history.note_down(follows, "followed", by=by, at=at, words=f"{ticket.ref} follows it")
    assignment.give_out(ticket, at=at, rule=_rule_of(request_type, team_id))
    return ticket


def _rule_of(request_type: RequestType | Tile | None, team_id: int | None) -> Assigning | None:
    """How the team gives out what comes in, as far as the request's form has read it."""
    if isinstance(request_type, Tile) and request_type.team_id == team_id:
        return request_type.assigning
    return None


def _refuse_contact(contact_at: datetime, late_because: str, *, at: datetime) -> None:
    if contact_at > at:
        raise Refusal(_("A contact that lies ahead starts no clock."), field="contact")
    if contact_at < at - BACK:
        raise Refusal(_("Contact can be set back by 24 hours, not more."), field="contact")
    if contact_at < at and not late_because.strip():
        raise Refusal(_("Say why it is written down only now."), field="late_because")


def _opening_message(
    ticket: Ticket, body: str, *, how: How, by: Person, at: datetime, files: Sequence[Attachment]
) -> Message:
    """The first message: the requester's words, or the agent's own, which are the answer."""
    is_ours = how is How.OURS
    return messages.add(
        ticket,
        by=by if is_ours else ticket.requester,
        side=Side.DESK if is_ours else Side.REQUESTER,
        body=body,
        channel=ticket.channel,
        at=ticket.contact_at,
        kind=MessageKind.CALL if how is How.REACHED else MessageKind.MESSAGE,
        is_response=how is not How.ASKED,
        outcome=CallOutcome.REACHED if how is How.REACHED else None,
        happened_at=ticket.contact_at if ticket.contact_at < at else None,
        files=files,
        is_first=True,
    )


def _tell(
    ticket: Ticket, message: Message, outcome: Outcome, terms: Terms, *, how: How, at: datetime
) -> None:
    """Acknowledge the request; what an agent wrote first is itself the letter."""
    if ticket.requester is None:
        return
    is_ours = how is How.OURS
    addressing.tell_one(
        ticket,
        ticket.requester,
        "ticket-replied" if is_ours else "ticket-opened",
        event=f"message:{message.id}" if is_ours else f"opened:{ticket.id}",
        at=at,
        facts=(
            letters.replied(ticket, message, waits=False)
            if is_ours
            else letters.opened(ticket, terms, outcome.course.clocks)
        ),
    )
