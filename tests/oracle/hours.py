"""Business hours by looking at the clock on the wall, once for every minute there is."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import accumulate
from math import ceil
from zoneinfo import ZoneInfo

Minutes = int | Fraction
"""A floor may leave parts of a minute: budgets and due minutes may be broken."""
Windows = Sequence[tuple[str, str]]
DAYS = 70
"""How many days from `begins` are known; a story that needs more raises `IndexError`."""


class Hours:
    """Which minutes of `DAYS` days are open; instants are minutes since `begins` (UTC)."""

    def __init__(
        self,
        begins: datetime,
        zone: str,
        week: Mapping[int, Windows],
        exceptions: Mapping[date, Windows] | None = None,
    ) -> None:
        self.week, self.exceptions = week, exceptions or {}
        self.known: dict[date, list[tuple[int, int]]] = {}
        self.wall = _wall(begins, zone)
        self.open = bytes(self._is_open(day, clock) for day, clock in self.wall)
        self.before = [0, *accumulate(self.open)]
        self.opening = sorted(
            {day for (day, _), is_open in zip(self.wall, self.open, strict=True) if is_open}
        )

    def __deepcopy__(self, memo: object) -> "Hours":
        return self

    def count(self, start: int, end: int) -> int:
        """How many minutes of [start, end) are open; none when the end comes first."""
        return self.before[end] - self.before[start] if end > start else 0

    def after(self, start: int, minutes: Minutes) -> Minutes:
        """The first minute at which so many open ones have passed since `start`.

        A part of a minute falls due within the open one before it.
        """
        whole = ceil(minutes)
        found = bisect_left(self.before, self.before[start] + whole, lo=start)
        if found >= len(self.before):
            raise IndexError("The story leaves the days that the oracle knows.")
        return found - (whole - minutes)

    def until(self, start: int, days: int, by: int) -> int:
        """The open minutes from `start` until `by` on the n-th later date that has any."""
        today, passed = self.wall[start][0], 0
        for day in self.opening:
            if day <= today:
                continue
            passed += 1
            if passed >= days:
                reached = start
                while self.wall[reached] < (day, by):
                    reached += 1
                if minutes := self.count(start, reached):
                    return minutes
        raise IndexError("The story leaves the days that the oracle knows.")

    def _is_open(self, today: date, clock: int) -> bool:
        for begins, ends in self._windows(today):
            if begins <= clock and (clock < ends or ends <= begins):
                return True
        yesterday = self._windows(today - timedelta(days=1))
        return any(ends <= begins and clock < ends for begins, ends in yesterday)

    def _windows(self, day: date) -> list[tuple[int, int]]:
        if day not in self.known:
            windows = self.exceptions.get(day, self.week.get(day.weekday(), ()))
            self.known[day] = [(_minutes(begins), _minutes(ends)) for begins, ends in windows]
        return self.known[day]


@cache
def _wall(begins: datetime, zone: str) -> list[tuple[date, int]]:
    """What the clock on the wall shows in each minute: the day, and the minute of the day."""
    where, read = ZoneInfo(zone), []
    for number in range(DAYS * 1440):
        wall = (begins + timedelta(minutes=number)).astimezone(where)
        read.append((wall.date(), wall.hour * 60 + wall.minute))
    return read


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def monday(year: int, month: int, day: int) -> datetime:
    """A beginning to count from: midnight UTC of a Monday."""
    begins = datetime(year, month, day, tzinfo=UTC)
    assert begins.weekday() == 0, begins
    return begins
