"""Public holidays of further years: kept to the end of the year after next (clocks.md).

Where a calendar of a version has a rule of holidays, its further years are what was signed, no
exception: they need no clause, and nobody is told.
"""

from collections.abc import Collection
from datetime import date, datetime

from app.agreements import newest, schedules
from app.agreements.schedules import Schedule
from app.businesstime import Calendar
from app.calendars import drafting

YEARS_AHEAD = 2


def add(version_ids: Collection[int], *, at: datetime) -> int:
    """Add the years that are missing to the hours of these versions; how many it changed."""
    newest.edition()  # what this transaction read stays valid for it, should it roll back
    return sum(_add_to(schedule, at) for schedule in schedules.of_versions(version_ids))


def _add_to(schedule: Schedule, at: datetime) -> bool:
    rule = schedule.hours.holidays
    last = at.year + YEARS_AHEAD
    if not rule or date.fromisoformat(rule["known_until"]).year >= last:
        return False
    first = date.fromisoformat(rule["known_until"]).year + 1
    form = drafting.with_holidays(
        schedule.hours.definition,
        rule["country"],
        rule["subdivision"] or None,
        range(first, last + 1),
    )
    after = drafting.next_version(
        schedule.hours.calendar_id,
        Calendar.from_dict(form).to_dict(),
        holidays={**rule, "known_until": f"{last}-12-31"},
        at=at,
    )
    named = str(first) if first == last else f"{first} to {last}"
    schedules.lead_on(
        schedule, after, on=date(first, 1, 1), reason=f"Public holidays of {named}", at=at
    )
    return True
