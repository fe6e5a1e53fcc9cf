"""How requesters read times, in their language. Source: look.md, "Writing".

A weekday stands alone only for the few days ahead (`words.ALONE`): what is past has its date.
"""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.clocks import words
from app.languages import gettext as _
from app.languages import month, weekday


def due(at: datetime, *, zone: str, now: datetime) -> str:
    """A due time inside a sentence: "14:50 today", "16:17 on Friday", "8:20 on Tue 24 Nov"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    time, days = f"{local:%H:%M}", (local.date() - today.date()).days
    if days == 0:
        return _("%(time)s today", time=time)
    if days == 1:
        return _("%(time)s tomorrow", time=time)
    day = weekday(local) if 0 < days < words.ALONE.days else _date(local, today)
    return _("%(time)s on %(day)s", time=time, day=day)


def short(at: datetime, *, zone: str, now: datetime) -> str:
    """A time in a drawing: "14:50" today, else "Thu 08:20" or "Tue 24 Nov 08:20"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    days = (local.date() - today.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    day = weekday(local, short=True) if 0 < days < words.ALONE.days else _date(local, today)
    return f"{day} {local:%H:%M}"


def said(at: datetime, *, zone: str, now: datetime) -> str:
    """When something was said: "Today, 14:09 CET", "Tue 17 Nov, 15:47 CET"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    day = _("Today") if local.date() == today.date() else _date(local, today)
    return f"{day}, {words.clock_time(at, zone)}"


def from_to(starts_at: datetime, ends_at: datetime, *, zone: str, now: datetime) -> str:
    """A stretch that is past: "11:51 to 13:40 CET" today, else with its dates.

    "Tue 17 Nov 16:38 to 18:02 CET", "Mon 16 Nov 16:38 to Tue 17 Nov 11:51 CET".
    """
    start, end, today = (at.astimezone(ZoneInfo(zone)) for at in (starts_at, ends_at, now))
    until = words.clock_time(ends_at, zone)
    begins = f"{start:%H:%M}"
    if not start.date() == end.date() == today.date():
        begins = f"{_date(start, today)} {begins}"
    if start.date() != end.date():
        until = f"{_date(end, today)} {until}"
    return _("%(start)s to %(end)s", start=begins, end=until)


def long_day(on: date) -> str:
    """A day as a sentence ends with it: "Friday, 27 November"."""
    return _("%(weekday)s, %(day)s %(month)s", weekday=weekday(on), day=on.day, month=month(on))


def elsewhere(at: datetime, *, zone: str, counted_in: Iterable[str]) -> str:
    """In which zone a reader in ``zone`` reads the times above, where others count; else empty.

    ``counted_in`` are the zones of the calendars; those that read alike at ``at`` are the same.
    """
    shown = words.abbreviation(at, zone)
    if all(words.abbreviation(at, other) == shown for other in counted_in):
        return ""
    return _("The times above are in %(zone)s.", zone=shown)


def _date(local: datetime, today: datetime) -> str:
    """ "Tue 24 Nov", with its year where that is another one."""
    facts = {
        "weekday": weekday(local, short=True),
        "day": local.day,
        "month": month(local, short=True),
    }
    if local.year == today.year:
        return _("%(weekday)s %(day)s %(month)s", **facts)
    return _("%(weekday)s %(day)s %(month)s %(year)s", year=local.year, **facts)
