"""ISO weeks as spans of time in a zone. Pure.

A week runs from Monday 00:00 to the next Monday 00:00 on the wall clock of its zone, so one
with a change of daylight saving time is an hour longer or shorter (product.md, "The weekly
page").
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_NAME = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1971, 9000


@dataclass(frozen=True)
class Week:
    """The ISO week that begins on ``monday``, in ``zone``."""

    monday: date
    zone: str

    @classmethod
    def parse(cls, name: str, zone: str) -> "Week":
        """The week called ``name``, such as "2026-W46"; `ValueError` when there is none."""
        found = _NAME.fullmatch(name)
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise ValueError(f"{name!r} is no week; write 2026-W46.")
        return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1), zone)

    @classmethod
    def of(cls, at: datetime, zone: str) -> "Week":
        """The week that holds ``at``."""
        day = at.astimezone(ZoneInfo(zone)).date()
        return cls(day - timedelta(days=day.weekday()), zone)

    @property
    def name(self) -> str:
        """As in the URL: "2026-W46"."""
        return f"{self.year}-W{self.number:02}"

    @property
    def year(self) -> int:
        """The ISO year, which is not always the year of its Monday."""
        return self.monday.isocalendar().year

    @property
    def number(self) -> int:
        """The ISO number, 1 to 53."""
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def starts_at(self) -> datetime:
        """Its first instant."""
        return _midnight(self.monday, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first instant of the next week."""
        return _midnight(self.monday + timedelta(days=7), self.zone)

    def moved(self, weeks: int) -> "Week":
        """The week ``weeks`` later, or earlier when negative."""
        return Week(self.monday + timedelta(days=7 * weeks), self.zone)

    def last(self, count: int) -> list["Week"]:
        """``count`` weeks up to and with this one, oldest first."""
        return [self.moved(back) for back in range(1 - count, 1)]


def _midnight(day: date, zone: str) -> datetime:
    """00:00 of ``day``; where the clock skips it the instant it skips, shown twice the first."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
