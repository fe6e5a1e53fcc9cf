"""Adding, measuring and asking: bisections over compiled openings (clocks.md, "Business time").

Amounts are whole business seconds; instants are aware datetimes of whole seconds, answers UTC.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from operator import index

from app.businesstime.openings import LAST_YEAR, PATIENCE_S, Openings, Table
from app.businesstime.zones import EPOCH, start_of_year

# Making a timedelta costs more than the rest of an addition: keep those of a day at hand, and
# multiply one for longer ones.
_SECOND = timedelta(seconds=1)
_SECONDS = [_SECOND * n for n in range(3600)]
_HOURS = [_SECOND * (3600 * n) for n in range(24)]
_END_OF_TIME = start_of_year(LAST_YEAR + 1)


class NeverOpen(Exception):
    """The calendar holds no opening for 366 days, so the promise would never fall due."""


def add(openings: Openings, start: datetime, seconds: int) -> datetime:
    """The instant at which `seconds` of business time have passed since `start`.

    A budget used up exactly at closing answers the closing instant; none answers `start`.
    Raises ValueError for a negative amount, a naive or fractional instant, or a year out of
    range, and NeverOpen when 366 days in a row hold no opening.
    """
    if start.tzinfo is not UTC or start.microsecond:
        start = checked(start)
    since = start - EPOCH
    at = since.days * 86_400 + since.seconds
    if seconds <= 0:
        if seconds < 0:
            raise ValueError(f"Business time of {seconds} seconds cannot be added.")
        return start
    seconds = index(seconds)
    table = openings.table
    if not table.since <= at < table.until:
        table = openings.cover(at, at)
    starts, before = table.starts, table.before
    i = bisect_right(starts, at) - 1
    if seconds < 86_400 and at + seconds <= table.ends[i]:  # it never closes in between
        return start + _HOURS[seconds // 3600] + _SECONDS[seconds % 3600]
    target = seconds + (before[i] + at - starts[i] if at < table.ends[i] else before[i + 1])
    if target > before[-1]:
        reach(openings, table, at)
        return add(openings, start, seconds)
    j = bisect_left(before, target, i) - 1
    passed = target - before[j]
    if table.long_gaps:
        refuse_long_gap(table, at, starts[j] + passed)
    if passed < 86_400:
        return table.opens_at[j] + _HOURS[passed // 3600] + _SECONDS[passed % 3600]
    return EPOCH + _SECOND * (starts[j] + passed)


def elapsed(openings: Openings, start: datetime, end: datetime) -> int:
    """The business seconds in `[start, end)`; 0 when `end` is before `start`."""
    if start.tzinfo is not UTC or start.microsecond:
        start = checked(start)
    if end.tzinfo is not UTC or end.microsecond:
        end = checked(end)
    since = start - EPOCH
    until = end - EPOCH
    start_at = since.days * 86_400 + since.seconds
    end_at = until.days * 86_400 + until.seconds
    if end_at <= start_at:
        return 0
    table = openings.table
    if start_at < table.since or end_at >= table.until:
        table = openings.cover(start_at, end_at)
    starts, ends = table.starts, table.ends
    i = bisect_right(starts, start_at) - 1
    if end_at <= ends[i]:  # it never closes in between
        return end_at - start_at
    before = table.before
    j = bisect_right(starts, end_at, i) - 1
    return (before[j] + end_at - starts[j] if end_at < ends[j] else before[j + 1]) - (
        before[i] + start_at - starts[i] if start_at < ends[i] else before[i + 1]
    )


def is_open(openings: Openings, at: datetime) -> bool:
    """Whether the instant lies in an opening."""
    instant = seconds_of(at)
    table = openings.cover(instant, instant)
    return instant < table.ends[bisect_right(table.starts, instant) - 1]


def next_open(openings: Openings, at: datetime) -> datetime:
    """The first open instant from `at` on, `at` itself when open; may raise NeverOpen."""
    instant = seconds_of(at)
    table = openings.cover(instant, min(instant + PATIENCE_S, _END_OF_TIME - 1))
    i = bisect_right(table.starts, instant) - 1
    if instant < table.ends[i]:
        return at.astimezone(UTC)
    if i + 1 == len(table.starts) or table.starts[i + 1] - instant >= PATIENCE_S:
        raise never_open(instant)
    return instant_of(table.starts[i + 1])


def closing(openings: Openings, at: datetime) -> datetime | None:
    """The end of the opening in which `at` lies; None when it stays open for 366 days.

    Raises ValueError when `at` is not open.
    """
    instant = seconds_of(at)
    table = openings.cover(instant, min(instant + PATIENCE_S, _END_OF_TIME - 1))
    end = table.ends[bisect_right(table.starts, instant) - 1]
    if instant >= end:
        raise ValueError(f"{at.isoformat()} is not open.")
    return None if end - instant >= PATIENCE_S else instant_of(end)


def seconds_of(at: datetime) -> int:
    """Seconds since 1970 of an aware datetime of whole seconds, else ValueError."""
    if at.tzinfo is not UTC or at.microsecond:
        at = checked(at)
    since = at - EPOCH
    return since.days * 86_400 + since.seconds


def instant_of(at: int) -> datetime:
    """The UTC datetime of seconds since 1970."""
    return EPOCH + _SECOND * at


def checked(at: datetime) -> datetime:
    """The instant in UTC; ValueError when it is naive or has a fraction of a second."""
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone.")
    at = at.astimezone(UTC)
    if at.microsecond:
        raise ValueError(f"{at.isoformat()} is not a whole second.")
    return at


def refuse_long_gap(table: Table, start: int, due: int) -> None:
    """Raise NeverOpen when the way from `start` to `due` meets 366 days without an opening."""
    for closes, opens in table.long_gaps:
        left = max(closes, start)
        if due > opens and opens - left >= PATIENCE_S:
            raise never_open(left)


def reach(openings: Openings, table: Table, start: int) -> Table:
    """A longer table for a budget that did not fit into `table` from `start`.

    Raises NeverOpen when the table ends in 366 closed days, ValueError at the end of the
    known years.
    """
    closed_since = max(start, table.ends[-1])
    if table.until - closed_since >= PATIENCE_S:
        raise never_open(closed_since)
    if table.until >= _END_OF_TIME:
        raise ValueError(f"Business time would run past the year {LAST_YEAR}.")
    longer = table.until + (table.until - table.since)
    return openings.cover(table.since, min(longer, _END_OF_TIME - 1))


def never_open(at: int) -> NeverOpen:
    """The error that says since when nothing opens."""
    return NeverOpen(f"Nothing opens in the 366 days after {instant_of(at).isoformat()}.")
