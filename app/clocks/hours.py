"""Opening hours in words, as a promise quotes them. Pure."""

from datetime import datetime
from itertools import groupby

from app.businesstime import Calendar
from app.clocks import words

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ALWAYS = (("00:00", "24:00"),)


def in_words(calendar: Calendar, *, at: datetime) -> str:
    """The weekly hours: "Monday to Friday 08:00 to 18:00 CET", "at any hour"."""
    week = [tuple(tuple(window) for window in calendar.week.get(day, ())) for day in range(7)]
    if all(windows == ALWAYS for windows in week):
        return "at any hour, every day"
    runs = [
        (DAYS[days[0]], DAYS[days[-1]], windows)
        for windows, group in groupby(range(7), key=lambda day: week[day])
        if windows and (days := list(group))
    ]
    zone = words.abbreviation(at, calendar.zone)
    return f"{', '.join(_run(*run) for run in runs)} {zone}"


def _run(first: str, last: str, windows: tuple[tuple[str, ...], ...]) -> str:
    days = first if first == last else f"{first} to {last}"
    if windows == ALWAYS:
        return f"{days} at any hour"
    return f"{days} {' and '.join(f'{start} to {end}' for start, end in windows)}"
