"""Opening hours in words, as a promise quotes them, in its reader's language. Pure."""

from datetime import date, datetime
from itertools import groupby

from app.businesstime import Calendar
from app.clocks import words
from app.languages import gettext as _
from app.languages import listed, weekday

A_WEEK = tuple(date(2024, 1, day) for day in range(1, 8))
"""Some Monday, and the days after it."""
ALWAYS = (("00:00", "24:00"),)


def in_words(calendar: Calendar, *, at: datetime) -> str:
    """The weekly hours: "Monday to Friday 08:00 to 18:00 CET", "at any hour"."""
    week = [tuple(tuple(window) for window in calendar.week.get(day, ())) for day in range(7)]
    if all(windows == ALWAYS for windows in week):
        return _("at any hour, every day")
    runs = [
        (weekday(A_WEEK[days[0]]), weekday(A_WEEK[days[-1]]), windows)
        for windows, group in groupby(range(7), key=lambda day: week[day])
        if windows and (days := list(group))
    ]
    zone = words.abbreviation(at, calendar.zone)
    return f"{', '.join(_run(*run) for run in runs)} {zone}"


def _run(first: str, last: str, windows: tuple[tuple[str, ...], ...]) -> str:
    days = first if first == last else _("%(first)s to %(last)s", first=first, last=last)
    if windows == ALWAYS:
        return _("%(days)s at any hour", days=days)
    spans = [_("%(start)s to %(end)s", start=start, end=end) for start, end in windows]
    return _("%(days)s %(hours)s", days=days, hours=listed(spans))
