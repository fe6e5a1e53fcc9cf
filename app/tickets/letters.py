"""The frozen facts that letters about a ticket are drawn from (`mail/kinds.py`)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from app.agreements.terms import TargetTerms, Terms
from app.catalogue.models import ContingencyPlan
from app.clocks import words
from app.clocks.models import Clock
from app.clocks.state import ClockState
from app.database import db
from app.languages import speaking
from app.people.models import Person
from app.statements import built_once, is_numbered
from app.tickets import attachments, markdown
from app.tickets.models import AgreedDate, Message, Ticket
from app.tickets.queries import terms_of
from app.tickets.words import MessageKind, Side

LAST_WORDS = 300


def opened(
    ticket: Ticket, terms: Terms, clocks: Iterable[ClockState] | None = None
) -> dict[str, Any]:
    """The acknowledgement: the promises, never the body of the request.

    ``clocks`` are its clocks, where the caller has them.
    """
    found = promises(ticket, terms) if clocks is None else promises_of(clocks, terms)
    return {**_named(ticket), "promises": found}


def replied(
    ticket: Ticket, message: Message, *, waits: bool, signature: str = ""
) -> dict[str, Any]:
    """An agent's answer, with what they sign with."""
    return {
        **_named(ticket),
        **_said(message, signature),
        "waiting": waits,
        "workaround": message.is_workaround,
    }


def acknowledged(ticket: Ticket, holder: Person, *, at: datetime) -> dict[str, Any]:
    """Who has it in hand, and since when."""
    return {**_named(ticket), "name": holder.name, "at": at.isoformat()}


def resolved(ticket: Ticket, message: Message, *, signature: str = "") -> dict[str, Any]:
    """The solution, and until when an answer opens the ticket again."""
    terms = terms_of(ticket)
    until = message.at + timedelta(days=terms.reopen_window_days)
    return {
        **_named(ticket),
        **_said(message, signature),
        "reopen_until": None if terms.reopen_rule == "final" else until.isoformat(),
    }


def requester_wrote(ticket: Ticket, message: Message) -> dict[str, Any]:
    """For the others of the requester's side: what one of them wrote."""
    return {
        **_named(ticket),
        "author": message.author_name,
        "body": message.body,
        "files": attachments.told(message),
        "at": message.at.isoformat(),
    }


def put_in_copy(ticket: Ticket, *, by: Person) -> dict[str, Any]:
    """For somebody new in copy; the conversation is on the page, not in the letter."""
    return {
        **_named(ticket),
        "by": by.name,
        "requester": ticket.requester.name if ticket.requester else "",
    }


def guest_link(ticket: Ticket) -> dict[str, Any]:
    """A new personal link in place of one that expired."""
    return _named(ticket)


def merged(source: Ticket, into: Ticket, *, door: Mapping[str, str]) -> dict[str, Any]:
    """For the requester: where the request goes on, and by which door they come in there."""
    return {**_named(source), "into": {**_named(into), **door}}


def unmerged(source: Ticket, into: Ticket) -> dict[str, Any]:
    """For the requester: the request goes on by itself again."""
    return {**_named(source), "into": _named(into)}


def agreed(ticket: Ticket, date: AgreedDate, *, when: str) -> dict[str, Any]:
    """A reminder of the agreed date, ``when`` "before" it or "at" it."""
    return {
        **_named(ticket),
        "due_at": date.due_at.isoformat(),
        "when": when,
        "reason": date.reason,
        "accepted_by": date.accepted_by,
        "requester": ticket.requester.name if ticket.requester else "",
    }


def plan_started(ticket: Ticket, plan: ContingencyPlan, *, because: str) -> dict[str, Any]:
    """The steps of a contingency plan, and why it was started."""
    return {
        **_named(ticket),
        "plan": plan.title,
        "steps": list(plan.steps),
        "because": because,
    }


def assigned(
    ticket: Ticket, *, by: Person | None, organisation: str, at: datetime
) -> dict[str, Any]:
    """What a new assignee must know."""
    return {
        **_named(ticket),
        "organisation": organisation,
        "requester": ticket.requester.name if ticket.requester else "",
        "priority": ticket.priority.value.capitalize(),
        "by": by.name if by else None,
        "at": at.isoformat(),
        "promises": promises(ticket, terms_of(ticket)),
        "last_words": last_words(ticket.id),
    }


def still_waiting(ticket: Ticket, *, until: datetime | None) -> dict[str, Any]:
    """What the requester was asked last, and until when the answer is waited for."""
    return {
        **_named(ticket),
        "since": (ticket.waiting_since or ticket.updated_at).isoformat(),
        "until": until.isoformat() if until else None,
        "last_words": last_words(ticket.id, of=Side.DESK),
    }


def resolved_unanswered(ticket: Ticket, message: Message) -> dict[str, Any]:
    """Resolved for want of an answer; until when one opens it again."""
    facts = resolved(ticket, message)
    del facts["author"]
    since = ticket.waiting_since or message.at
    return {**facts, "since": since.isoformat()}


def came_back(
    ticket: Ticket, message: Message, *, to: str, reason: str, still: str
) -> dict[str, Any]:
    """For the agent: an answer never reached its requester; ``still`` says why it counts."""
    return {
        **_named(ticket),
        "requester": ticket.requester.name if ticket.requester else "",
        "address": to,
        "author": message.author_name,
        "at": message.at.isoformat(),
        "reason": reason,
        "still": still,
    }


def waiting_in_vain(ticket: Ticket) -> dict[str, Any]:
    """For the agent: the requester does not answer, and has had no answer either."""
    return {
        **_named(ticket),
        "requester": ticket.requester.name if ticket.requester else "",
        "since": (ticket.waiting_since or ticket.updated_at).isoformat(),
    }


def promises(ticket: Ticket, terms: Terms) -> list[dict[str, Any]]:
    """The open promises of a ticket, in the order of the measures."""
    clocks = db.session.scalars(
        select(Clock)
        .where(Clock.ticket_id == ticket.id, Clock.state.in_(("running", "paused")))
        .order_by(Clock.id)
    )
    return promises_of(clocks, terms)


def promises_of(clocks: Iterable[Clock | ClockState], terms: Terms) -> list[dict[str, Any]]:
    """As `promises`, of the open ones of ``clocks``."""
    return [
        {
            "measure_name": in_english(clock.measure),
            "due_at": clock.due_at.isoformat() if clock.due_at else None,
            **_allowed(terms.targets.get(clock.measure)),
        }
        for clock in clocks
        if clock.is_open
    ]


def _allowed(target: TargetTerms | None) -> dict[str, Any]:
    """The time of a target; a time of day in parts, for a letter to say in its language."""
    if target is None:
        return {"words": ""}
    if target.by_time is None:
        return {"words": target.words}
    return {"words": target.words, "by_time": target.by_time, "days": target.business_days}


def in_english(measure: str) -> str:
    """The name of a measure as facts keep it; a letter says it in its reader's language."""
    with speaking("en"):
        return words.measure(measure)


def last_words(ticket_id: int, *, of: Side = Side.REQUESTER) -> dict[str, Any] | None:
    """The last message of one side, shortened; never a note."""
    return last_words_of([ticket_id], of=of).get(ticket_id)


def last_words_of(
    ticket_ids: Collection[int], *, of: Side = Side.REQUESTER
) -> dict[int, dict[str, Any]]:
    """As `last_words`, of many tickets in one statement; those without any are left out."""
    found = db.session.execute(_last_said(), {"ids": list(ticket_ids), "side": of})
    return {row.ticket_id: _quoted(row.author_name, row.at, row.body) for row in found}


@built_once
def _last_said() -> Select[int, str, datetime, str]:
    """The newest message of one ``side`` on each of the tickets ``ids``."""
    newest = func.row_number().over(
        partition_by=Message.ticket_id, order_by=(Message.at.desc(), Message.id.desc())
    )
    said = (
        select(
            Message.ticket_id, Message.author_name, Message.at, Message.body, newest.label("nth")
        )
        .where(
            is_numbered(Message.ticket_id, "ids"),
            Message.side == bindparam("side"),
            Message.kind != MessageKind.NOTE,
            Message.taken_back_at.is_(None),
        )
        .subquery()
    )
    columns = said.c
    wanted = select(columns.ticket_id, columns.author_name, columns.at, columns.body)
    return wanted.where(columns.nth == 1)


def _quoted(author: str, at: datetime, body: str) -> dict[str, Any]:
    """Somebody's words as letters quote them, shortened."""
    text = body.strip()
    return {
        "author": author,
        "at": at.isoformat(),
        "text": text if len(text) <= LAST_WORDS else text[:LAST_WORDS].rstrip() + " …",
    }


def _said(message: Message, signature: str) -> dict[str, Any]:
    """A message as letters show it: as it was written, and as HTML where it is Markdown."""
    return {
        "author": message.author_name,
        "body": message.body,
        "html": str(markdown.html(message.body)) if message.is_markdown else "",
        "signature": signature.strip(),
        "files": attachments.told(message),
        "at": message.at.isoformat(),
    }


def _named(ticket: Ticket) -> dict[str, Any]:
    return {"number": ticket.id, "ref": ticket.ref, "subject": ticket.subject}
