"""The horizon: every due time of the page on one axis, ready to draw.

Over at the left, then now, four hours in proportion, then later days. Positions are in the
drawing's own units, 452 wide (look.md, "Queue").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

from app.desk.rows import Shown
from app.languages import gettext as _

NOW_X, BREAK_X, END_X = 66.0, 334.0, 440.0
WIDEST = 22.0
SPAN = timedelta(hours=4)


class Mark(NamedTuple):
    """One due time: where, and in which of the chip's shapes."""

    x: float
    state: str

    def __html__(self) -> str:
        """The mark as it is drawn."""
        x = self.x
        match self.state:
            case "breach":
                return f'<path class="hz-breach" d="M{x - 5} 19l3 -3h4l3 3v4l-3 3h-4l-3 -3z"/>'
            case "risk":
                return f'<path class="hz-risk" d="M{x} 15.5l6 10.5h-12z"/>'
            case "outside":
                return f'<circle class="hz-outside" cx="{x}" cy="21" r="4"/>'
        return f'<circle class="hz-running" cx="{x}" cy="21" r="4.5"/>'


@dataclass(frozen=True)
class Tick:
    """One full hour on the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Horizon:
    """The drawing: marks, hours and the sentence for readers of the screen."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    label: str

    @property
    def drawn(self) -> Markup:
        """All marks as they are drawn."""
        return Markup("".join([mark.__html__() for mark in self.marks]))


def of(rows: Sequence[Shown], *, zone: str, at: datetime) -> Horizon:
    """The horizon of ``rows`` at ``at``, with hours in ``zone``."""
    due = [(row.chip.due_at, row.chip.state) for row in rows if row.chip.due_at is not None]
    over = [state for due_at, state in due if due_at < at]
    soon = [(due_at, state) for due_at, state in due if at <= due_at <= at + SPAN]
    later = [state for due_at, state in due if due_at > at + SPAN]
    marks = [Mark(x, "breach") for x in _spread(len(over), 8.0, NOW_X - 8)]
    marks += [Mark(round(_x(due_at, at), 1), state) for due_at, state in soon]
    marks += [
        Mark(x, state)
        for x, state in zip(_spread(len(later), BREAK_X + 18, END_X), later, strict=True)
    ]
    return Horizon(
        marks=tuple(marks),
        ticks=tuple(_ticks(at, ZoneInfo(zone))),
        label=_(
            "Deadlines ahead: %(over)s over, %(soon)s within four hours, %(later)s later.",
            over=len(over),
            soon=len(soon),
            later=len(later),
        ),
    )


def _x(due_at: datetime, at: datetime) -> float:
    return NOW_X + (due_at - at) / SPAN * (BREAK_X - NOW_X)


def _spread(count: int, first: float, last: float) -> list[float]:
    """``count`` places between ``first`` and ``last``, evenly, never far apart."""
    if count == 0:
        return []
    step = min(WIDEST, (last - first) / count)
    return [round(first + index * step, 1) for index in range(count)]


def _ticks(at: datetime, zone: ZoneInfo) -> list[Tick]:
    hour = at.replace(minute=0, second=0) + timedelta(hours=1)
    ticks = []
    while hour < at + SPAN:
        ticks.append(Tick(round(_x(hour, at), 1), f"{hour.astimezone(zone):%H}"))
        hour += timedelta(hours=1)
    return [tick for tick in ticks if tick.x > NOW_X + 24]
