"""The rows of the page of calendars: hours in words, what is excepted, how far they are known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.agreements import schedules
from app.agreements.schedules import Schedule
from app.businesstime import Calendar
from app.calendars import holiday_differences
from app.calendars import queries as calendars
from app.calendars.holiday_differences import Difference
from app.clocks import hours, words
from app.languages import gettext as _
from app.languages import ngettext
from app.mail.words import day
from app.tickets import recalculating
from app.tickets.recalculating import Preview

COMING = 4


@dataclass(frozen=True)
class ExceptedDay:
    """A day with other hours: "Thu 24 Dec 2026", "08:00 to 12:00", "Christmas Eve"."""

    day: str
    hours: str
    name: str


@dataclass(frozen=True)
class Row:
    """One calendar of one version."""

    schedule: Schedule
    hours: str
    coming: tuple[ExceptedDay, ...]
    more: int
    known_until: str
    running: int


@dataclass(frozen=True)
class Proposal:
    """A day on which the installed list of public holidays differs: what would be set there."""

    schedule: Schedule
    day: str
    name: str
    is_new: bool
    values: Mapping[str, str]
    """What the form of the exception begins with."""


def rows(at: datetime) -> list[Row]:
    """Every calendar that a promise counts in, or will."""
    running = recalculating.running_by_hours()
    return [
        _row(each, running.get((each.version.id, each.hours.id), 0), at)
        for each in schedules.of_versions(recalculating.in_use(at))
    ]


def proposals(found: Iterable[Row], at: datetime) -> list[Proposal]:
    """The days on which a newer list of public holidays differs from these calendars."""
    return [
        _proposal(row.schedule, one)
        for row in found
        for one in holiday_differences.differences(row.schedule.hours, today=at.date())
    ]


def _proposal(schedule: Schedule, one: Difference) -> Proposal:
    weekly = calendars.value(schedule.hours.id).week.get(one.on.weekday(), ())
    values = {
        "on": one.on.isoformat(),
        "name": one.name if one.is_new else "",
        "windows": "" if one.is_new else ", ".join("–".join(window) for window in weekly),
        "reason": _("%(name)s is a public holiday", name=one.name)
        if one.is_new
        else _("%(name)s is no public holiday on this day", name=one.name),
    }
    return Proposal(schedule, day(one.on), one.name, one.is_new, values)


def _row(schedule: Schedule, running: int, at: datetime) -> Row:
    calendar = calendars.value(schedule.hours.id)
    coming = list(_coming(calendar, at))
    known = (schedule.hours.holidays or {}).get("known_until")
    return Row(
        schedule,
        hours.in_words(calendar, at=at),
        tuple(coming[:COMING]),
        len(coming[COMING:]),
        day(date.fromisoformat(known)) if known else "",
        running,
    )


def _coming(calendar: Calendar, at: datetime) -> Iterable[ExceptedDay]:
    today = at.astimezone(ZoneInfo(calendar.zone)).date()
    for on, windows in calendar.exceptions.items():
        if on >= today:
            yield ExceptedDay(day(on), in_hours(windows), calendar.names.get(on, ""))


def in_hours(windows: Iterable[Iterable[str]]) -> str:
    """The windows of a day in words."""
    spans = (_("%(start)s to %(end)s", start=start, end=end) for start, end in windows)
    return _(" and ").join(spans) or _("closed")


def summary(seen: Preview) -> str:
    """What an exception would do: "12 of 40 running promises move, the latest by 8 h"."""
    if not seen.moves:
        return _("None of %(running)s running promises moves.", running=seen.running)
    facts = {
        "running": seen.running,
        "later": words.duration(seen.later_s),
        "sooner": words.duration(seen.sooner_s),
    }
    if not seen.sooner_s:
        return ngettext(
            "%(num)s of %(running)s running promises moves, the latest by %(later)s.",
            "%(num)s of %(running)s running promises move, the latest by %(later)s.",
            len(seen.moves),
            **facts,
        )
    if not seen.later_s:
        return ngettext(
            "%(num)s of %(running)s running promises moves, the soonest %(sooner)s earlier.",
            "%(num)s of %(running)s running promises move, the soonest %(sooner)s earlier.",
            len(seen.moves),
            **facts,
        )
    return ngettext(
        "%(num)s of %(running)s running promises moves, the latest by %(later)s and the soonest "
        "%(sooner)s earlier.",
        "%(num)s of %(running)s running promises move, the latest by %(later)s and the soonest "
        "%(sooner)s earlier.",
        len(seen.moves),
        **facts,
    )
