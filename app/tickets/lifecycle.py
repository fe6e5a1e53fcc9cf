"""How a ticket moves between its statuses: one verb per change. Source: clocks.md, "Statuses"."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.clocks import running
from app.errors import Refusal
from app.files.models import Attachment
from app.languages import gettext as _
from app.people.models import Person
from app.tickets import addressing, letters, messages, waiting
from app.tickets.history import record, record_not_told
from app.tickets.models import Message, Ticket
from app.tickets.queries import terms_of
from app.tickets.remembering import held_until, remembered, undoable
from app.tickets.words import DONE, Channel, Side, Status

STATUS = "verb:status"
"""The cause of a change of status that comes by itself."""


def wait_for_vendor(
    ticket: Ticket, *, by: Person, reason: str, at: datetime, cause: str = STATUS
) -> None:
    """Wait for a supplier; clocks stand still only if the version says so.

    ``cause`` names the message that it goes with, so that both are undone together.
    """
    _set_aside(ticket, Status.WAITING_VENDOR, by=by, reason=reason, at=at, cause=cause)


def hold(ticket: Ticket, *, by: Person, until: date, reason: str, at: datetime) -> None:
    """Put the ticket off until ``until`` 00:00 in the agreement's zone.

    Raises `Refusal` when that day is not in the future.
    """
    if until <= at.date():
        raise Refusal(_("Choose a day after today."), field="until")
    _set_aside(ticket, Status.ON_HOLD, by=by, reason=reason, at=at)
    ticket.hold_until = until


def resume(ticket: Ticket, *, by: Person | None, at: datetime) -> None:
    """Work on a waiting ticket again; the clocks that stood still go on."""
    if not ticket.is_open or ticket.status in {Status.NEW, Status.OPEN}:
        raise Refusal(
            _("%(ref)s is %(stands)s: it is not waiting.", ref=ticket.ref, stands=ticket.stands)
        )
    at = max(at, ticket.last_event_at)
    move(ticket, Status.OPEN, by=by, at=at, reason=None)
    ticket.hold_until = None
    ticket.why = "Taken up again"


def end_hold(ticket: Ticket, *, at: datetime) -> None:
    """Time alone takes a held ticket up again, at its own instant whatever was noted since."""
    move(ticket, Status.OPEN, by=None, at=at, reason=None)
    ticket.hold_until = None
    ticket.why = "Taken up again"


def resolve(
    ticket: Ticket,
    *,
    by: Person,
    solution: str,
    at: datetime,
    once: str | None = None,
    undo_s: int = 0,
    files: Sequence[Attachment] = (),
) -> Message:
    """Record the solution, stop the clocks and tell the requester.

    It can be undone for ``undo_s`` seconds. The solution is a text to the requester and so the
    answer to what was open. Raises `Refusal` when the ticket is not open or the solution is
    empty (a ticket whose requester never got an answer cannot be resolved without one).
    """
    if not ticket.is_open:
        raise Refusal(_("%(ref)s is already %(stands)s.", ref=ticket.ref, stands=ticket.stands))
    if not solution.strip():
        raise Refusal(_("Write what solved it: the requester gets these words."), field="body")
    at, was = max(at, ticket.last_event_at), remembered(ticket)
    message = messages.add(
        ticket,
        by=by,
        side=Side.DESK,
        body=solution,
        channel=Channel.DESK,
        at=at,
        is_response=True,
        is_markdown=True,
        once=once,
        files=files,
    )
    outcome = running.resolved(
        ticket.id,
        terms=terms_of(ticket),
        text_sent=True,
        at=at,
        actor_id=by.id,
        cause=f"message:{message.id}",
    )
    record_not_told(ticket, outcome.not_told, "resolve", at=at)
    ticket.status = Status.RESOLVED
    ticket.resolved_at = at
    ticket.hold_until = None
    ticket.resolved_because = None
    waiting.end(ticket)
    ticket.why, ticket.agent_unread = "Resolved", False
    undo = undoable(was, at=at, undo_s=undo_s)
    record(ticket, "resolved", by=by, at=at, message=message.id, **undo)
    addressing.tell(
        ticket,
        "ticket-resolved",
        event=f"message:{message.id}",
        at=at,
        facts=letters.resolved(ticket, message, signature=by.signature),
        held_until=held_until(at, undo_s),
    )
    return message


def close(ticket: Ticket, *, by: Person | None, at: datetime) -> None:
    """Close the ticket.

    A resolved ticket is closed by the job or by anybody on it. An open one can be closed by its
    requester alone: it is withdrawn, and its open clocks with it.
    """
    at = max(at, ticket.last_event_at)
    if ticket.status is Status.RESOLVED:
        running.closed(ticket.id, terms=terms_of(ticket), at=at, actor_id=_id(by), cause="close")
        ticket.why = "Closed"
    elif ticket.is_open and by is not None and by.id == ticket.requester_id:
        running.withdrawn(
            ticket.id, terms=terms_of(ticket), at=at, actor_id=by.id, cause="verb:close"
        )
        ticket.why, ticket.agent_unread = "Withdrawn by the requester", False
    elif ticket.is_open:
        raise Refusal(
            _("Resolve %(ref)s first: only its requester may close it unsolved.", ref=ticket.ref)
        )
    else:
        raise Refusal(_("%(ref)s is already %(stands)s.", ref=ticket.ref, stands=ticket.stands))
    ticket.status = Status.CLOSED
    ticket.closed_at = at
    ticket.hold_until = None
    waiting.end(ticket)
    record(ticket, "closed", by=by, at=at)


def reopen_until(ticket: Ticket) -> datetime | None:
    """Until when a resolved or closed ticket can be opened again; None where it never can."""
    terms = terms_of(ticket)
    ended_at = ticket.resolved_at or ticket.closed_at
    if ticket.status not in DONE or ended_at is None or terms.reopen_rule == "final":
        return None
    return ended_at + timedelta(days=terms.reopen_window_days)


def reopen(ticket: Ticket, *, by: Person, reason: str, at: datetime) -> None:
    """Open a resolved or closed ticket again, inside the version's window.

    Reopened by the requester's side, the resolution clock gets its grant; by an agent, nothing
    (clocks.md, "Reopen"). Raises `Refusal` after the window: a new request is right then.
    """
    if ticket.status not in DONE:
        raise Refusal(
            _(
                "%(ref)s is %(stands)s: it need not be reopened.",
                ref=ticket.ref,
                stands=ticket.stands,
            )
        )
    terms = terms_of(ticket)
    at = max(at, ticket.last_event_at)
    until = reopen_until(ticket)
    if until is None:
        raise Refusal(_("The agreement says that solved means solved. File a new request."))
    if at > until:
        raise Refusal(
            _(
                "%(ref)s ended more than %(days)s days ago. File a new request and name it.",
                ref=ticket.ref,
                days=terms.reopen_window_days,
            )
        )
    running.reopened(
        ticket.id,
        terms=terms,
        by_requester=not by.is_agent or by.id == ticket.requester_id,
        at=at,
        actor_id=by.id,
        cause="verb:reopen",
    )
    ticket.status = Status.OPEN
    ticket.resolved_at = ticket.closed_at = ticket.resolved_because = None
    ticket.why = f"Reopened by {by.name}"
    ticket.agent_unread = True
    record(ticket, "reopened", by=by, at=at, reason=reason)


def move(
    ticket: Ticket,
    status: Status,
    *,
    by: Person | None,
    at: datetime,
    reason: str | None,
    cause: str = STATUS,
) -> None:
    """Set any status among the open ones at ``at``; the clocks follow."""
    outcome = running.status_changed(
        ticket.id,
        terms=terms_of(ticket),
        status=status.value,
        at=at,
        actor_id=_id(by),
        cause=cause,
        reason=reason,
    )
    record_not_told(ticket, outcome.not_told, status.in_english, at=at)
    record(
        ticket,
        "status",
        by=by,
        at=at,
        before=ticket.status.value,
        after=status.value,
        reason=reason,
    )
    ticket.status = status
    waiting.end(ticket)


def _set_aside(
    ticket: Ticket,
    status: Status,
    *,
    by: Person,
    reason: str,
    at: datetime,
    cause: str = STATUS,
) -> None:
    if not ticket.is_open:
        raise Refusal(_("%(ref)s is %(stands)s.", ref=ticket.ref, stands=ticket.stands))
    if ticket.status is status:
        raise Refusal(
            _("%(ref)s is already %(stands)s.", ref=ticket.ref, stands=status.label.lower())
        )
    if not reason.strip():
        raise Refusal(
            _("Say what you are waiting for: the history and the explanation quote it."),
            field="reason",
        )
    at = max(at, ticket.last_event_at)
    move(ticket, status, by=by, at=at, reason=reason.strip(), cause=cause)
    ticket.hold_until = None
    ticket.why = reason.strip()[:120]


def _id(person: Person | None) -> int | None:
    return person.id if person else None
