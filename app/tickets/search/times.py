"""Days and lengths of time in a search: ``2026-11``, ``today``, ``2h``, and ranges of them. Pure.

Days are those of the reader's zone. A length of time is counted from now: back for what has
happened, on for what is due.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.languages import gettext as _
from app.tickets.search.terms import Atom, Compared, Either, Mistake, Range

UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
"""Seconds of the letters that lengths of time are written with."""
WORDS = ("today", "yesterday", "tomorrow")
FIRST_YEAR, LAST_YEAR = 1980, 2200

_LENGTH = re.compile(r"(\d{1,5})(m|h|d|w)")
_DAY = re.compile(r"(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|[Ww](\d{2})))?")


@dataclass(frozen=True, slots=True)
class Between:
    """From an instant, up to before another; either may be open."""

    start_at: datetime | None = None
    end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is, for whom, and which way a length of time is counted."""

    at: datetime
    zone: str
    is_ahead: bool = False


def between(value: Either | Compared | Range, moment: Moment) -> tuple[Between, ...]:
    """The spans that ``value`` names, any of which will do; raises `Mistake` for no time."""
    match value:
        case Either(atoms):
            return tuple(_named(atom, moment) for atom in atoms)
        case Compared(sign, atom):
            return (_compared(sign, atom, moment),)
        case Range(first, last):
            return (_range(first, last, moment),)


def _named(atom: Atom, moment: Moment) -> Between:
    """The day itself; of a length of time all up to now (back) or from now on (ahead)."""
    length = _length(atom)
    if length is None:
        return _span(atom, moment)
    if moment.is_ahead:
        return Between(moment.at, moment.at + length)
    return Between(moment.at - length, None)


def _compared(sign: str, atom: Atom, moment: Moment) -> Between:
    length = _length(atom)
    if length is None:
        span = _span(atom, moment)
        starts_after = span.end_at if sign == ">" else span.start_at
        ends_before = span.end_at if sign == "<=" else span.start_at
        return Between(starts_after) if sign[0] == ">" else Between(None, ends_before)
    is_less = sign[0] == "<"
    if moment.is_ahead:
        edge = moment.at + length
        return Between(None, edge) if is_less else Between(edge)
    edge = moment.at - length
    return Between(edge) if is_less else Between(None, edge)


def _range(first: Atom | None, last: Atom | None, moment: Moment) -> Between:
    start = _edges(first, moment)[0] if first else None
    end = _edges(last, moment)[1] if last else None
    if first and last and start and end and end <= start:
        if not (_length(first) and _length(last)):
            raise Mistake(_("This range ends before it begins."), last.spot)
        start, end = end, start
    return Between(start, end)


def _edges(atom: Atom, moment: Moment) -> tuple[datetime, datetime]:
    length = _length(atom)
    if length is not None:
        edge = moment.at + length if moment.is_ahead else moment.at - length
        return edge, edge
    span = _span(atom, moment)
    assert span.start_at is not None
    assert span.end_at is not None
    return span.start_at, span.end_at


def _length(atom: Atom) -> timedelta | None:
    found = _LENGTH.fullmatch(atom.said.strip().lower())
    return timedelta(seconds=int(found[1]) * UNITS[found[2]]) if found else None


def _span(atom: Atom, moment: Moment) -> Between:
    zone = ZoneInfo(moment.zone)
    days = _days(atom.said.strip().lower(), moment.at.astimezone(zone).date())
    if days is None:
        raise Mistake(
            _(
                "“%(typed)s” is no time: write a day (2026-11-30, 2026-11, today) or a length of "
                "time (90m, 2h, 7d).",
                typed=atom.said,
            ),
            atom.spot,
        )
    first, last = (datetime.combine(day, time(), zone).astimezone(UTC) for day in days)
    return Between(first, last)


def _days(said: str, today: date) -> tuple[date, date] | None:
    """The first day and the one after the last; None where ``said`` names none."""
    if said in WORDS:
        first = today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[said])
        return first, first + timedelta(days=1)
    found = _DAY.fullmatch(said)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    year, month, day, week = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if week is not None:
            monday = date.fromisocalendar(year, week, 1)
            return monday, monday + timedelta(days=7)
        if month is None:
            return date(year, 1, 1), date(year + 1, 1, 1)
        if day is None:
            return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        first = date(year, month, day)
    except ValueError:
        return None
    return first, first + timedelta(days=1)
