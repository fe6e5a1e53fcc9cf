"""Lines of the weekly page as they are shown: chips, and times in the reader's zone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.calendars import queries as calendars
from app.clocks import chips, words
from app.clocks.chips import Chip
from app.languages import gettext as _
from app.languages import month, weekday
from app.measures.backlog import OpenTicket
from app.measures.listing import Promise
from app.measures.weeks import Week
from app.reports.weekly import Missed, WeeklyPage

DAY_S = 86_400


@dataclass(frozen=True)
class Line:
    """One promise: what, when it was due, how far over, whose, and the last reason given."""

    promise: Promise
    measure: str
    due: str
    over: str
    chip: Chip
    owner: str
    cause: str


@dataclass(frozen=True)
class Shown:
    """What the page says in words: its days, its lists."""

    days: str
    missed: tuple[tuple[Missed, tuple[Line, ...]], ...]
    at_risk: tuple[Line, ...]
    oldest: tuple[tuple[str, OpenTicket], ...]


def shown(page: WeeklyPage, *, zone: str) -> Shown:
    """The lists of ``page`` for a reader in ``zone``."""
    return Shown(
        days=days(page.week),
        missed=tuple(
            (group, tuple(_over(lines(group.promises, zone=zone, at=page.at, causes=page.causes))))
            for group in page.missed
        ),
        at_risk=tuple(lines(page.at_risk, zone=zone, at=page.at)),
        oldest=tuple((age(ticket.contact_at, page.at), ticket) for ticket in page.oldest),
    )


def lines(
    promises: Sequence[Promise],
    *,
    zone: str,
    at: datetime,
    causes: Mapping[int, str] | None = None,
) -> Iterable[Line]:
    """The promises for a reader in ``zone`` at ``at``, with what is known of their causes."""
    for promise in promises:
        clock = promise.clock
        yield Line(
            promise=promise,
            measure=words.measure(clock.measure),
            due=due(clock.due_at, zone) if clock.due_at else _("paused"),
            over=words.duration(promise.over_s) if promise.over_s > 0 else "",
            chip=chips.chip_of(clock, calendars.value(clock.calendar_version_id), zone, at),
            owner=promise.owner or promise.team or _("nobody"),
            cause=(causes or {}).get(promise.ticket_id, ""),
        )


def _over(found: Iterable[Line]) -> Iterable[Line]:
    """The lines with chips that say how far, in a column that says "Over by"."""
    for line in found:
        yield replace(line, chip=line.chip._replace(words=line.over or line.chip.words))


def due(due_at: datetime, zone: str) -> str:
    """A due time under the head of its week: "Mon 9, 16:20 CET"."""
    local = due_at.astimezone(ZoneInfo(zone))
    return f"{_short(local)}, {words.clock_time(due_at, zone)}"


def came(contact_at: datetime, zone: str, at: datetime) -> str:
    """When a request came: "Mon 9 Nov, 16:20 CET", with the year if it is another."""
    local, today = contact_at.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(zone))
    facts = {
        "weekday": weekday(local, short=True),
        "day": local.day,
        "month": month(local, short=True),
    }
    if local.year == today.year:
        day = _("%(weekday)s %(day)s %(month)s", **facts)
    else:
        day = _("%(weekday)s %(day)s %(month)s %(year)s", year=local.year, **facts)
    return f"{day}, {words.clock_time(contact_at, zone)}"


def age(since: datetime, at: datetime) -> str:
    """Whole days, cut: "61 d"."""
    return f"{max(0, int((at - since).total_seconds())) // DAY_S} d"


def days(week: Week) -> str:
    """The span and zone of a week: "Mon 9 to Sun 15 November 2026, CET"."""
    first, last = week.monday, week.sunday
    if first.year != last.year:
        start = _long(first)
    elif first.month != last.month:
        start = _(
            "%(weekday)s %(day)s %(month)s",
            weekday=weekday(first, short=True),
            day=first.day,
            month=month(first),
        )
    else:
        start = _short(first)
    span = _("%(start)s to %(end)s", start=start, end=_long(last))
    return f"{span}, {_zone(week)}"


def _short(day: date) -> str:
    """A day of a week that is known: "Mon 9"."""
    return _("%(weekday)s %(day)s", weekday=weekday(day, short=True), day=day.day)


def _long(day: date) -> str:
    """ "Sun 15 November 2026"."""
    return _(
        "%(weekday)s %(day)s %(month)s %(year)s",
        weekday=weekday(day, short=True),
        day=day.day,
        month=month(day),
        year=day.year,
    )


def _zone(week: Week) -> str:
    first, last = (words.abbreviation(at, week.zone) for at in (week.starts_at, week.ends_at))
    return first if first == last else _("%(first)s, then %(last)s", first=first, last=last)
