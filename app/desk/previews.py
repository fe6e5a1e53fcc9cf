"""What a change would do to each promise, in words, before it is confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.clocks import words
from app.clocks.foreseeing import Foreseen
from app.clocks.state import ClockState, Phase


@dataclass(frozen=True)
class Line:
    """One promise: how it stands now, how it would stand, and whether that is later."""

    measure: str
    now: str
    then: str
    changes: bool
    moves_out: bool


def lines(found: Iterable[Foreseen], *, zone: str) -> list[Line]:
    """The promises of ``found``, with instants in ``zone``."""
    return [_line(one, zone=zone) for one in found]


def sentence(found: Iterable[Foreseen], *, zone: str) -> str:
    """What changes, in one line: "Resolution due Thu 12:20 CET instead of 16:20 CET"."""
    changed = [line for line in lines(found, zone=zone) if line.changes]
    return "; ".join(f"{line.measure} {line.then} (now {line.now})" for line in changed)


def _line(one: Foreseen, *, zone: str) -> Line:
    now, then = (_words(clock, zone=zone, at=one.at) for clock in (one.now, one.then))
    return Line(words.measure(one.measure), now, then, now != then, one.moves_out)


def _words(clock: ClockState | None, *, zone: str, at: datetime) -> str:
    if clock is None:
        return "no promise"
    if clock.breached_at is not None and clock.is_open:
        return f"broken {words.instant(clock.breached_at, zone, at)}, stays broken"
    match clock.state:
        case Phase.MET:
            return "met"
        case Phase.CANCELLED:
            return f"cancelled ({clock.cancelled_reason})"
        case Phase.PAUSED:
            return f"stands still with {words.duration(max(0, clock.left_s))} left"
        case _:
            due = words.instant(clock.due_at, zone, at) if clock.due_at else ""
            left = words.duration(max(0, clock.budget_s - clock.used_at(at)))
            return f"due {due}, {left} left"
