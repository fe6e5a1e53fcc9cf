"""The openings of a calendar in UTC, compiled by date and extended lazily both ways.

Instants are whole seconds since 1970-01-01T00:00Z, days are numbered from 1970-01-01.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from threading import Lock

from app.businesstime import zones
from app.businesstime.hours import Window, seconds_of
from app.businesstime.zones import DAY_S, EPOCH, Offset

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Instants outside these UTC years are refused: they are mistakes, not promises."""

PATIENCE_S = 366 * DAY_S
"""A calendar closed this long is taken never to open."""

Interval = tuple[int, int]
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class Table:
    """Sorted openings over `[since, until)` with running totals; never changes.

    Opening 0 is empty and lies at `since`, so that each instant has an opening at or before it.
    `before[i]` is the business time before opening i, and has the total as its last item;
    `opens_at` are the starts as datetimes.
    """

    __slots__ = ("before", "ends", "long_gaps", "openings", "opens_at", "since", "starts", "until")

    def __init__(self, since: int, until: int, openings: Iterable[Interval]) -> None:
        self.since, self.until = since, until
        self.openings = tuple(openings)
        self.starts = [since, *(start for start, _ in self.openings)]
        self.opens_at = [EPOCH + timedelta(seconds=start) for start in self.starts]
        self.ends = [since, *(end for _, end in self.openings)]
        lengths = (end - start for start, end in zip(self.starts, self.ends, strict=True))
        self.before = list(accumulate(lengths, initial=0))
        self.long_gaps = [
            (closes, opens)
            for closes, opens in zip(self.ends, self.starts[1:], strict=False)
            if opens - closes >= PATIENCE_S
        ]


class Openings:
    """A zone's weekly hours and dated exceptions, and as much of them as has been compiled.

    `table` is replaced as a whole, so readers need no lock.
    """

    def __init__(
        self,
        zone: str,
        week: Mapping[int, Iterable[Window]],
        exceptions: Mapping[date, Iterable[Window]],
        pinned: Sequence[Offset] = (),
    ) -> None:
        self.zone = zone
        self._pinned = pinned
        self._week = [[seconds_of(window) for window in week.get(day, ())] for day in range(7)]
        self._exceptions = {
            on.toordinal() - _EPOCH_DAY: [seconds_of(window) for window in windows]
            for on, windows in exceptions.items()
        }
        self._lock = Lock()
        self.table = Table(0, 0, ())

    def cover(self, since: int, until: int) -> Table:
        """The table, extended by whole years until it holds `[since, until]`.

        Raises ValueError when that leaves the years 1900 to 2199.
        """
        table = self.table
        if table.since <= since and until < table.until:
            return table
        first, last = _year_of(since), min(_year_of(until) + 1, LAST_YEAR)
        with self._lock:
            table = self.table  # another thread may have extended it meanwhile
            if table.since == table.until:
                self.table = self._compiled(first, last)
            else:
                self.table = self._extended(table, first, last)
            return self.table

    def offsets(self, since: int, until: int) -> Iterator[tuple[int, int, int]]:
        """`zones.offsets` over `[since, until)` by the rules that the calendar is read by."""
        return zones.offsets(self.zone, since, until, self._pinned)

    def weekly_windows(self, day: int) -> list[Interval]:
        """The windows that day has in an ordinary week, in seconds from its 00:00."""
        return self._week[(day + 3) % 7]  # 1970-01-01 was a Thursday

    def _extended(self, table: Table, first: int, last: int) -> Table:
        """`table` and the years missing before and after it."""
        known_first, known_last = zones.year_of(table.since), zones.year_of(table.until) - 1
        tables = [table]
        if first < known_first:
            tables.insert(0, self._compiled(first, known_first - 1))
        if last > known_last:
            tables.append(self._compiled(known_last + 1, last))
        parts = (opening for part in tables for opening in part.openings)
        return Table(tables[0].since, tables[-1].until, _merged(parts))

    def _compiled(self, first: int, last: int) -> Table:
        """The openings of the UTC years `first` to `last`, both included."""
        since = zones.start_of_year(first)
        until = zones.start_of_year(last + 1)
        return Table(since, until, _merged(sorted(self._between(since, until))))

    def _between(self, since: int, until: int) -> Iterator[Interval]:
        """Each window of each date, cut to the segments of constant offset that show it.

        Every date of the calendar is walked, also one the zone skipped: its overnight windows
        still reach into the next. What the clock skips lies in no segment, what it shows twice
        in two.
        """
        for starts, ends, offset in self.offsets(since, until):
            first_day = (starts + offset) // DAY_S - 1
            last_day = (ends + offset - 1) // DAY_S
            for day in range(first_day, last_day + 1):
                midnight = day * DAY_S - offset
                for opens, closes in self._windows(day):
                    start = max(midnight + opens, starts)
                    end = min(midnight + closes, ends)
                    if start < end:
                        yield start, end

    def _windows(self, day: int) -> list[Interval]:
        windows = self._exceptions.get(day)
        return self.weekly_windows(day) if windows is None else windows


def _merged(openings: Iterable[Interval]) -> Iterator[Interval]:
    """Sorted openings, those that touch or overlap made one."""
    current: Interval | None = None
    for start, end in openings:
        if current is None:
            current = start, end
        elif start <= current[1]:
            current = current[0], max(current[1], end)
        else:
            yield current
            current = start, end
    if current is not None:
        yield current


def _year_of(at: int) -> int:
    try:
        year = zones.year_of(at)
    except OverflowError:
        year = LAST_YEAR + 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Business time is known from {FIRST_YEAR} to {LAST_YEAR} only.")
    return year
