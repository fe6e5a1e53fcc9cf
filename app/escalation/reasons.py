"""Why a rung comes again, or was passed over: the change that moved it, in words.

They are said when they are shown: in English in the history, in a letter in its reader's language.
Source: escalation.md, "Ladders": the letter says "again, because …".
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.catalogue.words import Priority
from app.clocks.coming import Come
from app.clocks.models import ClockEvent, Escalation
from app.clocks.retelling import UNDONE_AT_ONCE
from app.clocks.state import Kind
from app.database import db
from app.languages import lazily, within
from app.languages import lazy_gettext as _
from app.people import queries as people
from app.tickets.models import HistoryEntry, Ticket

_MOVES = (
    Kind.RETARGETED,
    Kind.RECALCULATED,
    Kind.REOPENED,
    Kind.RESTORED,
    Kind.TAKEN_BACK,
    Kind.MERGED,
)
_WORDS = {
    Kind.RECALCULATED: _("the hours of its promise were changed"),
    Kind.REOPENED: _("it was opened again"),
    Kind.RESTORED: _("it was taken up again"),
    Kind.TAKEN_BACK: _("an answer was taken back"),
    Kind.MERGED: _("another ticket was merged into it"),
}


def again(ticket: Ticket, come: Come, known: Iterable[Escalation]) -> Any:
    """What moved a rung ahead again that had fired; None for one that fires the first time."""
    if not come.again:
        return None
    fired = [
        row.fired_at
        for row in known
        if row.rung_id == come.rung.rung_id and row.generation < come.generation and row.fired_at
    ]
    return moved(ticket, come.clock_id, since=max(fired, default=ticket.contact_at))


def moved(ticket: Ticket, clock_id: int, *, since: datetime) -> Any:
    """The last change since then that moved a clock's times: what, by whom, and why.

    "the priority was lowered to normal by Mara Lindt: “One desk only”".
    """
    query = select(ClockEvent).where(
        ClockEvent.clock_id == clock_id, ClockEvent.at >= since, ClockEvent.kind.in_(_MOVES)
    )
    event = _last_that_stands(db.session.scalars(query.order_by(ClockEvent.number.desc())))
    if event is None:
        return _("the time of its promise was moved")
    said = _what(ticket, event)
    if event.actor_id:
        said = _("%(because)s by %(name)s", because=said, name=people.person(event.actor_id).name)
    if event.reason:
        said = _("%(because)s: “%(reason)s”", because=said, reason=event.reason)
    return said


def _last_that_stands(newest_first: Iterable[ClockEvent]) -> ClockEvent | None:
    """The newest, without changes of target that were undone at once, and their undoing."""
    undone: int | None = None
    for event in newest_first:
        if event.cause in UNDONE_AT_ONCE and event.kind is Kind.TAKEN_BACK:
            undone = event.undoes
        elif event.cause not in UNDONE_AT_ONCE and (undone is None or event.number < undone):
            return event
    return None


def _what(ticket: Ticket, event: ClockEvent) -> Any:
    if event.cause.startswith("unmerge:"):
        return _("a merge was taken apart")
    if event.kind is not Kind.RETARGETED:
        return _WORDS[event.kind]
    verb = event.cause.removeprefix("verb:")
    facts = _facts(ticket, verb, event.at)
    match verb:
        case "priority" if facts:
            before, after = Priority(facts["before"]), Priority(facts["after"])
            label = lazily(_within, after)
            if after.rank < before.rank:
                return _("the priority was raised to %(priority)s", priority=label)
            return _("the priority was lowered to %(priority)s", priority=label)
        case "requester" if facts:
            return _("it was found to be %(name)s's", name=facts["after"])
        case "team":
            return _("it went to another team")
        case "classified":
            return _("what it asks for was corrected")
        case _:
            return _("another target holds for it")


def _within(priority: Priority) -> str:
    return within(priority.label)


def _facts(ticket: Ticket, verb: str, at: datetime) -> dict[str, Any] | None:
    """What the ticket's history keeps of that change."""
    return db.session.scalar(
        select(HistoryEntry.facts)
        .where(
            HistoryEntry.ticket_id == ticket.id, HistoryEntry.verb == verb, HistoryEntry.at == at
        )
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )
