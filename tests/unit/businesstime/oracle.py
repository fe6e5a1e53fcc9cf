"""The rule of business time asked minute by minute; shares no code with the product.

An instant is open when its wall-clock reading in the zone lies in a window of that date, or in
an overnight window of the date before. Nothing is compiled, nothing is searched: each UTC minute
in turn is read on the zone's wall clock. Offsets are whole minutes in the years tried here, so a
minute is open or closed as a whole.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
Windows = Sequence[tuple[str, str]]


class Oracle:
    def __init__(
        self, zone: str, week: Mapping[int, Windows], exceptions: Mapping[date, Windows]
    ) -> None:
        self.zone, self.week, self.exceptions = ZoneInfo(zone), week, exceptions

    def is_open(self, at: datetime) -> bool:
        shown = at.astimezone(self.zone)
        today, reading = shown.date(), f"{shown:%H:%M}"
        for opens, closes in self.windows(today):
            overnight = closes <= opens
            if reading >= opens and (overnight or reading < closes):
                return True
        return any(
            closes <= opens and reading < closes
            for opens, closes in self.windows(today - timedelta(days=1))
        )

    def windows(self, on: date) -> Windows:
        if on in self.exceptions:
            return self.exceptions[on]
        return self.week.get(on.weekday(), ())

    def elapsed(self, start: datetime, end: datetime) -> int:
        total, at = 0, start
        while at < end:
            later = min(at.replace(second=0) + MINUTE, end)
            if self.is_open(at):
                total += int((later - at).total_seconds())
            at = later
        return total

    def add(self, start: datetime, seconds: int, limit: datetime) -> datetime | None:
        """The instant `seconds` of business time after `start`; None when not by `limit`."""
        at, left = start.astimezone(UTC), seconds
        while left > 0:
            if at >= limit:
                return None
            later = at.replace(second=0) + MINUTE
            if self.is_open(at):
                step = min(int((later - at).total_seconds()), left)
                left -= step
                at = at + timedelta(seconds=step) if left == 0 else later
            else:
                at = later
        return at

    def next_open(self, at: datetime, limit: datetime) -> datetime | None:
        while at < limit:
            if self.is_open(at):
                return at
            at = at.replace(second=0) + MINUTE
        return None
