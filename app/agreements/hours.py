"""The calendars of an agreement file: week, exceptions, names and the holiday rule. Pure."""

from collections.abc import Iterator
from typing import Any

from app.agreements.parts import CalendarPart
from app.agreements.reading import Table
from app.businesstime import Calendar, WrongHours
from app.businesstime.holidays import public_holidays
from app.languages import gettext as _

ROUND_THE_CLOCK = {"mon": [["00:00", "24:00"]]}
ANY_YEAR = 2025


def read(key: str, table: Table, zone: str) -> CalendarPart:
    """The calendar called ``key``; ``zone`` holds where the table names none."""
    holidays = table.table("holidays")
    definition = {
        "zone": table.zone("zone", zone),
        "week": table.value("week", dict, {}, required=True),
        "exceptions": table.value("exceptions", dict, {}),
        "names": table.value("names", dict, {}),
    }
    if table.holds("week", dict):
        for mistake in _mistakes(definition):
            table.wrong(mistake.key, said(mistake))
    country, subdivision = _holiday_rule(table, holidays)
    part = CalendarPart(
        key=key,
        name=table.text("name") or key,
        definition=definition,
        country=country,
        subdivision=subdivision,
        holidays_from=holidays.number("from", 0, least=1900, most=2200) or None,
    )
    holidays.done()
    table.done()
    return part


def said(mistake: WrongHours) -> str:
    """What is wrong with the hours, without the key that it is wrong at."""
    return _(mistake.said, **mistake.facts)


def _mistakes(definition: dict[str, Any]) -> Iterator[WrongHours]:
    """What is wrong with each day, exception and name, one by one; else with the whole."""
    found = False
    for form in _alone(definition):
        try:
            Calendar.from_dict(form)
        except WrongHours as mistake:
            found = True
            yield mistake
    if not found:
        try:
            Calendar.from_dict(definition)
        except WrongHours as mistake:
            yield mistake


def _alone(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each entry in a calendar of its own, so that one mistake does not hide the next."""
    zone = definition["zone"]
    for day, windows in definition["week"].items():
        if windows != []:  # a closed day, said so
            yield {"zone": zone, "week": {day: windows}}
    whole = {"zone": zone, "week": ROUND_THE_CLOCK}
    for on, windows in definition["exceptions"].items():
        yield {**whole, "exceptions": {on: windows}}
    for on, name in definition["names"].items():
        exceptions: dict[str, list[Any]] = {on: []} if on in definition["exceptions"] else {}
        yield {**whole, "exceptions": exceptions, "names": {on: name}}


def _holiday_rule(table: Table, holidays: Table) -> tuple[str, str]:
    """Country and subdivision, empty where there are none; a mistake for unknown ones."""
    country = holidays.text("country", required=table.has("holidays"))
    subdivision = holidays.text("subdivision")
    if country and not _has_holidays(country, None):
        holidays.wrong("country", _('no public holidays are known of "%(place)s".', place=country))
    elif country and subdivision and not _has_holidays(country, subdivision):
        holidays.wrong(
            "subdivision",
            _(
                'no public holidays are known of "%(place)s" in %(country)s.',
                place=subdivision,
                country=country,
            ),
        )
    return country, subdivision


def _has_holidays(country: str, subdivision: str | None) -> bool:
    try:
        public_holidays(country, subdivision, [ANY_YEAR])
    except ValueError:
        return False
    return True
