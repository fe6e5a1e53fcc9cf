"""Days off from an iCalendar file: whole days with a name, repeated ones written out (RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.errors import Refusal
from app.languages import gettext as _

MOST = 400
"""Days of one file."""
LONGEST_NAME = 80


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
    import icalendar  # only who edits hours needs them
    import recurring_ical_events

    try:
        calendar = icalendar.Calendar.from_ical(content)
        events = recurring_ical_events.of(calendar).between(first, last + timedelta(days=1))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise Refusal(_("This is no iCalendar file (.ics)."), field="file") from None
    found: dict[date, str] = {}
    timed = 0
    for event in events:
        start, end = event.start, event.end
        if str(event.get("status", "")).upper() == "CANCELLED":
            continue
        if isinstance(start, datetime):
            timed += 1
            continue
        name = str(event.get("summary", "")).strip()[:LONGEST_NAME]
        for on in _days(start, end, first, last):
            found[on] = min(filter(None, (found.get(on), name)), default="")
        if len(found) > MOST:
            raise Refusal(
                _("The file tells of more than %(most)s days: that is too many.", most=MOST),
                field="file",
            )
    return Found([NamedDay(on, found[on]) for on in sorted(found)], timed)


def _days(start: date, end: date, first: date, last: date) -> Sequence[date]:
    """The days of an event that lie between ``first`` and ``last``; its end is not one of them."""
    begins, ends = max(start, first), min(max(end, start + timedelta(days=1)), last + _A_DAY)
    return [begins + timedelta(days=more) for more in range(max(0, (ends - begins).days))]


_A_DAY = timedelta(days=1)
