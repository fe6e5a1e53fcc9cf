"""Lines of the weekly page as they are shown: chips, and times in the reader's zone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.calendars import queries as calendars
from app.clocks import chips, words
from app.clocks.chips import Chip
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
            due=due(clock.due_at, zone) if clock.due_at else "paused",
            over=words.duration(promise.over_s) if promise.over_s > 0 else "",
            chip=chips.chip_of(clock, calendars.value(clock.calendar_version_id), zone, at),
            owner=promise.owner or promise.team or "nobody",
            cause=(causes or {}).get(promise.ticket_id, ""),
        )


def _over(found: Iterable[Line]) -> Iterable[Line]:
    """The lines with chips that say how far, in a column that says "Over by"."""
    for line in found:
        yield replace(line, chip=line.chip._replace(words=line.over or line.chip.words))


def due(due_at: datetime, zone: str) -> str:
    """A due time under the head of its week: "Mon 9, 16:20 CET"."""
    local = due_at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day}, {words.clock_time(due_at, zone)}"


def came(contact_at: datetime, zone: str, at: datetime) -> str:
    """When a request came: "Mon 9 Nov, 16:20 CET", with the year if it is another."""
    local, today = contact_at.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(zone))
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {words.clock_time(contact_at, zone)}"


def age(since: datetime, at: datetime) -> str:
    """Whole days, cut: "61 d"."""
    return f"{max(0, int((at - since).total_seconds())) // DAY_S} d"


def days(week: Week) -> str:
    """The span and zone of a week: "Mon 9 to Sun 15 November 2026, CET"."""
    first, last = week.monday, week.sunday
    start = f"Mon {first.day}"
    if first.month != last.month:
        start += f" {first:%B}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start} to Sun {_long(last)}, {_zone(week)}"


def _long(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _zone(week: Week) -> str:
    names = [words.abbreviation(at, week.zone) for at in (week.starts_at, week.ends_at)]
    return names[0] if names[0] == names[1] else f"{names[0]}, then {names[1]}"
