"""An explanation as its requester reads it: one line per stretch, adding up to the second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.clocks import explaining, words
from app.clocks.explaining import ExplainedSpan, Explanation

WAITED = {
    "waiting for the requester": "waited for you",
    "waiting for a supplier": "waited for a supplier",
    "on hold": "was put off",
}
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
    skipped_s = sum(_skipped_s(span) for span in told.spans)
    left_s, ended = told.left_s, not told.clock.is_open
    over = words.to_the_second(left_s)
    return Sum(
        whole=words.to_the_second(told.counted_s + skipped_s),
        counted=words.to_the_second(told.counted_s),
        skipped=words.to_the_second(skipped_s),
        promised=words.to_the_second(told.clock.budget_s),
        left=f"over by {over}" if left_s < 0 else f"{over} {'to spare' if ended else 'left'}",
        is_over=left_s < 0,
    )


def waited(span: ExplainedSpan) -> str:
    """What a pause was, once it is over: "waited for you"."""
    return WAITED.get(span.what, "stood still")


def _line(span: ExplainedSpan, told: Explanation) -> Line:
    counts = span.kind not in (explaining.CLOSED, explaining.PAUSED, explaining.STOPPED)
    return Line(
        when=_from_to(span.starts_at, span.ends_at, told.zone),
        what=_what(span, told),
        key=KEYS.get(span.kind, "on" if counts else "off"),
        counted=words.to_the_second(span.counted_s) if counts else "",
        skipped="" if counts else words.to_the_second(_skipped_s(span)),
    )


def _what(span: ExplainedSpan, told: Explanation) -> str:
    if span.kind == explaining.COUNTED:
        return "With us"
    if span.kind == explaining.PAUSED:
        said = waited(span)
        return f"{said[0].upper()}{said[1:]}"
    if span.kind == explaining.CLOSED:
        return f"Closed: {told.calendar if span.what == 'closed' else span.what}"
    return f"{span.what[0].upper()}{span.what[1:]}"


def _skipped_s(span: ExplainedSpan) -> int:
    """The seconds on the wall that did not count."""
    if span.counted_s:
        return 0
    return int((span.ends_at - span.starts_at).total_seconds())


def _from_to(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    start, end = (at.astimezone(ZoneInfo(zone)) for at in (starts_at, ends_at))
    day = "" if start.date() == end.date() else f"{end:%a} "
    return f"{start:%a} {start.day} {start:%b} {start:%H:%M:%S} – {day}{end:%H:%M:%S}"


def pauses_of(spans: Sequence[ExplainedSpan]) -> list[ExplainedSpan]:
    """The stretches in which somebody else had to act."""
    return [span for span in spans if span.kind == explaining.PAUSED]
