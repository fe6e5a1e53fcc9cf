"""A target changes on the way: priority, kind, service, organisation or version. Pure.

Source: clocks.md, "A target changes". The rule for the budget itself is in `rules`.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from app.agreements.terms import TargetTerms
from app.clocks.draft import ACTIVE, FROM_CONTACT, NEXT, RESOLUTION, UPDATE, Draft
from app.clocks.following import NO_TARGET, follow, stops, stops_for_good, to_terms, works
from app.clocks.happenings import Entry, What
from app.clocks.state import ClockState, Kind


def retarget(draft: Draft) -> None:
    """Move every open, unbroken clock to what the terms say now; begin what they newly promise.

    Each runs or stands still as the terms say of the ticket's status. While nobody works on the
    ticket it is only noted: it is applied when the ticket is open again.
    """
    if draft.status in ACTIVE:
        for index, clock in enumerate(draft.clocks):
            if clock.is_open:
                to_terms(draft, index)
        gain(draft)
        draft.follow_status()  # another version may pause elsewhere
    draft.note()


def gain(draft: Draft) -> None:
    """Give each promise that is gained a clock, as if it had stood there from its beginning on.

    One that was lost goes on as if it never had been: nobody gains time by losing a promise.
    """
    for index, clock in enumerate(draft.clocks):
        if clock.cancelled_reason == NO_TARGET and clock.measure in draft.terms.targets:
            _regain(draft, index)
    for measure in FROM_CONTACT:
        if draft.newest(measure) is None and draft.contact_at is not None:
            start_late(draft, measure, since=draft.contact_at)
    asked_at = _update_asked_at(draft)
    if asked_at is not None and draft.open_clock(UPDATE) is None:
        start_late(draft, UPDATE, since=asked_at)
    await_answer(draft)


def await_answer(draft: Draft) -> None:
    """Start next response: a message waits, a response stands, none is open yet."""
    newest = draft.newest(NEXT)
    if (
        draft.unanswered_since is not None
        and draft.answered
        and draft.status in ACTIVE
        and draft.open_clock(NEXT) is None
        and (newest is None or draft.clocks[newest].cancelled_reason != NO_TARGET)
    ):
        start_late(draft, NEXT, since=draft.unanswered_since)


def start_late(draft: Draft, measure: str, *, since: datetime) -> None:
    """Start a clock at ``since`` and lead it through the ticket's log.

    The spans in which it would have stood still are excluded, and those in which nobody worked
    on the ticket; a stop that already came meets it, in time, since nothing was promised then.
    Still open, it has at least the floor left.
    """
    target = draft.terms.targets.get(measure)
    if target is None:
        return
    if since >= draft.at and (measure == RESOLUTION or measure not in FROM_CONTACT):
        draft.start(measure)
        return
    spans, stop = _worked(draft, measure, since)
    draft.start_with(target, at=since, facts={"budget_s": _budget(draft, target, since, spans)})
    index = len(draft.clocks) - 1
    for (_, pauses), (resumes, _) in pairwise(spans):
        draft.pause(index, at=pauses.at, cause=pauses.cause, status=pauses.status)
        draft.emit(index, Kind.RESUMED, at=resumes.at, cause=resumes.cause, target=target)
    _, ended = spans[-1]
    if ended is not stop and (stop is not None or not works(measure, draft.status, draft)):
        draft.pause(index, at=ended.at, cause=ended.cause, status=ended.status)
    if stop is not None:
        draft.emit(index, Kind.MET, at=stop.at, cause=stop.cause, target=target)


def late_budget(draft: Draft, target: TargetTerms, since: datetime) -> int:
    """The budget of a clock that starts at ``since`` and is known of only now."""
    return _budget(draft, target, since, _worked(draft, target.measure, since)[0])


def _budget(
    draft: Draft, target: TargetTerms, since: datetime, spans: Sequence[tuple[Entry, Entry]]
) -> int:
    """What the target says, but at least the floor more than was used: so a stop that came
    before anything was promised is in time."""
    used_s = sum(target.calendar.elapsed(begins.at, ends.at) for begins, ends in spans)
    target_s = target.seconds_from(since)
    return max(target_s, used_s + draft.terms.floor(target_s))


def _worked(
    draft: Draft, measure: str, since: datetime
) -> tuple[list[tuple[Entry, Entry]], Entry | None]:
    """The spans in which a clock of ``measure`` would have run, as the lines that began and
    ended each, and the line that would have stopped it for good."""
    now = Entry(draft.at, draft.happening.what, draft.happening.cause, draft.status, False)
    spans: list[tuple[Entry, Entry]] = []
    begun: Entry | None = now._replace(at=since)
    for entry in draft.log:
        if entry.at < since:
            continue
        if stops_for_good(measure, entry):
            return spans + ([(begun, entry)] if begun else []), entry
        working = works(measure, entry.status, draft)
        if not working and begun:
            spans.append((begun, entry))
            begun = None
        elif working and not begun:
            begun = entry
    if not begun and works(measure, draft.status, draft):
        begun = now
    return spans + ([(begun, now)] if begun else []), None


def _regain(draft: Draft, index: int) -> None:
    """Go on with a clock that had lost its target: no span is excluded, what came is followed.

    Both parties may have taken it out of the figures since: it lost its target before that.
    """
    lost = draft.clocks[index]
    while lost.before is not None and lost.before.cancelled_reason == NO_TARGET:
        lost = lost.before
    draft.emit(index, Kind.TAKEN_BACK, undoes=lost.number)
    for entry in after(draft.log, lost):
        follow(draft, index, entry)
    draft.settle(index=index)
    if draft.clocks[index].is_open:
        to_terms(draft, index)


def after(log: Sequence[Entry], clock: ClockState) -> list[Entry]:
    """What the log says after the change that led to ``clock``.

    A breach is no line of the log: it came before what was said later. A clock that began at
    contact, known then or gained later, has the whole story after it.
    """
    at = clock.changed_at or clock.started_at
    if clock.before is None and clock.measure in FROM_CONTACT and clock.sequence == 1:
        return list(log[1:])
    for place in range(len(log) - 1, -1, -1):
        if log[place].cause == clock.cause and log[place].at == at:
            return list(log[place + 1 :])
    return [entry for entry in log if entry.at > at]


def _update_asked_at(draft: Draft) -> datetime | None:
    """When the update that is awaited now began: the last response or reopening."""
    for entry in reversed(draft.log):
        if entry.what is What.REOPENED or stops(UPDATE, entry):
            return entry.at
    return None
