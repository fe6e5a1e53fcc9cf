"""Opening hours as the oracle knows them: stepped through minute by minute, nothing of the app."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE_S = 60


@dataclass(frozen=True)
class Hours:
    """Opening hours, stepped through minute by minute; ``week`` maps weekdays to windows."""

    zone: str
    week: Mapping[str, Sequence[Sequence[str]]]

    @property
    def is_always(self) -> bool:
        return all(self.week.get(str(day)) == [["00:00", "24:00"]] for day in range(7))

    def is_open(self, at: int) -> bool:
        there = datetime.fromtimestamp(at, ZoneInfo(self.zone))
        minute = there.hour * 60 + there.minute
        yesterday = there.date() - timedelta(days=1)
        return any(
            begins <= minute < (ends if ends > begins else 24 * 60)
            for begins, ends in self._windows(there.weekday())
        ) or any(
            ends <= begins and minute < ends for begins, ends in self._windows(yesterday.weekday())
        )

    def _windows(self, weekday: int) -> list[tuple[int, int]]:
        return [(_minutes(a), _minutes(b)) for a, b in self.week.get(str(weekday), [])]

    def add(self, at: int, seconds: int) -> int:
        if self.is_always or not seconds:
            return at + seconds
        while True:
            step = MINUTE_S - at % MINUTE_S
            if self.is_open(at):
                if seconds <= step:
                    return at + seconds
                seconds -= step
            at += step

    def elapsed(self, begin: int, end: int) -> int:
        if self.is_always:
            return max(0, end - begin)
        total = 0
        while begin < end:
            step = min(MINUTE_S - begin % MINUTE_S, end - begin)
            total += step if self.is_open(begin) else 0
            begin += step
        return total

    def next_open(self, at: int) -> int:
        while not self.is_always and not self.is_open(at):
            at += MINUTE_S - at % MINUTE_S
        return at


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
