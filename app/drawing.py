"""Positions for small drawings, and small words: what templates must not reckon. Pure."""

# ruff: noqa: D102

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

SPARK_W, SPARK_H, EDGE = 120.0, 34.0, 3.0
_KEYS = {"counted": "on", "brought": "on", "paused": "pause"}
AXIS_FROM, AXIS_TO, AXIS_X0, AXIS_X1 = 75.0, 100.0, 10.0, 470.0


def initials(name: str) -> str:
    """The first letters of the first and the last word: "Dr. Ines Falk" is "DF"."""
    words = [word for word in name.split() if word[:1].isalnum()]
    chosen = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in chosen).upper()


def sparkline_points(values: Sequence[float | None]) -> list[tuple[float, float]]:
    """The points of a line over the known ``values``, oldest first, in 120 × 34."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if not known:
        return []
    lowest = min(value for _, value in known)
    span = (max(value for _, value in known) - lowest) or 1
    step = (SPARK_W - 2 * EDGE) / max(1, len(values) - 1)
    height = SPARK_H - 4 * EDGE
    return [
        (
            round(EDGE + place * step, 1),
            round(SPARK_H - 2 * EDGE - (value - lowest) / span * height, 1),
        )
        for place, value in known
    ]


def axis_x(percent: float) -> float:
    """Where ``percent`` stands on the axis from 75 to 100 %; lower ones at its edge."""
    share = (max(AXIS_FROM, min(AXIS_TO, percent)) - AXIS_FROM) / (AXIS_TO - AXIS_FROM)
    return round(AXIS_X0 + share * (AXIS_X1 - AXIS_X0), 1)


class Stretch(Protocol):
    """What a row needs of an explained span."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...


class Counted(Protocol):
    """What a bar needs of the clock behind an explanation."""

    @property
    def state(self) -> str: ...
    @property
    def budget_s(self) -> int: ...
    @property
    def due_at(self) -> datetime | None: ...


class Explained(Protocol):
    """What a bar needs of an explanation."""

    @property
    def spans(self) -> Sequence[Stretch]: ...
    @property
    def clock(self) -> Counted: ...
    @property
    def counted_s(self) -> int: ...
    @property
    def left_s(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar: `kind` is on (counted), pause, off (closed), left or risk (until due)."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class SpanBar:
    """The life of a clock on one axis, and which of its three labels find room.

    `end_x` is where the last span ends (now, for a running clock), `late_x` where it was due
    when that is past.
    """

    parts: tuple[Part, ...]
    end_x: float
    end_anchor: str
    late_x: float | None
    names_start: bool
    names_due: bool


def span_bar(why: Explained, width: float) -> SpanBar:
    """Draw every span of ``why``, and the time left until due, in ``width``; it needs a span."""
    starts_at, ends_at, due_at = why.spans[0].starts_at, why.spans[-1].ends_at, why.clock.due_at
    last = max(ends_at, due_at) if due_at and why.clock.state == "running" else ends_at
    whole_s = (last - starts_at).total_seconds() or 1.0

    def x(at: datetime) -> float:
        return round((at - starts_at).total_seconds() / whole_s * width, 1)

    parts = [_part(x(span.starts_at), x(span.ends_at), span_key(span.kind)) for span in why.spans]
    if last > ends_at:
        near = why.left_s * 4 <= why.clock.budget_s
        parts.append(_part(x(ends_at), width, "risk" if near else "left"))
    end_x = x(ends_at)
    return SpanBar(
        tuple(parts),
        end_x,
        end_anchor="start" if end_x < width / 4 else "end",
        late_x=x(due_at) if due_at and starts_at < due_at < ends_at else None,
        names_start=end_x >= width / 4,
        names_due=last > ends_at and end_x <= width * 3 / 4,
    )


def span_key(kind: str) -> str:
    """The colour of a kind of span: on (counted), pause or off."""
    return _KEYS.get(kind, "off")


def _part(x: float, end_x: float, kind: str) -> Part:
    return Part(x, round(end_x - x, 1), kind)


def paragraphs(text: str) -> list[str]:
    """A message in paragraphs: what blank lines part."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return [part for part in parts if part] or [""]


def sentence(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text with its first letter small."""
    return text[:1].lower() + text[1:]
