"""What a ticket is and whose: priority, kind, service, requester, which choose its targets.

Source: clocks.md, "A target changes". A correction chooses anew in the version that the ticket
has; another organisation has its own version, the one in force at contact.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.agreements import choosing
from app.agreements.terms import Terms
from app.catalogue.models import RequestType
from app.catalogue.words import Kind, Priority
from app.clocks import foreseeing, running
from app.clocks.foreseeing import Foreseen
from app.clocks.models import Clock
from app.errors import Refusal
from app.languages import gettext as _
from app.notices import telling
from app.people.models import Person
from app.tickets import assignment, handing_over, letters
from app.tickets.history import record, record_not_told
from app.tickets.models import Ticket
from app.tickets.queries import terms_of
from app.tickets.words import DONE


@dataclass(frozen=True)
class Class:
    """All that chooses a ticket's targets; ``version_id`` is the version that they are in."""

    version_id: int
    organisation_id: int | None
    service_id: int | None
    request_type_id: int | None
    kind: Kind
    priority: Priority
    team_id: int | None = None


def class_of(ticket: Ticket) -> Class:
    """What the ticket is now."""
    return Class(
        version_id=ticket.version_id,
        organisation_id=ticket.organisation_id,
        service_id=ticket.service_id,
        request_type_id=ticket.request_type_id,
        kind=ticket.kind,
        priority=ticket.priority,
        team_id=ticket.team_id,
    )


def foresee(ticket: Ticket, wanted: Class, *, at: datetime) -> list[Foreseen]:
    """What it would do to each promise if the ticket were ``wanted``; nothing is written.

    On a ticket that is resolved nothing moves before it is reopened.
    """
    _refuse_unless_correctable(ticket)
    terms = _chosen(ticket, wanted)
    return foreseeing.retargeted(ticket.id, terms=terms, at=max(at, ticket.last_event_at))


def prioritise(
    ticket: Ticket,
    *,
    priority: Priority,
    reason: str,
    by: Person | None,
    at: datetime,
    keeping: Clock | None = None,
    held_until: datetime | None = None,
) -> None:
    """Change the priority and choose the targets anew in the ticket's own version.

    A lower priority moves due times out and so needs a reason. ``keeping`` is a clock that keeps
    its target: the one whose rung raised the priority, or the ladder would chase itself. On a
    resolved ticket it counts from a reopening on. With ``held_until`` it can be undone until then
    (`take_priority_back`), and nobody is told of what it does to a ladder before. Raises `Refusal`
    without a reason, and when nothing would change.
    """
    _refuse_unless_correctable(ticket)
    if priority is ticket.priority:
        raise Refusal(
            _(
                "%(ref)s has %(priority)s priority already.",
                ref=ticket.ref,
                priority=priority.label.lower(),
            ),
            field="priority",
        )
    if priority.rank > ticket.priority.rank and not reason.strip():
        raise Refusal(_("A lower priority gives us more time: say why."), field="reason")
    before = ticket.priority
    wanted = replace(class_of(ticket), priority=priority)
    facts = {"before": before.value, "after": priority.value}
    _become(
        ticket,
        wanted,
        "priority",
        facts,
        reason=reason,
        by=by,
        at=at,
        keeping=keeping,
        held_until=held_until,
    )


def take_priority_back(ticket: Ticket, *, before: Priority, by: Person, at: datetime) -> None:
    """Undo the newest change of priority at once: the promises stand as if it had never been."""
    at = max(at, ticket.last_event_at)
    terms = _chosen(ticket, replace(class_of(ticket), priority=before))
    running.retracted(
        ticket.id,
        terms=terms,
        undoes="verb:priority",
        at=at,
        actor_id=by.id,
        cause="undo:priority",
    )
    facts = {"before": ticket.priority.value, "after": before.value, "taken_back": True}
    ticket.version_id, ticket.priority = terms.version_id, before
    record(ticket, "priority", by=by, at=at, **facts)


def correct(
    ticket: Ticket,
    *,
    kind: Kind,
    service_id: int | None,
    request_type: RequestType | None,
    reason: str,
    by: Person,
    at: datetime,
    despite: str = "",
) -> None:
    """Correct what is asked for: the kind, the service, the request type.

    A request type names its service. Whoever has the ticket and lacks what another service
    requires keeps it with the reason ``despite``; else nobody has it then. Raises `Refusal`
    without a reason, and when nothing would change.
    """
    _refuse_unless_correctable(ticket)
    wanted = replace(
        class_of(ticket),
        kind=kind,
        service_id=request_type.service_id if request_type else service_id,
        request_type_id=request_type.id if request_type else None,
    )
    if wanted == class_of(ticket):
        raise Refusal(_("%(ref)s is classified so already.", ref=ticket.ref))
    if not reason.strip():
        raise Refusal(_("Say why: the history and the explanation quote it."), field="reason")
    facts = {"kind": ticket.kind.value, "service": ticket.service_id}
    after = {"kind": wanted.kind.value, "service": wanted.service_id}
    both = {"before": facts, "after": after}
    has_another = wanted.service_id != ticket.service_id
    _become(ticket, wanted, "classified", both, reason=reason, by=by, at=at)
    if has_another:
        assignment.refit(ticket, despite=despite, by=by, at=at)


def correct_requester(
    ticket: Ticket, *, requester: Person, reason: str, by: Person, at: datetime
) -> None:
    """Give the ticket to the requester whose it is; its organisation follows.

    In another organisation the version in force there at contact holds from now on. Raises
    `Refusal` without a reason, and for the same requester or a disabled one.
    """
    wanted = class_with(ticket, requester)
    if requester.id == ticket.requester_id:
        raise Refusal(
            _("%(ref)s is %(name)s's already.", ref=ticket.ref, name=requester.name),
            field="requester",
        )
    if not requester.is_active:
        raise Refusal(_("%(name)s is no longer here.", name=requester.name), field="requester")
    if not reason.strip():
        raise Refusal(_("Say why: the history and the explanation quote it."), field="reason")
    before = ticket.requester.name if ticket.requester else ""
    facts = {
        "before": before,
        "after": requester.name,
        "organisation": {"before": ticket.organisation_id, "after": wanted.organisation_id},
    }
    ticket.requester_id = requester.id
    ticket.requester = requester
    _become(ticket, wanted, "requester", facts, reason=reason, by=by, at=at)
    telling.tell(
        requester,
        "ticket-opened",
        event=f"opened:{ticket.id}",
        ticket_id=ticket.id,
        at=at,
        facts=letters.opened(ticket, terms_of(ticket)),
    )


def class_with(ticket: Ticket, requester: Person) -> Class:
    """What the ticket would be as a request of ``requester``."""
    _refuse_unless_correctable(ticket)
    now = class_of(ticket)
    if requester.organisation_id == ticket.organisation_id:
        return now
    terms = choosing.choose(
        organisation_id=requester.organisation_id,
        service_id=now.service_id,
        priority=now.priority.value,
        kind=now.kind.value,
        at=ticket.contact_at,
        team_id=now.team_id,
    )
    return replace(now, version_id=terms.version_id, organisation_id=requester.organisation_id)


def _become(
    ticket: Ticket,
    wanted: Class,
    verb: str,
    facts: dict[str, Any],
    *,
    reason: str,
    by: Person | None,
    at: datetime,
    keeping: Clock | None = None,
    held_until: datetime | None = None,
) -> None:
    """Let the ticket be ``wanted`` from ``at`` on, and its clocks follow."""
    at, said = max(at, ticket.last_event_at), reason.strip() or None
    terms = _chosen(ticket, wanted)
    outcome = running.retargeted(
        ticket.id,
        terms=handing_over.kept(terms, keeping),
        at=at,
        actor_id=by.id if by else None,
        cause=f"verb:{verb}",
        reason=said,
        held_until=held_until,
    )
    ticket.version_id = terms.version_id
    ticket.organisation_id = wanted.organisation_id
    ticket.service_id = wanted.service_id
    ticket.request_type_id = wanted.request_type_id
    ticket.kind, ticket.priority = wanted.kind, wanted.priority
    record_not_told(ticket, outcome.not_told, verb, at=at)
    record(ticket, verb, by=by, at=at, reason=said, **facts)


def _chosen(ticket: Ticket, wanted: Class) -> Terms:
    """The terms of ``wanted``: in its version, else, where that covers no such request, in the
    one that did at contact."""
    asked: dict[str, Any] = {
        "organisation_id": wanted.organisation_id,
        "service_id": wanted.service_id,
        "priority": wanted.priority.value,
        "kind": wanted.kind.value,
        "team_id": wanted.team_id,
    }
    try:
        return choosing.terms_of(wanted.version_id, **asked)
    except Refusal:
        return choosing.choose(**asked, at=ticket.contact_at)


def _refuse_unless_correctable(ticket: Ticket) -> None:
    if not ticket.is_open and ticket.status not in DONE:
        raise Refusal(_("%(ref)s is %(stands)s.", ref=ticket.ref, stands=ticket.stands))
