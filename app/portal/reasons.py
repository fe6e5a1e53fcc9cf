"""An explanation as its requester reads it: one line per stretch, adding up to the second."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.clocks import explaining, words
from app.clocks.explaining import ExplainedSpan, Explanation

FOR_YOU = "waited for you"
WAITED = {
    "waiting for the requester": FOR_YOU,
    "waiting for a supplier": "waited for a supplier",
    "on hold": "was put off",
}
WIDE = 640
KEYS = {explaining.COUNTED: "on", explaining.PAUSED: "pause"}


@dataclass(frozen=True)
class Line:
    """One stretch: from when to when, what it was, and its seconds on one side or the other."""

    when: str
    what: str
    key: str
    counted: str
    skipped: str


@dataclass(frozen=True)
class Bar:
    """One stretch of the drawing, by its left edge and width."""

    x: float
    width: float
    key: str


@dataclass(frozen=True)
class Drawing:
    """All stretches to scale and what is left after them; ``now_x`` is where it stands."""

    bars: tuple[Bar, ...]
    now_x: float
    starts: str
    ends: str
    sentence: str


@dataclass(frozen=True)
class Sum:
    """The foot of the table: the whole stretch, both sums, and what is left of the promise."""

    whole: str
    counted: str
    skipped: str
    promised: str
    left: str
    is_over: bool


def lines_of(told: Explanation) -> list[Line]:
    """The stretches of ``told``, oldest first."""
    return [_line(span, told) for span in told.spans]


def sum_of(told: Explanation) -> Sum:
    """What the lines add up to; ``promised`` is the budget, which pauses never change."""
    left_s, ended = told.left_s, not told.clock.is_open
    over = words.to_the_second(left_s)
    return Sum(
        whole=words.to_the_second(told.counted_s + told.skipped_s),
        counted=words.to_the_second(told.counted_s),
        skipped=words.to_the_second(told.skipped_s),
        promised=words.to_the_second(told.clock.budget_s),
        left=f"over by {over}" if left_s < 0 else f"{over} {'to spare' if ended else 'left'}",
        is_over=left_s < 0,
    )


def drawing_of(told: Explanation) -> Drawing:
    """The bar above the table, on the wall clock, to the due time where that lies ahead."""
    clock = told.clock
    start = min((span.starts_at for span in told.spans), default=clock.started_at)
    now = max((span.ends_at for span in told.spans), default=told.at)
    ahead = clock.due_at if clock.is_open and clock.due_at and clock.due_at > now else now
    scale = WIDE / max((ahead - start).total_seconds(), 1)

    def x_of(at: datetime) -> float:
        return round((at - start).total_seconds() * scale, 1)

    bars = [
        Bar(x_of(span.starts_at), _wide(x_of, span.starts_at, span.ends_at), _key(span))
        for span in told.spans
        if span.ends_at > span.starts_at
    ]
    if ahead > now:
        bars.append(Bar(x_of(now), _wide(x_of, now, ahead), "left"))
    total = sum_of(told)
    until = words.instant(now, told.zone, told.at, with_zone=False)
    return Drawing(
        bars=tuple(bars),
        now_x=x_of(now),
        starts=words.instant(start, told.zone, told.at, with_zone=False),
        ends=f"now {until}" if clock.is_open else until,
        sentence=f"{total.counted} counted, {total.skipped} not counted, {total.left}",
    )


def _wide(x_of: Callable[[datetime], float], starts_at: datetime, ends_at: datetime) -> float:
    return round(max(x_of(ends_at) - x_of(starts_at), 1.0), 1)


def waited(span: ExplainedSpan) -> str:
    """What a pause was, once it is over: "waited for you"."""
    return WAITED.get(span.what, "stood still")


def _line(span: ExplainedSpan, told: Explanation) -> Line:
    counts = _counts(span)
    return Line(
        when=_from_to(span.starts_at, span.ends_at, told.zone),
        what=_what(span, told),
        key=_key(span),
        counted=words.to_the_second(span.counted_s) if counts else "",
        skipped="" if counts else words.to_the_second(span.skipped_s),
    )


def _counts(span: ExplainedSpan) -> bool:
    return span.kind not in (explaining.CLOSED, explaining.PAUSED, explaining.STOPPED)


def _key(span: ExplainedSpan) -> str:
    """The colour of a stretch: counted, paused or off."""
    return KEYS.get(span.kind, "on" if _counts(span) else "off")


def _what(span: ExplainedSpan, told: Explanation) -> str:
    if span.kind == explaining.COUNTED:
        return "With us"
    if span.kind == explaining.PAUSED:
        said = waited(span)
        return f"{said[0].upper()}{said[1:]}"
    if span.kind == explaining.CLOSED:
        return f"Closed: {told.calendar if span.what == 'closed' else span.what}"
    return f"{span.what[0].upper()}{span.what[1:]}"


def _from_to(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    start, end = (at.astimezone(ZoneInfo(zone)) for at in (starts_at, ends_at))
    day = "" if start.date() == end.date() else f"{end:%a} "
    return f"{start:%a} {start.day} {start:%b} {start:%H:%M:%S} – {day}{end:%H:%M:%S}"
