"""Hours as people write them: windows of "HH:MM" texts, checked and turned into seconds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from app.businesstime.zones import DAY_S

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Window = tuple[str, str]
"""Opens and closes, "HH:MM"; a close not after the open lies on the next day; 24:00 may close."""

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


def seconds_of(window: Window) -> tuple[int, int]:
    """The window in seconds from its date's 00:00; the end passes 86 400 when overnight."""
    opens, closes = (int(text[:2]) * 3600 + int(text[3:]) * 60 for text in window)
    return opens, closes if closes > opens else closes + DAY_S


def checked_windows(key: str, windows: Any) -> tuple[Window, ...]:
    """The windows of one day, sorted, each once; ValueError names `key` and the bad window."""
    if isinstance(windows, str) or not isinstance(windows, Sequence):
        raise ValueError(f"{key}: {windows!r} is not a list of windows.")
    return tuple(sorted({_checked_window(key, window) for window in windows}))


def checked_week(week: Any) -> dict[int, tuple[Window, ...]]:
    """The week with its open days only, Monday first; ValueError when it never opens."""
    if not isinstance(week, Mapping):
        raise ValueError(f"week: {week!r} is not a table of weekdays.")
    for day in week:
        if type(day) is not int or not 0 <= day <= 6:
            raise ValueError(f"week: {day!r} is not a weekday from 0 (Monday) to 6.")
    checked = {day: checked_windows(f"week.{DAYS[day]}", week[day]) for day in sorted(week)}
    if not any(checked.values()):
        raise ValueError("week: it has no window, so it would never open.")
    return {day: windows for day, windows in checked.items() if windows}


def checked_exceptions(exceptions: Any) -> dict[date, tuple[Window, ...]]:
    """The dated windows in order of date; none means closed all day."""
    if not isinstance(exceptions, Mapping):
        raise ValueError(f"exceptions: {exceptions!r} is not a table of dates.")
    return {
        on: checked_windows(f"exceptions.{on}", exceptions[on])
        for on in _sorted_dates("exceptions", exceptions)
    }


def checked_names(names: Any, exceptions: Mapping[date, Any]) -> dict[date, str]:
    """The names of exceptions in order of date; ValueError for a date that is no exception."""
    if not isinstance(names, Mapping):
        raise ValueError(f"names: {names!r} is not a table of dates.")
    checked = {}
    for on in _sorted_dates("names", names):
        name = names[on]
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"names.{on}: {name!r} is not a name.")
        if on not in exceptions:
            raise ValueError(f"names.{on}: {name!r} names a date that is no exception.")
        checked[on] = name.strip()
    return checked


def date_of(key: str, text: Any) -> date:
    """The date an ISO text such as "2026-12-24" says; ValueError names `key`."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError(f"{key}: {text!r} is not a date such as 2026-12-24.") from None


def _checked_window(key: str, window: Any) -> Window:
    if isinstance(window, str) or not isinstance(window, Sequence) or len(window) != 2:
        raise ValueError(f"{key}: {window!r} is not a pair of times.")
    opens, closes = window
    for text in (opens, closes):
        if not isinstance(text, str) or not _TIME.fullmatch(text):
            raise ValueError(f"{key}: {text!r} is not a time from 00:00 to 24:00 written HH:MM.")
    if opens == "24:00":
        raise ValueError(f"{key}: {opens}-{closes} opens at 24:00, which can only close.")
    if opens == closes:
        raise ValueError(f"{key}: {opens}-{closes} opens and closes at the same time.")
    return opens, closes


def _sorted_dates(key: str, dates: Iterable[Any]) -> list[date]:
    for on in dates:
        if type(on) is not date:  # a datetime is a date too, but not one we mean
            raise ValueError(f"{key}: {on!r} is not a date.")
    return sorted(dates)
