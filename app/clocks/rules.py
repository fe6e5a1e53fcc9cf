"""One clock: what each event does to it. Pure, and the only place that says so (clocks.md).

Live verbs, import, demo, self-check and what-if all fold events with `apply`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from app.agreements.terms import Terms
from app.businesstime import Calendar
from app.clocks.state import DISPUTE, KNOWN_LATE, SPAM, ClockState, Event, Kind, Phase, copied


def apply(state: ClockState | None, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    """The clock after `event`.

    `terms` are those the event was made under (floors, grants), `calendar` the one the event
    names: the clock runs on it from here on. `state` is None for `started` alone. Raises
    `ValueError` for an event that cannot follow this state.
    """
    if state is None:
        return _started(event, calendar)
    after = copied(state)
    ends = event.kind is Kind.MET or event.kind is Kind.CANCELLED
    if ends or event.cause != state.cause or event.at != state.changed_at:
        after.before, after.cause = state, event.cause
        after.changed_at, after.number = event.at, event.number
    return _STEPS[event.kind](after, event, terms, calendar)


def fold(
    events: Sequence[Event],
    terms_of: Callable[[Event], Terms],
    calendar_of: Callable[[int], Calendar],
    *,
    with_history: bool = False,
) -> ClockState:
    """The clock that `events`, in the order of their numbers, make. Raises for none at all.

    ``with_history`` keeps what led to it, so that a change can be taken back; without it one
    state is carried through (that is most of the speed) unless the events take something back.
    """
    if not events:
        raise ValueError("A clock begins with an event.")
    state = _started(events[0], calendar_of(events[0].calendar_version_id))
    keeps = with_history or any(event.kind is Kind.TAKEN_BACK for event in events)
    for event in events[1:]:
        step = apply if keeps else _STEPS[event.kind]
        state = step(state, event, terms_of(event), calendar_of(event.calendar_version_id))
    return state


def undone(state: ClockState, cause: str) -> ClockState | None:
    """The newest state that `cause` led to, looking back from `state`; None when there is none."""
    node: ClockState | None = state
    while node is not None and node.cause != cause:
        node = node.before
    return node


def _started(event: Event, calendar: Calendar) -> ClockState:
    if event.kind is not Kind.STARTED:
        raise ValueError(f"A clock that has not started cannot be {event.kind}.")
    facts = event.facts or {}
    budget_s = facts.get("budget_s", event.target_s)
    return ClockState(
        event.measure,
        event.sequence,
        Phase.RUNNING,
        event.version_id,
        event.tier_id,
        event.target_id,
        event.target_s,
        event.calendar_version_id,
        budget_s,
        event.at,
        calendar,
        running_since=event.at,
        due_at=calendar.add(event.at, budget_s),
        chosen_because=facts.get("because", ""),
        cause=event.cause,
        changed_at=event.at,
        number=event.number,
    )


def _paused(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    if clock.state is not Phase.RUNNING:
        raise ValueError(f"A {clock.state} clock cannot be paused.")
    _count(clock, event.at)
    clock.state = Phase.PAUSED
    clock.paused_since = clock.pause_counted_at = event.at
    if clock.breached_at is None:
        clock.due_at = None
    return clock


def _resumed(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    if clock.state is not Phase.PAUSED:
        raise ValueError(f"A {clock.state} clock cannot be resumed.")
    _resume(clock, event, calendar)
    return clock


def _met(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    _stop(clock, event, calendar)
    clock.state = Phase.MET
    clock.met_at = event.at
    if clock.breached_at is not None and event.at <= clock.breached_at:
        clock.excluded_because = _decided(clock) or KNOWN_LATE
    return clock


def _cancelled(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    _stop(clock, event, calendar)
    clock.state = Phase.CANCELLED
    clock.cancelled_reason = event.reason or event.cause
    if clock.cancelled_reason == SPAM and clock.breached_at is not None:
        clock.excluded_because = clock.excluded_because or SPAM
    return clock


def _breached(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    if clock.breached_at is not None or clock.due_at is None:
        raise ValueError("A clock breaches once, at its due time.")
    clock.breached_at = clock.due_at
    return clock


def _retargeted(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    if clock.breached_at is not None and event.at > clock.breached_at:
        raise ValueError("A breach freezes the promise: its target does not change.")
    runs = clock.running_since is not None
    _count(clock, event.at)
    _count_pause(clock, event.at)
    left_behind = {**clock.budgets, clock.target_id: clock.budget_s}
    if clock.breached_at is None:
        clock.budget_s = _budget_in(clock, event, left_behind, terms)
    clock.budgets = left_behind
    clock.target_id, clock.target_s = event.target_id, event.target_s
    clock.version_id, clock.tier_id = event.version_id, event.tier_id
    clock.calendar, clock.calendar_version_id = calendar, event.calendar_version_id
    clock.chosen_because = (event.facts or {}).get("because", "")
    if runs:
        _run(clock, event.at)
    return clock


def _budget_in(clock: ClockState, event: Event, budgets: Mapping[int, int], terms: Terms) -> int:
    """The budget in the event's target: back in one it had, what it last had there."""
    if event.target_id in budgets:
        return budgets[event.target_id]
    if event.target_s < clock.target_s:
        return max(event.target_s, clock.used_s + terms.floor(event.target_s))
    return max(event.target_s, clock.budget_s)


def _recalculated(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    if clock.state is not Phase.RUNNING:
        raise ValueError(f"A {clock.state} clock takes a new calendar when it resumes.")
    _count(clock, event.at)
    clock.calendar, clock.calendar_version_id = calendar, event.calendar_version_id
    _run(clock, event.at)
    return clock


def _restored(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    if clock.is_open:
        raise ValueError(f"A {clock.state} clock need not be restored.")
    clock.cancelled_reason = clock.met_at = clock.stopped_at = None
    if clock.excluded_because in (KNOWN_LATE, SPAM):  # the stop that excused it stands no more
        clock.excluded_because = None
    clock.calendar, clock.calendar_version_id = calendar, event.calendar_version_id
    if clock.breached_at is None and (event.facts or {}).get("granted"):
        clock.budget_s = max(clock.budget_s, clock.used_s + terms.reopen_grant(clock.target_s))
    _run(clock, event.at)
    return clock


def _taken_back(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    """As it was before the change that `event` names; a breach recorded since stays.

    Its facts bring the budget of a promise that was gained only afterwards, and say whether a
    breach that another ticket had brought goes back to it.
    """
    node = clock.before
    while node is not None and node.number != event.undoes:
        node = node.before
    if node is None or node.before is None:
        raise ValueError(f"There is no event {event.undoes} to take back.")
    after, facts = copied(node.before), event.facts or {}
    after.excluded_because = _decided(clock) or after.excluded_because
    if facts.get("handed_back"):
        return after
    if clock.breached_at is not None and after.breached_at is None:
        after.breached_at, after.due_at = clock.breached_at, clock.due_at
        after.budget_s = clock.budget_s
    elif after.breached_at is None and facts:
        after.budget_s = facts["budget_s"]
        if after.running_since is not None:
            _run(after, after.running_since)
    return after


def _merged(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    """Take over what another ticket's clock of the same promise brings (clocks.md, "Merge")."""
    facts = event.facts or {}
    if clock.running_since is not None:
        _count(clock, event.at)
    clock.used_s = facts["used_s"]
    if clock.breached_at is None:
        clock.budget_s = facts["budget_s"]
        clock.breached_at = _instant(facts.get("breached_at"))
        clock.due_at = _instant(facts.get("due_at"))
    if clock.state is Phase.RUNNING:
        _run(clock, event.at)
    return clock


def _excluded(clock: ClockState, event: Event, terms: Terms, calendar: Calendar) -> ClockState:
    clock.excluded_because = _decided(clock) or event.reason
    return clock


def _decided(clock: ClockState) -> str | None:
    """Why both parties took it out of the figures, if they did: no later change undoes that."""
    because = clock.excluded_because
    return because if because is not None and because.startswith(DISPUTE) else None


def _count(clock: ClockState, at: datetime) -> None:
    if clock.running_since is not None:
        clock.used_s += clock.calendar.elapsed(clock.running_since, at)
        clock.running_since = None


def _count_pause(clock: ClockState, at: datetime) -> None:
    if clock.pause_counted_at is not None:
        clock.paused_s += clock.calendar.elapsed(clock.pause_counted_at, at)
        clock.pause_counted_at = at


def _resume(clock: ClockState, event: Event, calendar: Calendar) -> None:
    _count_pause(clock, event.at)
    clock.paused_since = clock.pause_counted_at = None
    clock.calendar, clock.calendar_version_id = calendar, event.calendar_version_id
    _run(clock, event.at)


def _run(clock: ClockState, at: datetime) -> None:
    """Run from `at`; due when what is left is used up, at once when nothing is."""
    clock.state = Phase.RUNNING
    clock.running_since = at
    if clock.breached_at is None:
        left_s = clock.budget_s - clock.used_s
        clock.due_at = clock.calendar.add(at, left_s) if left_s > 0 else at


def _stop(clock: ClockState, event: Event, calendar: Calendar) -> None:
    """Count up to the event; a paused clock resumes at that instant first, so it has a due time."""
    if not clock.is_open:
        raise ValueError(f"A {clock.state} clock cannot stop again.")
    if clock.state is Phase.PAUSED:
        _resume(clock, event, calendar)
    _count(clock, event.at)
    clock.stopped_at = event.at


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _begins_again(
    _clock: ClockState, event: Event, _terms: Terms, _calendar: Calendar
) -> ClockState:
    raise ValueError(f"A clock cannot be {event.kind} twice.")


_STEPS: Mapping[Kind, Callable[[ClockState, Event, Terms, Calendar], ClockState]] = {
    Kind.STARTED: _begins_again,
    Kind.PAUSED: _paused,
    Kind.RESUMED: _resumed,
    Kind.MET: _met,
    Kind.CANCELLED: _cancelled,
    Kind.BREACHED: _breached,
    Kind.RETARGETED: _retargeted,
    Kind.RECALCULATED: _recalculated,
    Kind.REOPENED: _restored,
    Kind.RESTORED: _restored,
    Kind.TAKEN_BACK: _taken_back,
    Kind.MERGED: _merged,
    Kind.EXCLUDED: _excluded,
}
