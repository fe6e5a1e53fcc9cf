"""The log of a ticket as if an answer had never reached anybody. Pure.

Source: clocks.md, "A qualifying response" and what follows; decision 0006.
"""

from collections.abc import Sequence
from datetime import datetime

from app.clocks.draft import ACTIVE, DONE, Draft
from app.clocks.following import answers
from app.clocks.happenings import CannotHappen, Entry, What
from app.languages import gettext as _


def newest(log: Sequence[Entry], cause: str) -> list[Entry]:
    """The lines of the newest change of ``cause``."""
    at = max((entry.at for entry in log if entry.cause == cause), default=None)
    return [entry for entry in log if entry.cause == cause and entry.at == at]


def instead(
    draft: Draft, undoing: Sequence[Entry], position: int, *, first_lost: bool
) -> list[Entry]:
    """The log from ``position`` on with what is told in place of the lines that did not stand.

    Undone, they never were. Bounced, the opening stays without its answer, and a resolution
    whose text was not the first answer stays without it; a ticket that it had set to wait or
    resolved, or that was new, is open.
    """
    told = []
    for entry in draft.log[position:]:
        if entry not in undoing:
            told.append(entry)
        elif entry.what is What.OPENED:
            if not draft.happening.bounced:
                raise CannotHappen(_("A ticket that was opened stays opened."))
            told.append(entry._replace(response=False))
        elif draft.happening.bounced:
            told += _bounced(draft, entry, position, first_lost=first_lost)
    return told


def _bounced(draft: Draft, entry: Entry, position: int, *, first_lost: bool) -> list[Entry]:
    open_instead = entry._replace(what=What.STATUS, status="open", response=False)
    if entry.what is What.RESOLVED:
        return [open_instead if first_lost else entry._replace(response=False)]
    if entry.what is What.STATUS:
        return [open_instead if entry.status == "waiting_requester" else entry]
    return [open_instead] if draft.log[position - 1].status == "new" else []


def as_if(
    draft: Draft, before: Sequence[Entry], since: Sequence[Entry], *, first_lost: bool
) -> list[Entry]:
    """``before`` and ``since`` with the statuses that would have come of it, without what could
    not have been."""
    log = list(before)
    before_spam = draft.before_spam or "open"
    for entry in since:
        status = log[-1].status if log else "new"
        waits = unanswered_since(log) is not None and any(map(answers, log))
        silent = entry.what is What.RESOLVED and not entry.response
        if silent and first_lost and not any(map(answers, log)):
            continue
        if entry.what is What.NEEDS_NO_ANSWER and not waits:
            continue
        if entry.what is What.SPAM:
            before_spam = status
        led_to = _led_to(entry, status, before_spam)
        if led_to is not None:
            log.append(entry._replace(status=led_to))
    draft.before_spam = before_spam if log[-1].status == "spam" else None
    return log


def _led_to(entry: Entry, status: str, before_spam: str) -> str | None:
    """The status after ``entry`` from ``status``; None where it could not have happened."""
    match entry.what:
        case What.OPENED:
            return entry.status
        case What.WROTE:
            return "open" if status == "waiting_requester" else status
        case What.RESPONDED | What.WORKED_AROUND | What.ACKNOWLEDGED:
            return "open" if status == "new" else (status if status in ACTIVE else None)
        case What.STATUS | What.RESOLVED | What.SPAM:
            return entry.status if status in ACTIVE else None
        case What.CLOSED:
            return entry.status if status == "resolved" else None
        case What.WITHDRAWN:
            return entry.status if status in ACTIVE or status == "resolved" else None
        case What.REOPENED:
            return entry.status if status in DONE else None
        case What.UNSPAM:
            return before_spam if status == "spam" else None
        case _:
            return status


def unanswered_since(log: Sequence[Entry]) -> datetime | None:
    """The first message after the last answer; one to a closed ticket waits from its reopening."""
    waiting: datetime | None = None
    for entry in log:
        if entry.what is What.WROTE and entry.status not in ("spam", "merged"):
            waiting = waiting or entry.at
        elif entry.what is What.REOPENED:
            waiting = waiting and entry.at
        elif answers(entry) or entry.what in (What.NEEDS_NO_ANSWER, What.RESOLVED):
            waiting = None
    return waiting
