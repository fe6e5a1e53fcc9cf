"""A response that did not stand: undone by its writer, refused or sent back by a server. Pure.

Source: clocks.md, "A qualifying response" and what follows.
"""

from datetime import datetime

from app.clocks import retargeting
from app.clocks.draft import FIRST, NEXT, UPDATE, Draft
from app.clocks.happenings import CannotHappen, Entry, What
from app.clocks.rules import undone
from app.clocks.state import Kind, Phase

TAKEN_BACK = "taken back"
_SETS_STATUS = frozenset({What.STATUS, What.RESOLVED, What.WITHDRAWN, What.CLOSED})
_FINAL = frozenset({What.REOPENED, What.SPAM, What.UNSPAM, What.MERGED})


def take_back(draft: Draft) -> None:
    """Let the clocks go on as if the change ``undoes`` had never been: no floor, no new sequence.

    What happened since is led through again. The next response and update clocks that rested
    on it are cancelled. A bounced resolution text leaves the ticket resolved unless it had
    met first response. A breach recorded since stays. Raises `CannotHappen` when nothing of
    that cause stands, or the ticket was reopened, merged or marked as spam since.
    """
    cause = draft.happening.undoes or ""
    undoing = _newest(draft.log, cause)
    if not undoing:
        raise CannotHappen("There is nothing of that left to take back.")
    position = draft.log.index(undoing[0])
    since = [entry for entry in draft.log[position:] if entry not in undoing]
    if undoing[0].what is What.OPENED or any(entry.what in _FINAL for entry in since):
        raise CannotHappen("Too much has happened to the ticket since.")
    draft.moved = True
    draft.answered -= sum(_answers(entry) for entry in undoing)
    if draft.happening.bounced and _only_the_text_is_lost(draft, cause, undoing):
        _lose_the_text(draft, cause, undoing)
        return
    before = "open" if draft.happening.bounced else draft.log[position - 1].status
    since = _as_if(since, before)
    draft.log = draft.log[:position] + since
    draft.status = since[-1].status if since else before
    draft.unanswered_since = _unanswered_since(draft.log)
    for index in range(len(draft.clocks)):
        _go_back(draft, index, cause, since)
    _cancel_what_rested_on_it(draft, undoing[0].at)
    draft.await_answer()


def _newest(log: list[Entry], cause: str) -> list[Entry]:
    """The lines of the newest change of ``cause``."""
    at = max((entry.at for entry in log if entry.cause == cause), default=None)
    return [entry for entry in log if entry.cause == cause and entry.at == at]


def _as_if(since: list[Entry], status: str) -> list[Entry]:
    """What happened since, with the statuses it would have led to from ``status``."""
    entries = []
    for entry in since:
        if entry.what in _SETS_STATUS:
            status = entry.status
        elif entry.what is What.WROTE and status == "waiting_requester":
            status = "open"
        entries.append(entry._replace(status=status))
    return entries


def _go_back(draft: Draft, index: int, cause: str, since: list[Entry]) -> None:
    clock = draft.clocks[index]
    node = undone(clock, cause)
    if node is None:
        return
    if node.before is None:
        if clock.is_open:
            draft.emit(index, Kind.CANCELLED, reason=TAKEN_BACK)
        return
    draft.emit(index, Kind.TAKEN_BACK, undoes=node.number)
    last = max((entry.at for entry in since if entry.what is What.RETARGETED), default=None)
    for entry in since:
        retargeting.follow(draft, index, entry)
        if entry.what is What.RETARGETED and entry.at == last:
            _move(draft, index, entry.at)
    draft.settle(index=index)


def _move(draft: Draft, index: int, at: datetime) -> None:
    clock = draft.clocks[index]
    if clock.is_open and not clock.is_breached:
        retargeting.to_terms(draft, index, at=at)


def _cancel_what_rested_on_it(draft: Draft, at: datetime) -> None:
    """An open first or earlier next response makes later next responses and updates void."""
    first_open = draft.open_clock(FIRST) is not None
    kept: int | None = None
    for index, clock in enumerate(draft.clocks):
        if not clock.is_open or clock.measure not in (NEXT, UPDATE):
            continue
        rests = clock.started_at >= at and not draft.answered
        if first_open or rests or (clock.measure == NEXT and kept is not None):
            draft.emit(index, Kind.CANCELLED, reason=TAKEN_BACK)
        elif clock.measure == NEXT:
            kept = index


def _only_the_text_is_lost(draft: Draft, cause: str, undoing: list[Entry]) -> bool:
    if not any(entry.what is What.RESOLVED for entry in undoing):
        return False
    return not any(
        clock.measure == FIRST and undone(clock, cause) is not None for clock in draft.clocks
    )


def _lose_the_text(draft: Draft, cause: str, undoing: list[Entry]) -> None:
    """The ticket stays resolved; the answer to the open question is void: cancelled `resolved`."""
    draft.log = [
        entry._replace(response=False) if entry in undoing else entry for entry in draft.log
    ]
    for index, clock in enumerate(draft.clocks):
        node = undone(clock, cause)
        if clock.measure != NEXT or clock.state is not Phase.MET or node is None:
            continue
        draft.emit(index, Kind.TAKEN_BACK, undoes=node.number)
        draft.emit(index, Kind.CANCELLED, at=undoing[-1].at, reason="resolved")


def _answers(entry: Entry) -> int:
    return int(retargeting.stops(FIRST, entry))


def _unanswered_since(log: list[Entry]) -> datetime | None:
    waiting: datetime | None = None
    for entry in log:
        if entry.what is What.WROTE:
            waiting = waiting or entry.at
        elif _answers(entry) or entry.what in (What.NEEDS_NO_ANSWER, What.RESOLVED):
            waiting = None
    return waiting
