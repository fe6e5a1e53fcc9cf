"""Dates and times as people type them into a form: in their own zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app import http
from app.errors import Refusal
from app.languages import gettext as _


def typed(local: datetime, *, field: str) -> datetime:
    """The instant of a wall-clock reading in the person's zone, in UTC.

    Of a reading that comes twice the first is meant. Raises `Refusal` for one that the clocks
    skipped, and for a year that no calendar here reaches.
    """
    try:
        at = local.replace(second=0, microsecond=0, tzinfo=ZoneInfo(http.zone())).astimezone(UTC)
        back = at.astimezone(ZoneInfo(http.zone())).replace(tzinfo=None)
    except (OverflowError, ValueError):
        raise Refusal(_("There is no such time."), field=field) from None
    if back != local.replace(second=0, microsecond=0):
        raise Refusal(_("The clocks skipped this time when they went forward."), field=field)
    return at


def just_then(local: datetime | None, *, at: datetime, field: str) -> datetime:
    """When something was that is written down at ``at``: left empty, or this minute, is now."""
    if local is None:
        return at
    found = typed(local, field=field)
    return at if found == at.replace(second=0) else found


def shown(at: datetime) -> datetime:
    """The wall-clock reading of an instant in the person's zone, for a form."""
    return at.astimezone(ZoneInfo(http.zone())).replace(tzinfo=None, second=0)
