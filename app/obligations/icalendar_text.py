"""Dates of agreements as an iCalendar file. Pure. Source: RFC 5545 and RFC 7986."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from app.obligations import coming
from app.obligations.coming import Coming, What

MEETING = timedelta(hours=1)
"""How long a review is shown as: nobody says when it ends."""
AGAIN_AFTER = timedelta(hours=4)
"""How often a calendar program is asked to look again."""


def text(
    rows: Sequence[Coming], *, name: str, host: str, link: Callable[[Coming], str], at: datetime
) -> bytes:
    """The rows as a calendar called ``name``; ``link`` is each one's page.

    A row keeps its UID while it is moved: programs show it once, where it is now.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Pledge//Dates of agreements//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", AGAIN_AFTER)
    for row in rows:
        calendar.add_component(_event(row, host, link(row), at))
    written: bytes = calendar.to_ical()
    return written


def _event(row: Coming, host: str, url: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{row.key}@{host}")
    event.add("dtstamp", at)
    event.add("summary", f"{row.agreement.title}: {coming.words(row)}")
    event.add("url", url)
    event.add("description", url)
    if row.what is What.MEETING and row.at is not None:
        event.add("dtstart", row.at)
        event.add("dtend", row.at + MEETING)
        if row.place:
            event.add("location", row.place)
    else:
        event.add("dtstart", row.on)
        event.add("dtend", row.on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    return event
