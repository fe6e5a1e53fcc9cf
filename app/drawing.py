"""Positions for small drawings, and small words: what templates must not reckon. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SPARK_W, SPARK_H, EDGE = 120.0, 34.0, 3.0
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


class Used(Protocol):
    """What a bar needs of an explanation."""

    counted_s: int

    @property
    def left_s(self) -> int:
        """What is left, in business seconds; negative when over."""
        ...


class Stretch(Protocol):
    """What a row needs of an explained span."""

    starts_at: datetime
    ends_at: datetime
    skipped_s: int
    kind: str


def used_width(why: Used, width: float) -> float:
    """How much of a bar of ``width`` is used up; all of it when over."""
    whole = why.counted_s + max(0, why.left_s)
    return round(width * why.counted_s / whole, 1) if whole else width


def span_length(span: Stretch) -> str:
    """How long a span that did not count lasted, by the clock on the wall."""
    seconds = int((span.ends_at - span.starts_at).total_seconds())
    hours, rest = divmod(seconds, 3600)
    return (
        f"{hours} h {rest // 60:02} m {rest % 60:02} s"
        if hours
        else f"{rest // 60} m {rest % 60:02} s"
    )


def span_instants(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """A span in words: "Tue 16:38:05 – 18:00:00", or with the day of its end."""
    first, last = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    head = f"{first:%a} {first.day} {first:%b %H:%M:%S}"
    if first.date() == last.date():
        return f"{head} – {last:%H:%M:%S}"
    return f"{head} – {last:%a} {last.day} {last:%b %H:%M:%S}"


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
