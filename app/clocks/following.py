"""One clock led through the ticket's log: what each line does to it. Pure.

The happenings of `course` change all clocks at once, as they come. Where a clock has to be told
afterwards of what came meanwhile (a lost target is found again, an answer is taken back, a
promise is gained late), these steps say the same of one clock.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import takewhile

from app.clocks.draft import (
    ACKNOWLEDGEMENT,
    ACTIVE,
    FIRST,
    NEXT,
    RESOLUTION,
    SOLVED,
    UPDATE,
    WORKAROUND,
    Draft,
    holds,
)
from app.clocks.happenings import Entry, What
from app.clocks.state import SPAM, Kind, Phase

NO_TARGET = "no target"
WITHDRAWN = "withdrawn"
RESOLVED = "resolved"
NO_ANSWER = "needs no answer"


def answers(entry: Entry) -> bool:
    """Whether a text or a call reached the requester with it."""
    return entry.what in (What.RESPONDED, What.WORKED_AROUND) or (
        entry.response and entry.what in (What.OPENED, What.RESOLVED)
    )


def stops(measure: str, entry: Entry) -> bool:
    """Whether what the log says there stops a clock of ``measure``."""
    if entry.what is What.RESOLVED and measure in (ACKNOWLEDGEMENT, WORKAROUND, RESOLUTION, UPDATE):
        return measure != UPDATE
    if measure in SOLVED:
        return measure == WORKAROUND and entry.what is What.WORKED_AROUND
    if measure == ACKNOWLEDGEMENT and entry.what is What.ACKNOWLEDGED:
        return True
    return answers(entry)


def stops_for_good(measure: str, entry: Entry) -> bool:
    """Whether what the log says there stops it so that no reopening lets it go on."""
    if measure in (ACKNOWLEDGEMENT, FIRST):
        return stops(measure, entry)
    return measure == WORKAROUND and entry.what is What.WORKED_AROUND


def comes_back(measure: str, log: Iterable[Entry]) -> bool:
    """Whether a kept promise of ``measure`` is owed again when a solution is opened again.

    A workaround that was given still stands then; ``log`` is what was told before.
    """
    if measure == WORKAROUND:
        return not any(entry.what is What.WORKED_AROUND for entry in log)
    return measure == RESOLUTION


def works(measure: str, status: str, draft: Draft) -> bool:
    """Whether a clock of ``measure`` counts in ``status``: somebody works, nothing holds it."""
    return status in ACTIVE and not holds(measure, status, draft.terms)


def follow(
    draft: Draft, index: int, entry: Entry, *, move: Callable[[Entry], None] | None = None
) -> None:
    """Lead the clock at ``index`` through one line; it is settled first, as ever.

    ``move`` is called where the line brings it back: what changed meanwhile comes first.
    """
    draft.settle(at=entry.known_at or entry.at, index=index)
    clock = draft.clocks[index]
    if not clock.is_open:
        _come_back(draft, index, entry, move)
    elif stops(clock.measure, entry):
        hours = draft.newest_hours(clock)
        draft.emit(index, Kind.MET, at=entry.at, cause=entry.cause, target=hours)
    elif reason := _ends(clock.measure, entry):
        hours = draft.newest_hours(clock)
        draft.emit(
            index, Kind.CANCELLED, at=entry.at, cause=entry.cause, target=hours, reason=reason
        )
    else:
        hold(draft, index, entry)


def to_terms(
    draft: Draft, index: int, *, at: datetime | None = None, cause: str | None = None
) -> None:
    """Move one clock to its measure's target in the terms; cancel it when there is none."""
    clock = draft.clocks[index]
    if clock.is_breached:
        return
    target = draft.terms.targets.get(clock.measure)
    if target is None:
        if clock.is_open:
            draft.emit(index, Kind.CANCELLED, at=at, cause=cause, reason=NO_TARGET)
    elif target.target_id != clock.target_id:
        draft.emit(
            index,
            Kind.RETARGETED,
            at=at,
            cause=cause,
            target=target,
            facts={"because": target.because},
        )


def bring_back(draft: Draft, index: int, kind: Kind, *, granted: bool) -> None:
    """Run a stopped clock on without the span in between.

    What changed meanwhile comes first, as a retarget; without a target there it is cancelled.
    """
    to_terms(draft, index)
    go_on(draft, index, kind, granted=granted)
    to_terms(draft, index)


def go_on(
    draft: Draft,
    index: int,
    kind: Kind,
    *,
    granted: bool,
    at: datetime | None = None,
    cause: str | None = None,
) -> None:
    """Run a stopped clock on; ``granted``: what a solution meets has at least the grant left."""
    granted = granted and draft.clocks[index].measure in SOLVED
    draft.emit(
        index,
        kind,
        at=at,
        cause=cause,
        target=draft.same_target(draft.clocks[index]),
        facts={"granted": True} if granted else None,
    )


def _come_back(
    draft: Draft, index: int, entry: Entry, move: Callable[[Entry], None] | None
) -> None:
    clock = draft.clocks[index]
    cancelled = clock.cancelled_reason if clock.state is Phase.CANCELLED else None
    resumes = clock.state is Phase.MET and draft.terms.reopen_rule != "restart"
    if entry.what is What.UNSPAM and cancelled == SPAM:
        kind = Kind.RESTORED
    elif entry.what is What.REOPENED and clock.measure in SOLVED:
        before = takewhile(lambda line: line is not entry, draft.log)
        if cancelled != WITHDRAWN and not (resumes and comes_back(clock.measure, before)):
            return
        kind = Kind.REOPENED
    elif entry.what is What.REOPENED and cancelled == WITHDRAWN:
        kind = Kind.RESTORED
    else:
        return
    if move is not None:
        move(entry)
    go_on(draft, index, kind, granted=entry.by_requester, at=entry.at, cause=entry.cause)
    if draft.clocks[index].is_open:
        hold(draft, index, entry)


def _ends(measure: str, entry: Entry) -> str | None:
    """Why what the log says there cancels a clock of ``measure``; None when it does not."""
    if entry.what is What.RESOLVED and measure in (NEXT, UPDATE):
        return RESOLVED
    if entry.what is What.NEEDS_NO_ANSWER and measure == NEXT:
        return NO_ANSWER
    return {What.WITHDRAWN: WITHDRAWN, What.SPAM: SPAM}.get(entry.what)


def hold(draft: Draft, index: int, entry: Entry, *, at: datetime | None = None) -> None:
    """Pause or resume the clock as the line's status says, at the line's instant or ``at``."""
    clock = draft.clocks[index]
    held = holds(clock.measure, entry.status, draft.terms)
    if held and clock.running_since is not None:
        draft.pause(index, at=at or entry.at, cause=entry.cause, status=entry.status)
    elif not held and clock.paused_since is not None:
        draft.resume(index, at=at or entry.at, cause=entry.cause)
