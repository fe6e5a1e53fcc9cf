"""Calendar months as contracts count them: from a day, so many months on. Pure.

Source of the rule where a month lacks the day: German Civil Code § 188 (2) and (3), which says
what every calendar does by habit: the last day of that month takes its place.
"""

import calendar
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day so many ``months`` later; the last of that month where it has no such day."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_day(first: date, months: int) -> date:
    """The last day of a span of ``months`` that begins with ``first``.

    It is the day before the one with the number of the first: from 1 March for twelve months
    to the last of February, whatever that is; from 31 January for one month to the last of
    February as well, for the day before the 31st is the 30th, and February has none.
    """
    if first.day == 1:
        return add_months(first, months) - timedelta(days=1)
    before = first.replace(day=first.day - 1)
    return add_months(before, months)
