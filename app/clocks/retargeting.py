"""A target changes on the way: priority, kind, service, organisation or version. Pure.

Source: clocks.md, "A target changes". The rule for the budget itself is in `rules`.
"""

from datetime import datetime
from itertools import pairwise

from app.agreements.terms import TargetTerms
from app.clocks.draft import FIRST, NEXT, RESOLUTION, Draft, holds
from app.clocks.happenings import Entry, What
from app.clocks.state import Kind

NO_TARGET = "no target"


def retarget(draft: Draft) -> None:
    """Move every open, unbroken clock to what the terms say now; begin what they newly promise."""
    draft.note()
    if draft.status == "spam":
        return
    for index, clock in enumerate(draft.clocks):
        if clock.is_open and not clock.is_breached:
            to_terms(draft, index)
    gain(draft)


def to_terms(draft: Draft, index: int, *, at: datetime | None = None) -> None:
    """Move one clock to its measure's target in the terms; cancel it when there is none."""
    clock = draft.clocks[index]
    target = draft.terms.targets.get(clock.measure)
    if target is None:
        if clock.is_open:
            draft.emit(index, Kind.CANCELLED, at=at, reason=NO_TARGET)
    elif target.target_id != clock.target_id:
        draft.emit(index, Kind.RETARGETED, at=at, target=target, facts={"because": target.because})


def gain(draft: Draft) -> None:
    """Give each promise that is gained a clock, as if it had stood there from contact on."""
    for measure in (FIRST, RESOLUTION):
        target = draft.terms.targets.get(measure)
        newest = draft.newest(measure)
        if target is None:
            continue
        if newest is None:
            _replay(draft, target)
        elif draft.clocks[newest].cancelled_reason == NO_TARGET:
            _regain(draft, newest, target)
    target = draft.terms.targets.get(NEXT)
    if target is not None and draft.open_clock(NEXT) is None:
        draft.await_answer()


def _regain(draft: Draft, index: int, target: TargetTerms) -> None:
    """Go on with a clock that had lost its target, as if it never had: no span is excluded."""
    clock = draft.clocks[index]
    lost_at, number = clock.stopped_at, clock.number
    draft.emit(index, Kind.TAKEN_BACK, undoes=number)
    for entry in draft.log:
        if lost_at is not None and lost_at <= entry.at < draft.at:
            follow(draft, index, entry)
    if draft.clocks[index].is_open:
        draft.settle(index=index)
        if not draft.clocks[index].is_breached:
            to_terms(draft, index)


def _replay(draft: Draft, target: TargetTerms) -> None:
    """Start a clock at contact and lead it through the ticket's log.

    Pauses are excluded; a stop that already came meets it, in time, since nothing was promised
    then. Still open, it has at least the floor left.
    """
    if draft.contact_at is None:
        return
    spans, stopped_at = _worked(draft, target.measure)
    used_s = sum(target.calendar.elapsed(begins_at, ends_at) for begins_at, ends_at, _ in spans)
    floor_s = 0 if stopped_at else draft.terms.floor(target.seconds)
    draft.start_with(
        target, at=draft.contact_at, facts={"budget_s": max(target.seconds, used_s + floor_s)}
    )
    index = len(draft.clocks) - 1
    for (_, pauses_at, status), (resumes_at, _, _) in pairwise(spans):
        draft.pause(index, at=pauses_at, status=status)
        draft.emit(index, Kind.RESUMED, at=resumes_at, target=target)
    if stopped_at:
        draft.emit(index, Kind.MET, at=stopped_at)
    elif draft.is_held(target.measure):
        draft.pause(index, at=spans[-1][1])


def _worked(
    draft: Draft, measure: str
) -> tuple[list[tuple[datetime, datetime, str]], datetime | None]:
    """The spans in which a clock of ``measure`` would have run, each with the status that ended
    it, and when the clock would have stopped."""
    spans: list[tuple[datetime, datetime, str]] = []
    since = draft.contact_at
    for entry in draft.log:
        if stops(measure, entry):
            if since is not None:
                spans.append((since, entry.at, entry.status))
            return spans, entry.at
        held = holds(measure, entry.status, draft.terms)
        if held and since is not None:
            spans.append((since, entry.at, entry.status))
            since = None
        elif not held and since is None:
            since = entry.at
    if since is not None:
        spans.append((since, draft.at, draft.status))
    return spans, None


def stops(measure: str, entry: Entry) -> bool:
    """Whether what the log says there stops a clock of ``measure``."""
    answers = entry.what is What.RESPONDED or (entry.response and entry.what is not What.REOPENED)
    if measure == RESOLUTION:
        return entry.what is What.RESOLVED
    return answers


def follow(draft: Draft, index: int, entry: Entry) -> None:
    """Lead one clock through a line of the log that it did not see when it happened."""
    clock = draft.clocks[index]
    if not clock.is_open:
        return
    draft.settle(at=entry.at, index=index)
    if stops(clock.measure, entry):
        draft.emit(index, Kind.MET, at=entry.at, cause=entry.cause)
        return
    if entry.what is What.RESOLVED or entry.what is What.WITHDRAWN:
        reason = "resolved" if entry.what is What.RESOLVED else "withdrawn"
        draft.emit(index, Kind.CANCELLED, at=entry.at, cause=entry.cause, reason=reason)
        return
    held = holds(clock.measure, entry.status, draft.terms)
    if held and clock.running_since is not None:
        draft.pause(index, at=entry.at, cause=entry.cause, status=entry.status)
    elif not held and clock.paused_since is not None:
        draft.resume(index, at=entry.at, cause=entry.cause)
