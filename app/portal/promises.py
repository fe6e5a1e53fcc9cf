"""A request's promises as its requester reads them: a sentence, a chip, and why it stands still.

Made of the same clock rows and the same chip as the desk's pages (look.md, "The chip").
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.calendars import queries as calendars
from app.catalogue.words import Kind
from app.clocks import chips, words
from app.clocks import queries as clocks
from app.clocks.chips import Chip
from app.clocks.models import Clock
from app.portal import times
from app.tickets.models import Ticket
from app.tickets.words import Status

ORDER = ("resolution", "update", "next_response", "first_response")
LEADS = {
    "first_response": "A first answer",
    "next_response": "An answer to your last message",
    "update": "News",
    "resolution": "Solved",
}


@dataclass(frozen=True)
class Vow:
    """One promise: ``lead`` and ``due`` make the sentence, ``rest`` ends it while it is paused."""

    clock_id: int
    measure: str
    lead: str
    due: str
    rest: str
    chip: Chip


@dataclass(frozen=True)
class Row:
    """A request in a list, with the chip of the promise that comes next (None: no promise)."""

    ticket: Ticket
    status: str
    chip: Chip | None


def vows_of(ticket: Ticket, rows: Iterable[Clock], *, zone: str, at: datetime) -> tuple[Vow, ...]:
    """The promises to show: of each measure the latest, solution first; cancelled ones never."""
    latest: dict[str, Clock] = {}
    for clock in sorted(rows, key=lambda clock: clock.sequence):
        latest[clock.measure] = clock
    shown = [clock for clock in latest.values() if clock.state != "cancelled"]
    return tuple(
        vow_of(ticket, clock, zone=zone, at=at)
        for clock in sorted(shown, key=lambda clock: _order(clock.measure))
    )


def vow_of(ticket: Ticket, clock: Clock, *, zone: str, at: datetime) -> Vow:
    """The sentence and the chip of one clock; paused, it says how much of our hours is left."""
    chip = _chip(ticket, clock, zone=zone, at=at)
    name = words.measure(clock.measure)
    if clock.due_at is not None:
        lead = _lead(ticket, clock, "by")
        return Vow(clock.id, name, lead, times.due(clock.due_at, zone=zone, now=at), "", chip)
    waits = ticket.status is Status.WAITING_REQUESTER
    return Vow(
        clock.id,
        name,
        _lead(ticket, clock, "within"),
        words.duration(clock.budget_s - clock.used_s),
        "of our hours, once you have answered" if waits else "of our hours, once we go on",
        chip,
    )


def rows_of(tickets: Sequence[Ticket], *, zone: str, at: datetime) -> list[Row]:
    """``tickets`` as list rows, with one question to the clocks for all of them."""
    of_ticket = clocks.clocks_of([ticket.id for ticket in tickets])
    rows = []
    for ticket in tickets:
        clock = _next(of_ticket.get(ticket.id, []))
        chip = _chip(ticket, clock, zone=zone, at=at) if clock else None
        rows.append(Row(ticket, status_words(ticket), chip))
    return rows


def status_words(ticket: Ticket, *, may_reopen: bool = True) -> str:
    """The sentence under the title; needs the ticket's assignee loaded."""
    if ticket.status is Status.RESOLVED and not may_reopen:
        return "This was solved."
    staff = ticket.assignee.name if ticket.assignee else ""
    if ticket.status is Status.ON_HOLD and ticket.hold_until is not None:
        day = ticket.hold_until
        return f"We have put this off until {day:%A}, {day.day} {day:%B}."
    return ticket.status.plain(staff=staff)


def _next(rows: Sequence[Clock]) -> Clock | None:
    """What a list shows: the earliest due of what is open, else how the solution ended."""
    running = [clock for clock in rows if clock.state == "running" and clock.due_at]
    if running:
        return min(running, key=lambda clock: (clock.due_at, clock.id))
    rest = [clock for clock in rows if clock.state == "paused"]
    rest = rest or [clock for clock in rows if clock.state == "met"]
    return min(rest, key=lambda clock: (_order(clock.measure), -clock.sequence), default=None)


def _lead(ticket: Ticket, clock: Clock, word: str) -> str:
    """How the sentence begins: "Solved by"; a service request is done, not solved."""
    if clock.measure == "resolution" and ticket.kind is not Kind.INCIDENT:
        return f"Done {word}"
    return f"{LEADS.get(clock.measure, words.measure(clock.measure))} {word}"


def _chip(ticket: Ticket, clock: Clock, *, zone: str, at: datetime) -> Chip:
    calendar = calendars.value(clock.calendar_version_id)
    who = "you" if ticket.status is Status.WAITING_REQUESTER else None
    return chips.chip_of(clock, calendar, zone, at, who=who)


def _order(measure: str) -> int:
    return ORDER.index(measure) if measure in ORDER else len(ORDER)
