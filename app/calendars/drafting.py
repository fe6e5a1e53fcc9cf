"""New versions of stored hours, with public holidays written out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select

from app.businesstime import Calendar
from app.businesstime.holidays import public_holidays
from app.calendars import zone_rules
from app.calendars.models import CalendarVersion, StoredCalendar
from app.database import db
from app.errors import Refusal


class Hours(Protocol):
    """What a version is made of: hours, and the rule that fills in public holidays."""

    @property
    def key(self) -> str:
        """Names the calendar within its scope."""
        ...

    @property
    def name(self) -> str:
        """The name on the screen."""
        ...

    @property
    def definition(self) -> Mapping[str, Any]:
        """As `businesstime.Calendar.to_dict`."""
        ...

    @property
    def country(self) -> str:
        """ISO 3166-1; empty: no holidays."""
        ...

    @property
    def subdivision(self) -> str:
        """Within the country; may be empty."""
        ...


def version_of(hours: Hours, *, since_year: int, scope: str, at: datetime) -> CalendarVersion:
    """The version that holds exactly these hours, made when there is none yet.

    Holidays run from ``since_year`` to the end of the year after next (clocks.md), seen from
    ``at`` or from ``since_year`` if that comes later.
    ``scope`` keeps the calendars of different agreements apart. Raises `Refusal` for a country
    without holidays.
    """
    holidays: dict[str, Any] | None = None
    definition = dict(hours.definition)
    if hours.country:
        last_year = max(at.year, since_year) + 2
        years = range(since_year, last_year + 1)
        definition = with_holidays(definition, hours.country, hours.subdivision or None, years)
        holidays = {
            "country": hours.country,
            "subdivision": hours.subdivision,
            "known_until": f"{last_year}-12-31",
        }
    stored = _calendar(f"{scope}.{hours.key}", hours.name)
    canonical = Calendar.from_dict(definition).to_dict()
    versions = db.session.scalars(
        select(CalendarVersion)
        .where(CalendarVersion.calendar_id == stored.id)
        .order_by(CalendarVersion.number)
    ).all()
    rules_id = zone_rules.read(canonical["zone"], at=at)
    for version in versions:
        if version.definition == canonical and version.zone_rules_id == rules_id:
            return version
    made = CalendarVersion(
        calendar_id=stored.id,
        number=len(versions) + 1,
        definition=canonical,
        holidays=holidays,
        zone_rules_id=rules_id,
        created_at=at,
    )
    db.session.add(made)
    db.session.flush()
    return made


def next_version(
    calendar_id: int, form: Mapping[str, Any], *, holidays: Mapping[str, Any] | None, at: datetime
) -> CalendarVersion:
    """A further version of a calendar with the hours of ``form``, its zone as it is read now.

    The newest is taken where it says just that already: exceptions of one day to several
    versions of an agreement make one version of their hours.
    """
    newest = db.session.scalars(
        select(CalendarVersion)
        .where(CalendarVersion.calendar_id == calendar_id)
        .order_by(CalendarVersion.number.desc())
        .limit(1)
    ).one()
    rule = dict(holidays) if holidays else None
    rules_id = zone_rules.read(form["zone"], at=at)
    is_same = (newest.definition, newest.holidays) == (dict(form), rule)
    if is_same and newest.zone_rules_id == rules_id:
        return newest
    made = CalendarVersion(
        calendar_id=calendar_id,
        number=newest.number + 1,
        definition=dict(form),
        holidays=rule,
        zone_rules_id=rules_id,
        created_at=at,
    )
    db.session.add(made)
    db.session.flush()
    return made


def with_holidays(
    definition: Mapping[str, Any], country: str, subdivision: str | None, years: range
) -> dict[str, Any]:
    """The definition with each public holiday closed and named, where it says nothing itself."""
    exceptions = dict(definition.get("exceptions", {}))
    names = dict(definition.get("names", {}))
    try:
        found = public_holidays(country, subdivision, years)
    except ValueError as mistake:
        raise Refusal(str(mistake)) from None
    for day, name in found.items():
        exceptions.setdefault(day.isoformat(), [])
        names.setdefault(day.isoformat(), name)
    return {**definition, "exceptions": exceptions, "names": names}


def _calendar(key: str, name: str) -> StoredCalendar:
    stored = db.session.scalar(select(StoredCalendar).where(StoredCalendar.key == key))
    if stored is None:
        stored = StoredCalendar(key=key, name=name)
        db.session.add(stored)
        db.session.flush()
    stored.name = name
    return stored
