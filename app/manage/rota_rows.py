"""What the pages of teams and rotas show: rows with their words and the places of their bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.clocks import words
from app.languages import gettext as _
from app.languages import month, number, weekday
from app.manage.giving_out_forms import RULES
from app.people import queries as people
from app.people import rostering, rota
from app.people.models import Person, RotaSwap, Team
from app.people.rota import Stretch

BAR_W = 960
"""A day's bar is this wide, whether it has 23, 24 or 25 hours."""


@dataclass(frozen=True)
class TeamRow:
    """A team in the list; `on_call` is None where there is no rota."""

    team: Team
    lead: Person | None
    members: Sequence[Person]
    on_call: "OnCall | None"
    rule: str
    may_change: bool


@dataclass(frozen=True)
class OnCall:
    """Who is on call now, and until when; `away` names those of them who are absent."""

    people: tuple[Person, ...]
    away: tuple[str, ...]
    until_at: datetime | None


@dataclass(frozen=True)
class Bar:
    """A stretch of a day: its hours in words, who is on call, and where its bar stands."""

    hours: str
    people: tuple[Person, ...]
    swap: RotaSwap | None
    x: float
    width: float


@dataclass(frozen=True)
class DayRow:
    """A date, called as `name`, with its bars; `note` says when the clock changes on it."""

    on: date
    name: str
    is_today: bool
    note: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class WeekRows:
    """The days of a week, and its gaps in words."""

    days: tuple[DayRow, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class SwapRow:
    """A swap with its people's names."""

    swap: RotaSwap
    person: str
    instead_of: str | None
    made_by: str
    has_begun: bool


def teams(*, reader: Person, at: datetime) -> list[TeamRow]:
    """Every team, by name; ``reader`` may change those that they manage or lead."""
    found = people.teams()
    leads = people.people(team.lead_id for team in found if team.lead_id)
    return [
        TeamRow(
            team,
            leads.get(team.lead_id) if team.lead_id else None,
            people.team_members(team.id),
            on_call_now(team, at=at),
            str(RULES[team.assigning]),
            rostering.may_change(team, reader),
        )
        for team in found
    ]


def on_call_now(team: Team, *, at: datetime) -> OnCall | None:
    """Who is on call at this moment, and when that changes next; None without a rota."""
    if not rota.has_rota(team.id):
        return None
    stretch = rota.stretch_at(team, at)
    away = [one.name for one in stretch.people if not people.present(one, at)]
    is_long = stretch.ends_at - at >= rota.WEEK
    return OnCall(stretch.people, tuple(away), None if is_long else stretch.ends_at)


def week(team: Team, monday: date, *, at: datetime) -> WeekRows:
    """The seven days from ``monday`` on, as the page draws them."""
    found = rota.week(team, monday)
    today = at.astimezone(ZoneInfo(team.zone)).date()
    return WeekRows(
        tuple(_day(day, team.zone, today) for day in found.days),
        tuple(_gap(gap, team.zone, at) for gap in found.gaps),
    )


def swaps(team: Team, *, at: datetime) -> list[SwapRow]:
    """Swaps that last or come, with the names of their people."""
    found = rota.swaps_of(team.id, at=at)
    ids = {one.person_id for one in found} | {one.made_by_id for one in found}
    named = people.people(ids | {one.instead_of_id for one in found if one.instead_of_id})
    return [
        SwapRow(
            one,
            named[one.person_id].name,
            named[one.instead_of_id].name if one.instead_of_id else None,
            named[one.made_by_id].name,
            one.starts_at <= at,
        )
        for one in found
    ]


def _day(day: rota.Day, zone: str, today: date) -> DayRow:
    since, until = day.stretches[0].starts_at, day.stretches[-1].ends_at
    length_s = (until - since).total_seconds()
    hours = Decimal(f"{round(length_s / 3600, 2):g}")
    bars = tuple(
        Bar(
            _hours(stretch, until, zone),
            stretch.people,
            stretch.swap,
            x=round(BAR_W * (stretch.starts_at - since).total_seconds() / length_s, 1),
            width=round(
                BAR_W * (stretch.ends_at - stretch.starts_at).total_seconds() / length_s, 1
            ),
        )
        for stretch in day.stretches
    )
    note = (
        ""
        if hours == 24
        else _("The clock changes: this day has %(hours)s hours.", hours=number(hours))
    )
    return DayRow(day.on, _name(day.on), day.on == today, note, bars)


def _name(on: date) -> str:
    """A day of the week with its date: "Mon 16 Nov"."""
    return _(
        "%(weekday)s %(day)s %(month)s",
        weekday=weekday(on, short=True),
        day=on.day,
        month=month(on, short=True),
    )


def _hours(stretch: Stretch, midnight_at: datetime, zone: str) -> str:
    """From and until on the clock of the zone; the end of the day reads 24:00."""
    starts = stretch.starts_at.astimezone(ZoneInfo(zone))
    ends = stretch.ends_at.astimezone(ZoneInfo(zone))
    until = "24:00" if stretch.ends_at == midnight_at else f"{ends:%H:%M}"
    return _("%(start)s to %(end)s", start=f"{starts:%H:%M}", end=until)


def _gap(gap: Stretch, zone: str, at: datetime) -> str:
    if gap.ends_at - gap.starts_at >= 2 * rota.WEEK:
        return _("Nobody is on call in these weeks")
    starts, ends = (words.instant(one, zone, at) for one in (gap.starts_at, gap.ends_at))
    return _("Nobody from %(start)s to %(end)s", start=starts, end=ends)
