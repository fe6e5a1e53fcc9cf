"""A request's promises as its reader sees them: a sentence, a chip, and why it stands still.

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
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people.models import Person
from app.portal import times
from app.tickets.models import Ticket
from app.tickets.words import Status

ORDER = (
    "resolution",
    "workaround",
    "update",
    "next_response",
    "first_response",
    "acknowledgement",
)
SOLVED_BY, DONE_BY = lazy_gettext("Solved by"), lazy_gettext("Done by")
SOLVED_WITHIN, DONE_WITHIN = lazy_gettext("Solved within"), lazy_gettext("Done within")
BY = {
    "acknowledgement": lazy_gettext("Somebody has it in hand by"),
    "first_response": lazy_gettext("A first answer by"),
    "next_response": lazy_gettext("An answer to your last message by"),
    "update": lazy_gettext("News by"),
    "workaround": lazy_gettext("A workaround by"),
    "resolution": SOLVED_BY,
}
WITHIN = {
    "acknowledgement": lazy_gettext("Somebody has it in hand within"),
    "first_response": lazy_gettext("A first answer within"),
    "next_response": lazy_gettext("An answer to your last message within"),
    "update": lazy_gettext("News within"),
    "workaround": lazy_gettext("A workaround within"),
    "resolution": SOLVED_WITHIN,
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
    """A request in a list, with the chip of the promise that comes next (None: no promise).

    ``asker`` is whose it is, where it is not the reader's own.
    """

    ticket: Ticket
    status: str
    chip: Chip | None
    asker: str | None = None


def asker_of(ticket: Ticket, reader: Person) -> str | None:
    """Who asked, for somebody else; None for the requester. Needs the requester loaded then."""
    if ticket.requester_id == reader.id or ticket.requester is None:
        return None
    return ticket.requester.name


def vows_of(
    ticket: Ticket, rows: Iterable[Clock], *, reader: Person, zone: str, at: datetime
) -> tuple[Vow, ...]:
    """The promises to show: of each measure the latest, solution first; cancelled ones never.

    What is still owed comes before what is over.
    """
    latest: dict[str, Clock] = {}
    for clock in sorted(rows, key=lambda clock: clock.sequence):
        latest[clock.measure] = clock
    shown = [clock for clock in latest.values() if clock.state != "cancelled"]
    return tuple(
        vow_of(ticket, clock, reader=reader, zone=zone, at=at)
        for clock in sorted(shown, key=lambda clock: (not clock.is_open, _order(clock.measure)))
    )


def vow_of(ticket: Ticket, clock: Clock, *, reader: Person, zone: str, at: datetime) -> Vow:
    """The sentence and the chip of one clock; paused, it says how much of our hours is left."""
    chip = _chip(ticket, clock, reader=reader, zone=zone, at=at)
    name = words.measure(clock.measure)
    if clock.due_at is not None:
        due = times.due(clock.due_at, zone=zone, now=at)
        return Vow(clock.id, name, _lead(ticket, clock, within=False), due, "", chip)
    return Vow(
        clock.id,
        name,
        _lead(ticket, clock, within=True),
        words.duration(clock.budget_s - clock.used_s),
        _once(ticket, reader),
        chip,
    )


def rows_of(tickets: Sequence[Ticket], *, reader: Person, zone: str, at: datetime) -> list[Row]:
    """``tickets`` as list rows, with one question to the clocks for all of them."""
    of_ticket = clocks.clocks_of([ticket.id for ticket in tickets])
    rows = []
    for ticket in tickets:
        clock = _next(of_ticket.get(ticket.id, []))
        chip = _chip(ticket, clock, reader=reader, zone=zone, at=at) if clock else None
        status = status_words(ticket, reader=reader)
        rows.append(Row(ticket, status, chip, asker_of(ticket, reader)))
    return rows


def status_words(ticket: Ticket, *, reader: Person, may_reopen: bool = True) -> str:
    """The sentence under the title; needs the ticket's assignee loaded."""
    asker = asker_of(ticket, reader)
    if ticket.status is Status.RESOLVED and not may_reopen:
        return _("This was solved.")
    if ticket.status is Status.RESOLVED and asker:
        return _("We believe this is solved.")
    if ticket.status is Status.ON_HOLD and ticket.hold_until is not None:
        return _("We have put this off until %(day)s.", day=times.long_day(ticket.hold_until))
    if ticket.status is Status.WAITING_REQUESTER and asker:
        return _("We are waiting for an answer from %(name)s.", name=asker)
    return ticket.status.plain(staff=ticket.assignee.name if ticket.assignee else "")


def _once(ticket: Ticket, reader: Person) -> str:
    """How the sentence of a paused promise ends."""
    asker = asker_of(ticket, reader)
    if ticket.status is not Status.WAITING_REQUESTER:
        return _("of our hours, once we go on")
    if asker:
        return _("of our hours, once %(name)s has answered", name=asker)
    return _("of our hours, once you have answered")


def _next(rows: Sequence[Clock]) -> Clock | None:
    """What a list shows: the earliest due of what is open, else how the solution ended."""
    running = [clock for clock in rows if clock.state == "running" and clock.due_at]
    if running:
        return min(running, key=lambda clock: (clock.due_at, clock.id))
    rest = [clock for clock in rows if clock.state == "paused"]
    rest = rest or [clock for clock in rows if clock.state == "met"]
    return min(rest, key=lambda clock: (_order(clock.measure), -clock.sequence), default=None)


def _lead(ticket: Ticket, clock: Clock, *, within: bool) -> str:
    """How the sentence begins: "Solved by"; a service request is done, not solved."""
    if clock.measure == "resolution" and ticket.kind is not Kind.INCIDENT:
        return str(DONE_WITHIN if within else DONE_BY)
    name = words.measure(clock.measure)
    if clock.measure in BY:
        return str((WITHIN if within else BY)[clock.measure])
    return _("%(measure)s within", measure=name) if within else _("%(measure)s by", measure=name)


def _chip(ticket: Ticket, clock: Clock, *, reader: Person, zone: str, at: datetime) -> Chip:
    calendar = calendars.value(clock.calendar_version_id)
    waits = ticket.status is Status.WAITING_REQUESTER
    who = (asker_of(ticket, reader) or _("you")) if waits else None
    return chips.chip_of(clock, calendar, zone, at, who=who)


def _order(measure: str) -> int:
    return ORDER.index(measure) if measure in ORDER else len(ORDER)
