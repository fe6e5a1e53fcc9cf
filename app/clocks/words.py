"""Durations and instants as people read them, in their language (look.md, "Writing"). Pure."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.agreements import durations
from app.agreements.durations import ByTime
from app.languages import amount, lazy_gettext, month, spoken, weekday, zone_name
from app.languages import gettext as _

MINUTE_S, HOUR_S = 60, 3600
ALONE = timedelta(days=6)
"""How far ahead a weekday stands without its date: the next one of that name is another day."""
NAMES = {
    "acknowledgement": lazy_gettext("Acknowledgement"),
    "first_response": lazy_gettext("First response"),
    "next_response": lazy_gettext("Next response"),
    "update": lazy_gettext("Update"),
    "workaround": lazy_gettext("Workaround"),
    "resolution": lazy_gettext("Resolution"),
    "availability": lazy_gettext("Availability"),
}


def measure(key: str) -> str:
    """The name of a measure: "First response"."""
    return _named(key, spoken())


@lru_cache(maxsize=256)
def _named(key: str, _language: str) -> str:
    return str(NAMES[key]) if key in NAMES else key.replace("_", " ").capitalize()


_CANCELLED = {
    "merged": lazy_gettext("merged"),
    "needs no answer": lazy_gettext("needs no answer"),
    "no target": lazy_gettext("no target"),
    "resolved": lazy_gettext("resolved"),
    "spam": lazy_gettext("spam"),
    "taken back": lazy_gettext("taken back"),
    "unmerged": lazy_gettext("unmerged"),
    "withdrawn": lazy_gettext("withdrawn"),
}
"""Why clocks are cancelled: as it is kept, and as it is said."""


def cancelled(reason: str | None) -> str:
    """Why a clock was cancelled: "withdrawn"."""
    return str(_CANCELLED.get(reason or "") or reason or _("cancelled"))


_STATUSES = {
    "new": lazy_gettext("new"),
    "open": lazy_gettext("open"),
    "waiting_requester": lazy_gettext("waiting for the requester"),
    "waiting_vendor": lazy_gettext("waiting for a supplier"),
    "on_hold": lazy_gettext("on hold"),
    "resolved": lazy_gettext("resolved"),
    "closed": lazy_gettext("closed"),
    "spam": lazy_gettext("spam"),
    "merged": lazy_gettext("merged"),
}


def status(key: str) -> str:
    """A ticket's status within a sentence: "on hold"."""
    return str(_STATUSES.get(key, key))


def duration(seconds: int) -> str:
    """Hours and minutes, cut and never rounded: "2 h 10 m", "1 h 05 m", "26 h 05 m", "40 m"."""
    hours, rest = divmod(abs(seconds), HOUR_S)
    minutes = rest // MINUTE_S
    if hours:
        return f"{hours} h {minutes:02} m" if minutes else f"{hours} h"
    return f"{minutes} m" if minutes else _("under a minute")


def allowed(said: str) -> str:
    """The time of a target: "4 h", "2 business days", "by 16:00 on the next working day"."""
    found = durations.by_time(said)
    return by_time(found) if found is not None else amount(said)


def by_time(found: ByTime) -> str:
    """A time of day in a sentence: "by 12:00 on the 2nd working day"."""
    if found.days == 1:
        return _("by %(time)s on the next working day", time=found.time)
    return _("by %(time)s on the %(nth)s working day", time=found.time, nth=ordinal(found.days))


def ordinal(number: int) -> str:
    """The number of a place: "2nd", "11th"."""
    match durations.ordinal(number)[-2:]:
        case "st":
            return _("%(number)sst", number=number)
        case "nd":
            return _("%(number)snd", number=number)
        case "rd":
            return _("%(number)srd", number=number)
        case _other:
            return _("%(number)sth", number=number)


def point(percent: int | None, offset_s: int | None, nth: int = 0) -> str:
    """Where a rung of a ladder stands: "75 %", "10 m before due", "90 %, reminder 2"."""
    if percent is not None:
        place = f"{percent} %"
    elif offset_s:
        time = duration(offset_s)
        place = _("%(time)s before due", time=time)
        place = place if offset_s < 0 else _("%(time)s after due", time=time)
    else:
        place = _("due")
    return _("%(place)s, reminder %(nth)s", place=place, nth=nth) if nth else place


def to_the_second(seconds: int) -> str:
    """The same with seconds, for explanations: "2 h 10 m 05 s", "0 s"."""
    hours, rest = divmod(abs(seconds), HOUR_S)
    minutes, last = divmod(rest, MINUTE_S)
    if hours:
        return f"{hours} h {minutes:02} m {last:02} s"
    return f"{minutes} m {last:02} s" if minutes else f"{last} s"


def clock_time(at: datetime, zone: str) -> str:
    """The wall-clock reading with its zone: "14:09 CET"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M} {abbreviation(at, zone)}"


def instant(at: datetime, zone: str, now: datetime, *, with_zone: bool = True) -> str:
    """ "14:09 CET" today, "Tue 16:38 CET" this week, "Tue 17 Nov, 15:47 CET" else.

    This week is the one from Monday to Sunday that holds ``now`` in ``zone``, and the six days
    ahead; another year is named: "Tue 17 Nov 2025, 15:47 CET".
    """
    return _said(at, zone, _today(now, zone), with_zone, spoken())


@lru_cache(maxsize=8192)
def _said(at: datetime, zone: str, today: date, with_zone: bool, _language: str) -> str:
    """Lists name the same instants all day long."""
    local = at.astimezone(ZoneInfo(zone))
    time = f"{local.hour:02}:{local.minute:02}"
    if with_zone:
        time = f"{time} {_abbreviated(local, zone)}"
    if local.date() == today:
        return time
    monday = today - timedelta(days=today.weekday())
    if monday <= local.date() < max(monday, today) + timedelta(days=7):
        return f"{weekday(local, short=True)} {time}"
    return f"{_date(local, with_year=local.year != today.year)}, {time}"


def due(at: datetime, zone: str, now: datetime) -> str:
    """As `instant`, of what may lie ahead or be past: of these no two days are called alike.

    The weekday stands alone only for the five days ahead; what is past has its date.
    """
    return _due(at, zone, _today(now, zone), spoken())


@lru_cache(maxsize=8192)
def _due(at: datetime, zone: str, today: date, language: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    if today <= local.date() < today + ALONE:
        return _said(at, zone, today, True, language)
    return f"{_date(local, with_year=local.year != today.year)}, {clock_time(at, zone)}"


@lru_cache(maxsize=64)
def _today(now: datetime, zone: str) -> date:
    """One for all instants of a page."""
    return now.astimezone(ZoneInfo(zone)).date()


def briefly(at: datetime, zone: str, now: datetime) -> str:
    """For lists: as `instant`, but beyond this week the day alone: "Tue 17 Nov"."""
    return instant(at, zone, now).partition(",")[0]


def exact_instant(at: datetime, zone: str) -> str:
    """To the second, for explanations and signatures: "Tue 17 Nov 2026, 15:47:09 CET"."""
    local = at.astimezone(ZoneInfo(zone))
    date = _date(local, with_year=True)
    return f"{date}, {local:%H:%M:%S} {abbreviation(at, zone)}"


def span_instants(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """A span: "Tue 17 Nov 16:38:05 – 18:00:00", or with the day of its end.

    Where the zone's clocks were set in between, both ends name their time: CEST, CET.
    """
    first, last = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    times = [f"{local:%H:%M:%S}" for local in (first, last)]
    if first.utcoffset() != last.utcoffset():
        times = [
            f"{time} {_abbreviated(local, zone)}"
            for time, local in zip(times, (first, last), strict=True)
        ]
    until = times[1]
    if first.date() != last.date():
        until = f"{_date(last, with_year=False)} {until}"
    return f"{_date(first, with_year=False)} {times[0]} – {until}"


def span_days(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """The days of a week of spans: "Mon 2 Nov – Mon 9 Nov", or the one day it has."""
    days = [_date(at.astimezone(ZoneInfo(zone)), with_year=False) for at in (starts_at, ends_at)]
    return " – ".join(dict.fromkeys(days))


def _date(local: datetime, *, with_year: bool) -> str:
    """ "Tue 17 Nov", "Tue 17 Nov 2025"."""
    facts = {
        "weekday": weekday(local, short=True),
        "day": local.day,
        "month": month(local, short=True),
    }
    if with_year:
        return _("%(weekday)s %(day)s %(month)s %(year)s", year=local.year, **facts)
    return _("%(weekday)s %(day)s %(month)s", **facts)


def abbreviation(at: datetime, zone: str) -> str:
    """The zone's short name at that instant: "CET", or "UTC+5:45" where it has none."""
    return _abbreviated(at.astimezone(ZoneInfo(zone)), zone)


def _abbreviated(local: datetime, zone: str) -> str:
    name = local.tzname() or zone
    if name[:1] not in "+-":
        return zone_name(name)
    hours, minutes = name[1:3].lstrip("0") or "0", name[3:5]
    return f"UTC{name[0]}{hours}" + (f":{minutes}" if minutes not in ("", "00") else "")
