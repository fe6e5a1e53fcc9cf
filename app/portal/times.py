"""How requesters read times, in their language. Source: look.md, "Writing"."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.clocks import words
from app.languages import gettext as _
from app.languages import month, weekday


def due(at: datetime, *, zone: str, now: datetime) -> str:
    """A due time inside a sentence: "14:50 today", "16:17 on Tuesday", "8:20 on Tue 24 Nov"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    time, days = f"{local:%H:%M}", (local.date() - today.date()).days
    if days == 0:
        return _("%(time)s today", time=time)
    if days == 1:
        return _("%(time)s tomorrow", time=time)
    if abs(days) < 7:
        return _("%(time)s on %(day)s", time=time, day=weekday(local))
    return _("%(time)s on %(day)s", time=time, day=_date(local, today))


def short(at: datetime, *, zone: str, now: datetime) -> str:
    """A time in a drawing: "14:50" today, else "Thu 08:20" or "Tue 24 Nov 08:20"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    days = abs((local.date() - today.date()).days)
    if days == 0:
        return f"{local:%H:%M}"
    day = weekday(local, short=True) if days < 7 else _date(local, today)
    return f"{day} {local:%H:%M}"


def said(at: datetime, *, zone: str, now: datetime) -> str:
    """When something was said: "Today, 14:09 CET", "Tue 17 Nov, 15:47 CET"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    day = _("Today") if local.date() == today.date() else _date(local, today)
    return f"{day}, {words.clock_time(at, zone)}"


def from_to(starts_at: datetime, ends_at: datetime, *, zone: str, now: datetime) -> str:
    """A stretch: "11:51 to 13:40 CET" within today, else "Tue 16:38 to Wed 11:51 CET"."""
    start, end, today = (at.astimezone(ZoneInfo(zone)) for at in (starts_at, ends_at, now))
    until = words.clock_time(ends_at, zone)
    if start.date() == end.date() == today.date():
        return _("%(start)s to %(end)s", start=f"{start:%H:%M}", end=until)
    first, last = (
        weekday(at, short=True) if (today - at).days < 7 else _date(at, today)
        for at in (start, end)
    )
    return _("%(start)s to %(end)s", start=f"{first} {start:%H:%M}", end=f"{last} {until}")


def long_day(on: date) -> str:
    """A day as a sentence ends with it: "Friday, 27 November"."""
    return _("%(weekday)s, %(day)s %(month)s", weekday=weekday(on), day=on.day, month=month(on))


def of_zone(at: datetime, *, zone: str) -> str:
    """The zone's name at an instant, such as "CET"."""
    return words.abbreviation(at, zone)


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
