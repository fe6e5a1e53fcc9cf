"""Waits for "I am on it": how long a rung that fired waits for somebody, and what ends it. Pure.

A wait is counted on the clock's own calendar from the instant at which its rung fired, stands
still with the clock and is over with the rung: a rung that lies ahead again waits anew. Source:
escalation.md, "Ladders", acknowledgement.
"""

from collections.abc import Iterable
from datetime import datetime

from app.agreements.terms import RungTerms
from app.clocks.models import Escalation
from app.clocks.state import ClockState


def until(clock: ClockState, rung: RungTerms, nth: int, *, fired_at: datetime) -> datetime | None:
    """Until when somebody is to say so; repeats of a rung wait for nobody of their own."""
    if rung.acknowledge_s is None or nth:
        return None
    return clock.calendar.add(fired_at, rung.acknowledge_s)


def is_waiting(one: Escalation) -> bool:
    """Whether this rung waits for somebody who has neither come nor been passed over."""
    return (
        one.acknowledge_until is not None
        and one.acknowledged_at is None
        and one.passed_on_at is None
    )


def carry(waiting: Iterable[Escalation], before: ClockState, after: ClockState) -> None:
    """Move the ends of waits along with a change of their clock, which they stand still with.

    What is left of a wait is counted from where the clock stood, so it goes on after a pause,
    and as if nothing had been where an answer was taken back.
    """
    was_at, is_at = _counted_at(before), _counted_at(after)
    if was_at is None or is_at is None or (was_at, before.used_s) == (is_at, after.used_s):
        return
    for one in waiting:
        if one.acknowledge_until is not None and one.acknowledge_until > was_at:
            point_s = before.used_s + before.calendar.elapsed(was_at, one.acknowledge_until)
            left_s = max(0, point_s - after.used_s)
            one.acknowledge_until = after.calendar.add(is_at, left_s)


def _counted_at(clock: ClockState) -> datetime | None:
    """The instant at which `used_s` is as it stands."""
    return clock.running_since or clock.paused_since or clock.stopped_at
