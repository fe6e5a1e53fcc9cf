"""How requesters read times. Pure. Source: look.md, "Writing"."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.clocks import words


def day(at: datetime, *, zone: str, now: datetime) -> str:
    """The day of ``at``: "today", "tomorrow", "on Tuesday", "on Tue 24 Nov"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    days = (local.date() - today.date()).days
    if days in (0, 1):
        return ("today", "tomorrow")[days]
    if abs(days) < 7:
        return f"on {local:%A}"
    return f"on {_date(local, today)}"


def due(at: datetime, *, zone: str, now: datetime) -> str:
    """A due time inside a sentence: "14:50 today", "16:17 on Tuesday"."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M} {day(at, zone=zone, now=now)}"


def short(at: datetime, *, zone: str, now: datetime) -> str:
    """A time in a drawing: "14:50" today, else "Thu 08:20" or "Tue 24 Nov 08:20"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    days = abs((local.date() - today.date()).days)
    if days == 0:
        return f"{local:%H:%M}"
    return f"{local:%a} {local:%H:%M}" if days < 7 else f"{_date(local, today)} {local:%H:%M}"


def said(at: datetime, *, zone: str, now: datetime) -> str:
    """When something was said: "Today, 14:09 CET", "Tue 17 Nov, 15:47 CET"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    date = "Today" if local.date() == today.date() else _date(local, today)
    return f"{date}, {words.clock_time(at, zone)}"


def from_to(starts_at: datetime, ends_at: datetime, *, zone: str, now: datetime) -> str:
    """A stretch: "11:51 to 13:40 CET" within today, else "Tue 16:38 to Wed 11:51 CET"."""
    start, end, today = (at.astimezone(ZoneInfo(zone)) for at in (starts_at, ends_at, now))
    if start.date() == end.date() == today.date():
        return f"{start:%H:%M} to {words.clock_time(ends_at, zone)}"
    first = f"{start:%a}" if (today - start).days < 7 else _date(start, today)
    last = f"{end:%a}" if (today - end).days < 7 else _date(end, today)
    return f"{first} {start:%H:%M} to {last} {words.clock_time(ends_at, zone)}"


def of_zone(at: datetime, *, zone: str) -> str:
    """The zone's name at an instant, such as "CET"."""
    return words.abbreviation(at, zone)


def _date(local: datetime, today: datetime) -> str:
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}"
