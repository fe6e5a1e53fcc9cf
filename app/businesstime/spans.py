"""A stretch of time as the explanation tells it: which parts counted, which not, and why."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.businesstime.arithmetic import instant_of, seconds_of
from app.businesstime.openings import Openings
from app.businesstime.zones import DAY_S

OPEN, CLOSED = "open", "closed"
_EPOCH_DAY = date(1970, 1, 1).toordinal()

_Piece = tuple[int, int, str]
"""Starts, ends (epoch seconds), reason."""


@dataclass(frozen=True, slots=True)
class Span:
    """`[starts_at, ends_at)` in UTC; `seconds` is the business time in it, 0 unless counted.

    `reason` is "open" when counted, else "closed" or the name of the exception, such as
    "Christmas Day".
    """

    starts_at: datetime
    ends_at: datetime
    counted: bool
    seconds: int
    reason: str


def spans(
    openings: Openings, names: Mapping[date, str], start: datetime, end: datetime
) -> Iterator[Span]:
    """Yield the spans of `[start, end)` in order, without gaps; none when it is empty.

    The seconds of the counted ones sum to `elapsed(start, end)`.
    """
    since, until = seconds_of(start), seconds_of(end)
    if until <= since:
        return
    table = openings.cover(since, until)
    at, i = since, bisect_right(table.starts, since) - 1
    while at < until:
        closes = min(table.ends[i], until)
        if at < closes:
            yield Span(instant_of(at), instant_of(closes), True, closes - at, OPEN)
            at = closes
        i += 1
        opens = min(table.starts[i], until) if i < len(table.starts) else until
        if at < opens:
            for starts, ends, reason in _merged(_closed_pieces(openings, names, at, opens)):
                yield Span(instant_of(starts), instant_of(ends), False, 0, reason)
            at = opens


def _closed_pieces(
    openings: Openings, names: Mapping[date, str], since: int, until: int
) -> Iterator[_Piece]:
    """The reasons of a closed stretch, date by date as the zone's wall clock shows them."""
    if not names:
        yield since, until, CLOSED
        return
    for starts, ends, offset in openings.offsets(since, until):
        for day in range((starts + offset) // DAY_S, (ends + offset - 1) // DAY_S + 1):
            midnight = day * DAY_S - offset
            for from_s, to_s, reason in _reasons(openings, names, day):
                piece = max(midnight + from_s, starts), min(midnight + to_s, ends)
                if piece[0] < piece[1]:
                    yield *piece, reason


def _reasons(openings: Openings, names: Mapping[date, str], day: int) -> list[_Piece]:
    """Why parts of a date are closed, in seconds from its 00:00.

    A named exception explains its own date, and in the next the night hours it took away.
    """
    name = names.get(date.fromordinal(_EPOCH_DAY + day))
    if name is not None:
        return [(0, DAY_S, name)]
    name = names.get(date.fromordinal(_EPOCH_DAY + day - 1))
    night = max((end for _, end in openings.weekly_windows(day - 1)), default=0) - DAY_S
    if name is None or night <= 0:
        return [(0, DAY_S, CLOSED)]
    return [(0, night, name), (night, DAY_S, CLOSED)]


def _merged(pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """Neighbours of the same reason made one."""
    current: _Piece | None = None
    for piece in pieces:
        if current is None:
            current = piece
        elif current[2] == piece[2]:
            current = current[0], piece[1], current[2]
        else:
            yield current
            current = piece
    if current is not None:
        yield current
