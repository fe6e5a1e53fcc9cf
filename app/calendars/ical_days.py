"""Days off from an iCalendar file: whole days with a name, repeated ones written out (RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.errors import Refusal
from app.languages import gettext as _

MOST = 400
"""Days of one file, and events that tell of them."""
LONGEST_NAME = 80
_A_DAY = timedelta(days=1)
_WITHIN_A_DAY = {"HOURLY", "MINUTELY", "SECONDLY"}
_NO_CALENDAR = (ValueError, KeyError, IndexError, TypeError, AttributeError)
"""What the readers of iCalendar raise for what is none."""


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that the file tells of, such as "Christmas Day"."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """The days in order, each once; ``timed`` counts events that are no whole days."""

    days: Sequence[NamedDay]
    timed: int


def read(content: bytes, *, first: date, last: date) -> Found:
    """The whole days of the file's events from ``first`` to ``last``, both included.

    Of two events on one day the first by name counts. Cancelled events are left out. Raises
    `Refusal` for what is no iCalendar file, and for more than `MOST` days.
    """
    calendar, timed = _whole_days(content)
    found: dict[date, str] = {}
    for event in _written_out(calendar, first, last):
        name = str(event.get("summary", "")).strip()[:LONGEST_NAME]
        for on in _days(event.start, event.end, first, last):
            found[on] = min(filter(None, (found.get(on), name)), default="")
        _refuse_many(len(found))
    return Found([NamedDay(on, found[on]) for on in sorted(found)], timed)


def _whole_days(content: bytes) -> tuple[Any, int]:
    """The calendar without its events within a day, and how many those were.

    They go before anything is repeated: one that comes every second would never be done.
    """
    import icalendar  # only who edits hours needs it, and what repeats its events

    try:
        calendar = icalendar.Calendar.from_ical(content)
        timed = {id(event) for event in calendar.events if not _is_whole_day(event)}
    except _NO_CALENDAR:
        raise _no_calendar() from None
    calendar.subcomponents = [one for one in calendar.subcomponents if id(one) not in timed]
    _refuse_many(len(calendar.subcomponents))
    return calendar, len(timed)


def _is_whole_day(event: Any) -> bool:
    """Whether the event takes days, and comes again at most daily."""
    said = event.get("rrule", [])
    rules = said if isinstance(said, list) else [said]
    often = {str(each).upper() for rule in rules for each in rule.get("freq", ())}
    return not isinstance(event.start, datetime) and not often & _WITHIN_A_DAY


def _is_off(event: Any) -> bool:
    """Whether the event was cancelled."""
    return str(event.get("status", "")).upper() == "CANCELLED"


def _written_out(calendar: Any, first: date, last: date) -> Sequence[Any]:
    import recurring_ical_events

    try:
        found = recurring_ical_events.of(calendar).between(first, last + _A_DAY)
        return [event for event in found if not _is_off(event)]
    except _NO_CALENDAR:
        raise _no_calendar() from None


def _refuse_many(count: int) -> None:
    if count > MOST:
        raise Refusal(
            _("The file tells of more than %(most)s days: that is too many.", most=MOST),
            field="file",
        )


def _no_calendar() -> Refusal:
    return Refusal(_("This is no iCalendar file (.ics)."), field="file")


def _days(start: date, end: date, first: date, last: date) -> Sequence[date]:
    """The days of an event that lie between ``first`` and ``last``; its end is not one of them."""
    begins, ends = max(start, first), min(max(end, start + _A_DAY), last + _A_DAY)
    return [begins + timedelta(days=more) for more in range(max(0, (ends - begins).days))]
