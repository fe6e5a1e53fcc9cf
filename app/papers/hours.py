"""The hours of an agreement as its page says them, in its reader's language. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.agreements.parts import CalendarPart
from app.businesstime import Calendar
from app.businesstime.holidays import subdivision_name
from app.languages import country_name, listed, weekday
from app.languages import gettext as _

MONDAY = date(2024, 1, 1)
ALWAYS = (("00:00", "24:00"),)


@dataclass(frozen=True)
class Hours:
    """A calendar in words: its week, its zone, its holidays, and days with other hours."""

    key: str
    name: str
    week: str
    zone: str
    holidays: str
    exceptions: tuple[tuple[date, str, str], ...]
    is_always: bool

    @property
    def words(self) -> str:
        """The week in its zone: "Mon–Fri 08:00–18:00, Berlin time"; without holidays."""
        if self.is_always:
            return self.week
        return _("%(week)s, %(zone)s", week=self.week, zone=self.zone)

    @property
    def whole(self) -> str:
        """The same with its holidays."""
        return ", ".join(part for part in (self.words, self.holidays) if part)


def of(part: CalendarPart) -> Hours:
    """The hours of a calendar of a version."""
    calendar = Calendar.from_dict({**part.definition})
    week = [tuple(tuple(window) for window in calendar.week.get(day, ())) for day in range(7)]
    is_always = all(windows == ALWAYS for windows in week)
    return Hours(
        key=part.key,
        name=part.name,
        week=_("at any hour, every day") if is_always else ", ".join(_runs(week)),
        zone=zone(calendar.zone),
        holidays=_holidays(part),
        exceptions=tuple(
            (on, _windows(windows) or _("closed"), calendar.names.get(on, ""))
            for on, windows in calendar.exceptions.items()
        ),
        is_always=is_always,
    )


def by_key(parts: Sequence[CalendarPart]) -> Mapping[str, Hours]:
    """The hours of every calendar of a version by its key."""
    return {part.key: of(part) for part in parts}


def zone(name: str) -> str:
    """A time zone as people call it: "Berlin time", "UTC"."""
    if "/" not in name:
        return name
    return _("%(city)s time", city=name.rpartition("/")[2].replace("_", " "))


def _runs(week: Sequence[tuple[tuple[str, ...], ...]]) -> Iterator[str]:
    """Days in a row with the same hours in one: "Mon–Fri 08:00–18:00"."""
    for windows, group in groupby(range(7), key=lambda day: week[day]):
        days = list(group)
        if not windows:
            continue
        first, last = (
            weekday(MONDAY.replace(day=1 + day), short=True) for day in (days[0], days[-1])
        )
        named = first if first == last else f"{first}–{last}"
        yield f"{named} {_windows(windows)}"


def _windows(windows: Sequence[Sequence[str]]) -> str:
    if tuple(tuple(window) for window in windows) == ALWAYS:
        return _("at any hour")
    return listed("–".join(window) for window in windows)


def _holidays(part: CalendarPart) -> str:
    if not part.country:
        return ""
    land = country_name(part.country)
    if not part.subdivision:
        return _("not on public holidays of %(country)s", country=land)
    return _(
        "not on public holidays of %(region)s, %(country)s",
        region=subdivision_name(part.country, part.subdivision),
        country=land,
    )
