"""Days as a document writes them, in its reader's language. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.languages import gettext as _
from app.languages import month


def in_words(on: date | str) -> str:
    """A day, or its words such as "2026-10-01", as "1 October 2026"."""
    day = date.fromisoformat(on) if isinstance(on, str) else on
    return _("%(day)s %(month)s %(year)s", day=day.day, month=month(day), year=day.year)


def briefly(on: date) -> str:
    """A day for lists: "1 Oct 2026"."""
    return _("%(day)s %(month)s %(year)s", day=on.day, month=month(on, short=True), year=on.year)


def in_zone(at: datetime, zone: str) -> str:
    """The day that an instant belongs to in a zone: signatures from a file have no time."""
    return in_words(at.astimezone(ZoneInfo(zone)).date())
