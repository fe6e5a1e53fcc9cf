"""A telephone call with the requester, written down: an answer when it reached them.

Source: clocks.md, "A qualifying response" and "Contact" (facts known late).
"""

from datetime import datetime, timedelta

from app.clocks import running
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.tickets import messages, waiting
from app.tickets.history import record, record_not_told
from app.tickets.models import Message, Ticket
from app.tickets.queries import terms_of
from app.tickets.words import CallOutcome, Channel, MessageKind, Side, Status

BACK = timedelta(hours=24)
"""How far back a call may be written down."""


def log_call(
    ticket: Ticket,
    *,
    outcome: CallOutcome,
    body: str,
    happened_at: datetime,
    by: Person,
    at: datetime,
    waits: bool = False,
    workaround: bool = False,
    once: str | None = None,
) -> Message:
    """Write down a call that was made at ``happened_at`` and is known at ``at``.

    One that reached the requester is an answer at its own instant, or at the ticket's last event
    where that was later; one that did not is none. With ``workaround`` it told them how to go on
    until the solution. With ``waits`` the ticket waits for the requester from then on, reached or
    not. Raises `Refusal` without words, for a call that lies ahead or more than a day back, for a
    call to oneself, and for a workaround that reached nobody.
    """
    _refuse(ticket, body, by=by, happened_at=happened_at, at=at)
    applied_at = max(happened_at, ticket.last_event_at)
    is_answer = outcome is CallOutcome.REACHED
    if workaround and not is_answer:
        raise Refusal(_("Who was not reached knows of no workaround."), field="workaround")
    message = messages.add(
        ticket,
        by=by,
        side=Side.DESK,
        body=body,
        channel=Channel.PHONE,
        at=applied_at,
        kind=MessageKind.CALL,
        is_response=is_answer,
        is_workaround=workaround,
        once=once,
    )
    message.outcome = outcome
    message.happened_at = happened_at if happened_at < at else None
    status = _status_after(ticket, is_answer=is_answer, waits=waits)
    _move_clocks(ticket, message, status, by=by, happened_at=applied_at, at=max(at, applied_at))
    ticket.status = status
    if waits:
        ticket.hold_until = None
        waiting.begin(ticket, terms_of(ticket), at=applied_at)
    elif is_answer:
        ticket.hold_until = None
        waiting.end(ticket)
    ticket.why = _why(is_answer=is_answer, workaround=workaround)
    ticket.agent_unread = ticket.agent_unread and not is_answer
    record(
        ticket,
        "called",
        by=by,
        at=applied_at,
        outcome=outcome.value,
        message=message.id,
        **({"workaround": True} if workaround else {}),
        **({"then": "wait"} if waits else {}),
        **({"known_at": at.isoformat()} if applied_at < at else {}),
    )
    return message


def _refuse(ticket: Ticket, body: str, *, by: Person, happened_at: datetime, at: datetime) -> None:
    if not ticket.is_open:
        raise Refusal(
            _("%(ref)s is %(stands)s. Reopen it first.", ref=ticket.ref, stands=ticket.stands)
        )
    if ticket.requester_id == by.id:
        raise Refusal(_("This is your own request: a call to oneself answers nothing."))
    if not body.strip():
        raise Refusal(_("Write what was said, or that nobody answered."), field="body")
    if happened_at > at:
        raise Refusal(_("A call that lies ahead cannot be written down."), field="happened")
    if happened_at < at - BACK:
        raise Refusal(_("A call can be written down for 24 hours, not later."), field="happened")


def _why(*, is_answer: bool, workaround: bool) -> str:
    if workaround:
        return "Given a workaround"
    return "Spoken with the requester" if is_answer else "Called, not reached"


def _status_after(ticket: Ticket, *, is_answer: bool, waits: bool) -> Status:
    if waits:
        return Status.WAITING_REQUESTER
    return Status.OPEN if is_answer else ticket.status


def _move_clocks(
    ticket: Ticket,
    message: Message,
    status: Status,
    *,
    by: Person,
    happened_at: datetime,
    at: datetime,
) -> None:
    terms, cause = terms_of(ticket), f"message:{message.id}"
    late = happened_at if happened_at < at else None
    if message.is_response:
        outcome = running.responded(
            ticket.id,
            terms=terms,
            at=at,
            actor_id=by.id,
            cause=cause,
            happened_at=late,
            workaround=message.is_workaround,
        )
        record_not_told(ticket, outcome.not_told, "a call", at=happened_at)
    opens = status is Status.OPEN and ticket.status in {Status.NEW, Status.OPEN}
    if status is not ticket.status and not opens:
        outcome = running.status_changed(
            ticket.id,
            terms=terms,
            status=status.value,
            at=at,
            actor_id=by.id,
            cause=cause,
            happened_at=late,
        )
        record_not_told(ticket, outcome.not_told, "waiting", at=happened_at)
