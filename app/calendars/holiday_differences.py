"""Where the installed list of public holidays differs from what a calendar was filled with.

A newer list knows of a day that was proclaimed since, or no longer of one. It is proposed and
never applied by itself: somebody excepts the day, as the version's clause allows (clocks.md).
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.businesstime.holidays import public_holidays
from app.calendars.models import CalendarVersion


@dataclass(frozen=True, slots=True)
class Difference:
    """A day that the list has and the calendar has not (``is_new``), or the other way round."""

    on: date
    name: str
    is_new: bool


def differences(hours: CalendarVersion, *, today: date) -> list[Difference]:
    """The days from ``today`` until the holidays are known, in order; none without a rule.

    A day on which the calendar has hours of its own counts as known. A day is gone when it is
    closed under the name of a holiday that the list has in other years only.
    """
    rule = hours.holidays
    if not rule:
        return []
    until = date.fromisoformat(rule["known_until"])
    listed = _listed(rule["country"], rule["subdivision"] or None, today.year, until.year)
    excepted = {
        date.fromisoformat(on): windows for on, windows in hours.definition["exceptions"].items()
    }
    names, known = hours.definition["names"], set(listed.values())
    found = [Difference(on, name, True) for on, name in listed.items() if on not in excepted]
    for on, windows in excepted.items():
        name = names.get(on.isoformat(), "")
        if not windows and name in known and on not in listed:
            found.append(Difference(on, name, False))
    return sorted(
        (one for one in found if today <= one.on <= until), key=lambda one: (one.on, one.name)
    )


@lru_cache(maxsize=256)
def _listed(country: str, subdivision: str | None, first: int, last: int) -> dict[date, str]:
    """The list of these years and the one before, which tells the names of holidays."""
    return public_holidays(country, subdivision, range(first - 1, last + 1))
