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


class WrongHours(ValueError):
    """Hours that are none: what is `said` of them with its `facts`, and the `key` it is said of.

    The message is English; a page says it in its reader's language.
    """

    def __init__(self, said: str, *, key: str, **facts: Any) -> None:
        """A fact ``value`` is shown as it would be written in code."""
        if "value" in facts:
            facts["value"] = repr(facts["value"])
        super().__init__(f"{key}: {said % facts if facts else said}")
        self.said, self.key, self.facts = said, key, facts


def seconds_of(window: Window) -> tuple[int, int]:
    """The window in seconds from its date's 00:00; the end passes 86 400 when overnight."""
    opens, closes = (int(text[:2]) * 3600 + int(text[3:]) * 60 for text in window)
    return opens, closes if closes > opens else closes + DAY_S


def checked_windows(key: str, windows: Any) -> tuple[Window, ...]:
    """The windows of one day, sorted, each once; `WrongHours` names `key` and the bad window."""
    if isinstance(windows, str) or not isinstance(windows, Sequence):
        raise WrongHours("%(value)s is not a list of windows.", key=key, value=windows)
    return tuple(sorted({_checked_window(key, window) for window in windows}))


def checked_week(week: Any) -> dict[int, tuple[Window, ...]]:
    """The week with its open days only, Monday first; `WrongHours` when it never opens."""
    if not isinstance(week, Mapping):
        raise WrongHours("%(value)s is not a table of weekdays.", key="week", value=week)
    for day in week:
        if type(day) is not int or not 0 <= day <= 6:
            raise WrongHours(
                "%(value)s is not a weekday from 0 (Monday) to 6.", key="week", value=day
            )
    checked = {day: checked_windows(f"week.{DAYS[day]}", week[day]) for day in sorted(week)}
    if not any(checked.values()):
        raise WrongHours("it has no window, so it would never open.", key="week")
    return {day: windows for day, windows in checked.items() if windows}


def checked_exceptions(exceptions: Any) -> dict[date, tuple[Window, ...]]:
    """The dated windows in order of date; none means closed all day."""
    if not isinstance(exceptions, Mapping):
        raise WrongHours("%(value)s is not a table of dates.", key="exceptions", value=exceptions)
    return {
        on: checked_windows(f"exceptions.{on}", exceptions[on])
        for on in _sorted_dates("exceptions", exceptions)
    }


def checked_names(names: Any, exceptions: Mapping[date, Any]) -> dict[date, str]:
    """The names of exceptions in order of date; `WrongHours` for a date that is no exception."""
    if not isinstance(names, Mapping):
        raise WrongHours("%(value)s is not a table of dates.", key="names", value=names)
    checked = {}
    for on in _sorted_dates("names", names):
        name = names[on]
        if not isinstance(name, str) or not name.strip():
            raise WrongHours("%(value)s is not a name.", key=f"names.{on}", value=name)
        if on not in exceptions:
            raise WrongHours(
                "%(value)s names a date that is no exception.", key=f"names.{on}", value=name
            )
        checked[on] = name.strip()
    return checked


def date_of(key: str, text: Any) -> date:
    """The date an ISO text such as "2026-12-24" says; `WrongHours` names `key`."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise WrongHours(
            "%(value)s is not a date such as 2026-12-24.", key=key, value=text
        ) from None


def _checked_window(key: str, window: Any) -> Window:
    if isinstance(window, str) or not isinstance(window, Sequence) or len(window) != 2:
        raise WrongHours("%(value)s is not a pair of times.", key=key, value=window)
    opens, closes = window
    for text in (opens, closes):
        if not isinstance(text, str) or not _TIME.fullmatch(text):
            raise WrongHours(
                "%(value)s is not a time from 00:00 to 24:00 written HH:MM.", key=key, value=text
            )
    if opens == "24:00":
        raise WrongHours(
            "%(opens)s-%(closes)s opens at 24:00, which can only close.",
            key=key,
            opens=opens,
            closes=closes,
        )
    if opens == closes:
        raise WrongHours(
            "%(opens)s-%(closes)s opens and closes at the same time.",
            key=key,
            opens=opens,
            closes=closes,
        )
    return opens, closes


def _sorted_dates(key: str, dates: Iterable[Any]) -> list[date]:
    for on in dates:
        if type(on) is not date:  # a datetime is a date too, but not one we mean
            raise WrongHours("%(value)s is not a date.", key=key, value=on)
    return sorted(dates)
