"""What a change would do to each promise, in words, before it is confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.clocks import words
from app.clocks.foreseeing import Foreseen
from app.clocks.state import ClockState, Phase
from app.languages import gettext as _


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
    return "; ".join(
        _("%(measure)s %(then)s (now %(now)s)", measure=line.measure, then=line.then, now=line.now)
        for line in changed
    )


def _line(one: Foreseen, *, zone: str) -> Line:
    now, then = (_words(clock, zone=zone, at=one.at) for clock in (one.now, one.then))
    return Line(words.measure(one.measure), now, then, now != then, one.moves_out)


def _words(clock: ClockState | None, *, zone: str, at: datetime) -> str:
    if clock is None:
        return _("no promise")
    if clock.breached_at is not None and clock.is_open:
        since = words.instant(clock.breached_at, zone, at)
        return _("broken %(at)s, stays broken", at=since)
    match clock.state:
        case Phase.MET:
            return _("met")
        case Phase.CANCELLED:
            return _("cancelled (%(why)s)", why=words.cancelled(clock.cancelled_reason))
        case Phase.PAUSED:
            left = words.duration(max(0, clock.left_s))
            return _("stands still with %(left)s left", left=left)
        case _:
            due = words.instant(clock.due_at, zone, at) if clock.due_at else ""
            left = words.duration(max(0, clock.budget_s - clock.used_at(at)))
            return _("due %(due)s, %(left)s left", due=due, left=left)
