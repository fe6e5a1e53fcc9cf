"""A time of day on the n-th business day: "by 16:00 on the next working day". Pure.

Readings of the wall clock are seconds since 1970-01-01T00:00 as it shows them.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from app.businesstime import zones
from app.businesstime.calendar import Calendar
from app.businesstime.zones import DAY_S, EPOCH


@lru_cache(maxsize=4096)
def seconds_until(calendar: Calendar, start: datetime, days: int, by: str) -> int:
    """The business seconds from ``start`` until ``by`` on the ``days``-th business day after it.

    A business day is a date of the calendar's zone on which it opens, counted from the day after
    that of ``start``; ``by`` is "HH:MM" up to 24:00. Where the calendar closes earlier that day,
    its closing counts. A promise of no time at all is none: where nothing is open until then, the
    business day after it counts. Raises `NeverOpen` where the calendar never opens.
    """
    at, passed, found_s = start, 0, 0
    while passed < days or found_s == 0:
        at = calendar.next_open(_begins(calendar, _day(calendar, at) + 1))
        passed += 1
        if passed >= days:
            found_s = calendar.elapsed(start, _reads(calendar, _day(calendar, at), by))
    return found_s


def closes_before(calendar: Calendar, on: date, by: str) -> bool:
    """Whether the minute before ``by`` on that date is closed: there no time runs up to it."""
    day = (on - EPOCH.date()).days
    return not calendar.is_open(_reads(calendar, day, by) - timedelta(seconds=1))


def _day(calendar: Calendar, at: datetime) -> int:
    """The number of the date that the wall clock shows, from 1970-01-01."""
    seconds = (at - EPOCH) // timedelta(seconds=1)
    _starts, _ends, offset = next(_offsets(calendar, seconds, seconds + 1))
    return (seconds + offset) // DAY_S


def _reads(calendar: Calendar, day: int, by: str) -> datetime:
    """The first instant at which the wall clock shows that time of the date, or a later one.

    What the clock shows twice counts the first time; what it skips, from the skip on.
    """
    reading = day * DAY_S + int(by[:2]) * 3600 + int(by[3:]) * 60
    for starts, ends, offset in _around(calendar, reading):
        if ends + offset > reading:
            return EPOCH + timedelta(seconds=max(starts, reading - offset))
    raise AssertionError("the wall clock shows every reading or skips it")


def _begins(calendar: Calendar, day: int) -> datetime:
    """The instant from which the wall clock shows that date for good, or a later one."""
    reading = day * DAY_S
    found: int | None = None
    for starts, ends, offset in _around(calendar, reading):
        if ends + offset <= reading:
            found = None
        elif starts + offset < reading:
            found = reading - offset
        elif found is None:
            found = starts
    assert found is not None  # the wall clock goes on
    return EPOCH + timedelta(seconds=found)


def _around(calendar: Calendar, reading: int) -> Iterator[tuple[int, int, int]]:
    """The offsets kept around that reading: none is a day from UTC."""
    return _offsets(calendar, reading - 2 * DAY_S, reading + 2 * DAY_S)


def _offsets(calendar: Calendar, since: int, until: int) -> Iterator[tuple[int, int, int]]:
    return zones.offsets(calendar.zone, since, until, calendar.pinned)
