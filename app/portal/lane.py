"""The lane under a promise: from now to the last due time, closed hours as gaps, ready to draw.

Open time is drawn in proportion, closed time as a gap of one width, in a box of 320 by 52 units
(look.md, "Portal"). Labels that would touch another are left out, except the due times. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.businesstime import Calendar
from app.languages import gettext as _
from app.languages import listed, weekday
from app.portal import times

LEFT, RIGHT, WIDTH = 4.0, 316.0, 320.0
NARROWEST = 50.0
LETTER, BOLD = 6.0, 6.4
UPPER, LOWER = 34, 46
MOST_DAYS = timedelta(days=62)


@dataclass(frozen=True)
class Bar:
    """A stretch of the lane, by its left edge and width; ``is_open`` where time counts."""

    x: float
    width: float
    is_open: bool
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Label:
    """A word under the lane; ``anchor`` is SVG's start, middle or end."""

    x: float
    y: int
    anchor: str
    text: str
    is_due: bool = False

    @property
    def extent(self) -> tuple[float, float]:
        """About where its left and right edge are."""
        width = len(self.text) * (BOLD if self.is_due else LETTER)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, left + width


@dataclass(frozen=True)
class Lane:
    """The drawing and the sentence for readers of the screen."""

    bars: tuple[Bar, ...]
    dues: tuple[float, ...]
    labels: tuple[Label, ...]
    sentence: str


def draw(calendar: Calendar, dues: Sequence[datetime], *, now: datetime, zone: str) -> Lane | None:
    """The lane from ``now`` to the last of ``dues``; None where nothing lies ahead to draw."""
    dues = sorted(due for due in dues if due > now)
    if not dues or dues[-1] - now > MOST_DAYS:
        return None
    bars = _bars(calendar, now, dues[-1])
    places = tuple(_place(bars, due) for due in dues)
    labels = _labels(bars, dues, places, now=now, zone=zone)
    return Lane(bars, places, labels, _sentence(bars, dues, now=now, zone=zone))


def _bars(calendar: Calendar, now: datetime, end: datetime) -> tuple[Bar, ...]:
    stretches: list[tuple[bool, datetime, datetime]] = []
    for span in calendar.spans(now, end):
        if stretches and stretches[-1][0] == span.counted:
            stretches[-1] = (span.counted, stretches[-1][1], span.ends_at)
        else:
            stretches.append((span.counted, span.starts_at, span.ends_at))
    gaps = sum(1 for counted, _, _ in stretches if not counted)
    gap = {0: 0.0, 1: 86.0, 2: 62.0}.get(gaps, min(14.0, 120 / max(gaps, 1)))
    widths = _widths(
        [(end - start).total_seconds() for counted, start, end in stretches if counted],
        RIGHT - LEFT - gaps * gap,
        narrowest=NARROWEST if gaps <= 2 else 8.0,
    )
    bars, x = [], LEFT
    for counted, start, end in stretches:
        width = widths.pop(0) if counted else gap
        bars.append(Bar(round(x, 1), round(width, 1), counted, start, end))
        x += width
    return tuple(bars)


def _widths(seconds: list[float], room: float, *, narrowest: float) -> list[float]:
    """Shares of ``room`` in proportion, none under ``narrowest`` where there is room for that."""
    narrowest = min(narrowest, room / max(len(seconds), 1))
    spare = room - narrowest * len(seconds)
    return [narrowest + spare * amount / sum(seconds) for amount in seconds]


def _place(bars: Sequence[Bar], due: datetime) -> float:
    bar = next(bar for bar in bars if due <= bar.ends_at)
    share = (due - bar.starts_at) / (bar.ends_at - bar.starts_at)
    return round(min(max(bar.x + bar.width * share, LEFT + 4), RIGHT - 4), 1)


def _labels(
    bars: Sequence[Bar],
    dues: Sequence[datetime],
    places: Sequence[float],
    *,
    now: datetime,
    zone: str,
) -> tuple[Label, ...]:
    last = Label(WIDTH, LOWER, "end", times.short(dues[-1], zone=zone, now=now), is_due=True)
    kept = [last]
    for due, x in zip(dues[:-1], places[:-1], strict=True):
        text = times.short(due, zone=zone, now=now)
        for y in (LOWER, UPPER):
            label = Label(max(x, len(text) * BOLD / 2), y, "middle", text, is_due=True)
            if _fits(label, kept):
                kept.append(label)
                break
    return (*kept, *_hours(bars, now=now, zone=zone, kept=kept))


def _hours(bars: Sequence[Bar], *, now: datetime, zone: str, kept: Sequence[Label]) -> list[Label]:
    """The start and, as far as there is room, the closed hours, or the days when they are many."""
    wanted = [Label(0, UPPER, "start", times.short(now, zone=zone, now=now))]
    closed = [bar for bar in bars if not bar.is_open]
    for bar in closed:
        wanted += _closed(bar, now, zone) if len(closed) <= 2 else _opened(bar, zone)
    shown: list[Label] = []
    for label in wanted:
        if _fits(label, [*kept, *shown]):
            shown.append(label)
    return shown


def _closed(bar: Bar, now: datetime, zone: str) -> list[Label]:
    closes, opens = (times.short(at, zone=zone, now=at) for at in (bar.starts_at, bar.ends_at))
    end = bar.x + bar.width
    labels = [Label(bar.x, UPPER, "end", closes)] if bar.starts_at > now else []
    return [
        *labels,
        Label(end, UPPER, "middle", opens),
        Label(bar.x + bar.width / 2 - 4, UPPER, "middle", _("closed")),
    ]


def _opened(bar: Bar, zone: str) -> list[Label]:
    """The day after a night; nothing after a break within a day."""
    starts, ends = (at.astimezone(ZoneInfo(zone)) for at in (bar.starts_at, bar.ends_at))
    if starts.date() == ends.date():
        return []
    return [Label(bar.x + bar.width, UPPER, "start", weekday(ends, short=True))]


def _fits(label: Label, others: Sequence[Label]) -> bool:
    left, right = label.extent
    if left < -1 or right > WIDTH + 1:
        return False
    return all(
        other.y != label.y or right + 4 <= other.extent[0] or left >= other.extent[1] + 4
        for other in others
    )


def _sentence(bars: Sequence[Bar], dues: Sequence[datetime], *, now: datetime, zone: str) -> str:
    parts = [_("Sent at %(time)s", time=times.short(now, zone=zone, now=now))]
    closed = [bar for bar in bars if not bar.is_open]
    if len(closed) == 1:
        since, until = (
            times.due(at, zone=zone, now=now) for at in (closed[0].starts_at, closed[0].ends_at)
        )
        parts.append(_("closed from %(since)s to %(until)s", since=since, until=until))
    elif closed:
        parts.append(_("closed %(number)s times in between", number=len(closed)))
    said = listed(times.due(due, zone=zone, now=now) for due in dues)
    return ", ".join([*parts, _("due by %(times)s", times=said)])
