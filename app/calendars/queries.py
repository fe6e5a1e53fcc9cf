"""Stored hours as the value that business time is reckoned with."""

from datetime import date
from functools import lru_cache

from sqlalchemy import Engine, func, select

from app.businesstime import Calendar
from app.calendars import zone_rules
from app.calendars.models import CalendarVersion, StoredCalendar
from app.database import db
from app.errors import NotFound
from app.languages import gettext as _


@lru_cache(maxsize=1024)
def _compiled(_engine: Engine, version_id: int) -> tuple[Calendar, str, int]:
    row = db.session.execute(
        select(
            CalendarVersion.definition,
            CalendarVersion.zone_rules_id,
            StoredCalendar.name,
            CalendarVersion.number,
        )
        .join(StoredCalendar, StoredCalendar.id == CalendarVersion.calendar_id)
        .where(CalendarVersion.id == version_id)
    ).first()
    if row is None:
        raise NotFound(f"There is no calendar version {version_id}.")
    pinned = zone_rules.pinned(row.zone_rules_id)
    return Calendar.from_dict(row.definition, pinned=pinned), row.name, row.number


def value(version_id: int) -> Calendar:
    """The hours of a version; versions never change, so each is compiled once per process.

    Raises `NotFound` when there is no such version.
    """
    return _compiled(db.engine, version_id)[0]


def name(version_id: int) -> str:
    """The name of the calendar that a version belongs to."""
    return _compiled(db.engine, version_id)[1]


def full_name(version_id: int) -> str:
    """The name of the calendar with the number of this version: "Office hours, version 2"."""
    _hours, called, number = _compiled(db.engine, version_id)
    return _("%(title)s, version %(number)s", title=called, number=number)


def holidays_known() -> list[tuple[str, date]]:
    """The calendars that fill in public holidays, with the last day they know.

    Calendars of one name, in several agreements, are one line: the one that knows the least.
    """
    newest = (
        select(CalendarVersion.calendar_id, func.max(CalendarVersion.number).label("number"))
        .group_by(CalendarVersion.calendar_id)
        .subquery()
    )
    rows = db.session.execute(
        select(StoredCalendar.name, CalendarVersion.holidays)
        .join(CalendarVersion, CalendarVersion.calendar_id == StoredCalendar.id)
        .join(
            newest,
            (newest.c.calendar_id == CalendarVersion.calendar_id)
            & (newest.c.number == CalendarVersion.number),
        )
        .order_by(StoredCalendar.name, StoredCalendar.id)
    )
    known: dict[str, date] = {}
    for called, holidays in rows:
        if holidays and holidays.get("known_until"):
            until = date.fromisoformat(holidays["known_until"])
            known[called] = min(until, known.get(called, until))
    return list(known.items())
