"""The chip of a clock: icon, words and state, never a colour alone (look.md, "The chip"). Pure."""

# ruff: noqa: D102

from datetime import datetime
from typing import NamedTuple, Protocol

from app.businesstime import Calendar
from app.clocks import words
from app.languages import gettext as _

AT_RISK = 0.75
"""The share of the budget from which a running clock is at risk."""

ICONS = {
    "met": "met",
    "running": "pie",
    "risk": "risk",
    "breached": "breach",
    "paused": "pause",
    "outside": "moon",
    "none": "clock",
}
"""The names in the sprite; a pie comes in eighths."""


class Clock(Protocol):
    """What a chip needs of a clock: a `ClockState` or a row of the table."""

    @property
    def measure(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def budget_s(self) -> int: ...
    @property
    def used_s(self) -> int: ...
    @property
    def running_since(self) -> datetime | None: ...
    @property
    def paused_since(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def breached_at(self) -> datetime | None: ...
    @property
    def cancelled_reason(self) -> str | None: ...


class Chip(NamedTuple):
    """What is shown of a clock, and what the ticking script needs to go on by itself.

    `state` is met, running, risk, breached, paused, outside or none. `caption` is the instant
    beside the measure's name, `beside` a second fact ("waiting for you" on a breached clock).
    `left_s` is business time left, negative when over; `open_until` is when business time next
    stops passing (running) or, outside hours, when it resumes. `fraction` of the budget used.
    `ticks` says that time is passing for it now, for `open_s` seconds more (None: for as long
    as anybody looks): the script goes on by itself and turns it at risk, then breached.
    """

    state: str
    words: str
    icon: str
    measure: str
    caption: str
    due_at: datetime | None
    open_until: datetime | None
    fraction: float
    left_s: int | None = None
    beside: str = ""
    eighths: int = 0
    budget_s: int = 0
    ticks: bool = False
    open_s: int | None = None


def chip_of(
    clock: Clock | None,
    calendar: Calendar,
    zone: str,
    at: datetime,
    who: str | None = None,
    *,
    compact: bool = False,
) -> Chip:
    """The chip of ``clock`` at ``at`` for a reader in ``zone``.

    ``who`` is the one a paused clock waits for ("you", "Maja"); None says "paused". A compact
    chip (the queue) leaves the instant of the pause to the caption. Without a clock: no promise.
    """
    if clock is None:
        return no_promise()
    used_s = _used(clock, calendar, at)
    fraction = used_s / clock.budget_s if clock.budget_s else 1.0
    measure = words.measure(clock.measure)
    due = words.due(clock.due_at, zone, at) if clock.due_at else ""
    waiting = _("waiting for %(name)s", name=who) if who else _("paused")
    over = clock.breached_at is not None or (
        clock.state == "running" and clock.due_at is not None and at > clock.due_at
    )
    if clock.state == "cancelled":
        chip = _plain("none", words.cancelled(clock.cancelled_reason), measure, "", None, fraction)
    elif over:
        late = words.duration(max(0, used_s - clock.budget_s))
        said = _("late by %(time)s", time=late)
        if clock.state != "met":
            said = _("over by %(time)s", time=late)
        beside = waiting if clock.state == "paused" else ""
        runs = clock.state == "running" and used_s > clock.budget_s
        passing = _passing(calendar, at, clock.budget_s - used_s) if runs else _STILL
        chip = _plain("breached", said, measure, due, clock, fraction, passing, beside=beside)
    elif clock.state == "met":
        said = _("met in %(time)s", time=words.duration(used_s))
        chip = _plain("met", said, measure, due, clock, fraction)
    elif clock.state == "paused":
        chip = _paused(clock, zone, at, waiting, fraction, compact=compact)
    else:
        chip = _running(clock, calendar, zone, at, used_s)
    return chip


def _used(clock: Clock, calendar: Calendar, at: datetime) -> int:
    if clock.state != "running" or clock.running_since is None:
        return clock.used_s
    return clock.used_s + calendar.elapsed(clock.running_since, at)


def _paused(
    clock: Clock, zone: str, at: datetime, waiting: str, fraction: float, *, compact: bool
) -> Chip:
    since = clock.paused_since
    when = words.instant(since, zone, at) if since else ""
    short = words.instant(since, zone, at, with_zone=False) if since else ""
    said = waiting
    if since and not compact:
        said = _("%(waiting)s since %(when)s", waiting=waiting, when=short)
    measure = words.measure(clock.measure)
    if compact and since:
        when = words.briefly(since, zone, at)
    caption = _("since %(when)s", when=when) if when else ""
    return _plain("paused", said, measure, caption, clock, fraction)


def _running(clock: Clock, calendar: Calendar, zone: str, at: datetime, used_s: int) -> Chip:
    measure = words.measure(clock.measure)
    due = words.due(clock.due_at, zone, at) if clock.due_at else ""
    left_s = clock.budget_s - used_s
    fraction = used_s / clock.budget_s if clock.budget_s else 1.0
    if not calendar.is_open(at) and left_s > 0:
        opens_at = calendar.next_open(at)
        resumes = words.instant(opens_at, zone, at, with_zone=False)
        said = _("resumes %(when)s", when=resumes)
        resting = _Passing(left_s, opens_at)
        return _plain("outside", said, measure, due, clock, fraction, resting)
    state = "risk" if fraction >= AT_RISK else "running"
    said = _("%(time)s left", time=words.duration(left_s))
    passing = _passing(calendar, at, left_s)
    return _plain(state, said, measure, due, clock, fraction, passing)


class _Passing(NamedTuple):
    """Whether time passes for a clock: fields of `Chip`."""

    left_s: int | None = None
    open_until: datetime | None = None
    ticks: bool = False
    open_s: int | None = None


_STILL = _Passing()


def _passing(calendar: Calendar, at: datetime, left_s: int) -> _Passing:
    """Of a clock for which time passes while business is open."""
    if not calendar.is_open(at):
        return _Passing(left_s)
    closes_at = calendar.closing(at)
    open_s = int((closes_at - at).total_seconds()) if closes_at else None
    return _Passing(left_s, closes_at, ticks=True, open_s=open_s)


def _plain(
    state: str,
    said: str,
    measure: str,
    caption: str,
    clock: Clock | None,
    fraction: float,
    passing: _Passing = _STILL,
    *,
    beside: str = "",
) -> Chip:
    return Chip(
        state,
        said,
        ICONS[state],
        measure,
        caption,
        clock.due_at if clock else None,
        passing.open_until,
        fraction,
        passing.left_s,
        beside,
        min(7, int(fraction * 8)),
        clock.budget_s if clock else 0,
        passing.ticks,
        passing.open_s,
    )


def no_promise() -> Chip:
    """The chip of a ticket that nothing was promised for."""
    return _plain("none", _("no promise"), "", "", None, 0.0)
