"""Rows of the queue as they are shown: the chip, the times in the reader's zone, who is there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from app.businesstime import Calendar
from app.calendars import queries as calendars
from app.clocks import chips
from app.clocks.chips import Chip
from app.desk import places
from app.languages import gettext as _
from app.tickets.presence import Here
from app.tickets.queue import Row
from app.tickets.search.listing import Row as Found
from app.tickets.words import Status

MINUTE, HOUR, DAY = 60, 3600, 86400


Present = Mapping[int, Sequence[Here]]
"""Who else has which ticket open, by its id."""


class Shown(NamedTuple):
    """One row with its chip, the time since its last change, its page and who else is there.

    ``select`` is what the box that selects it is called.
    """

    row: Row
    chip: Chip
    select: str
    updated: str
    url: str
    here: Sequence[Here] = ()


def shown(
    rows: Iterable[Row], *, list_url: str, present: Present, zone: str, at: datetime
) -> list[Shown]:
    """The rows of the list at ``list_url`` for a reader in ``zone`` at ``at``."""
    select, url_of = _("Select %(ref)s"), places.ticket_urls(list_url)
    hours = cache(calendars.value)
    return [
        Shown(
            row,
            chip(row, zone=zone, at=at, hours=hours),
            select % {"ref": row.ticket.ref},
            since(row.ticket.updated_at, at),
            url_of(row.ticket.id, row.key),
            present.get(row.ticket.id, ()),
        )
        for row in rows
    ]


def chip(
    row: Row | Found,
    *,
    zone: str,
    at: datetime,
    hours: Callable[[int], Calendar] = calendars.value,
) -> Chip:
    """The chip of the deadline that comes next; ``hours`` are those of a calendar's version."""
    if row.clock is None:
        return chips.no_promise()
    calendar = hours(row.clock.calendar_version_id)
    whom = waited_for(row.ticket.status, row.requester)
    return chips.chip_of(row.clock, calendar, zone, at, whom, compact=True)


def since(then: datetime, at: datetime) -> str:
    """How long ago, in one unit: "8 m", "3 h", "2 d"."""
    seconds = max(0, int((at - then).total_seconds()))
    if seconds < HOUR:
        return _("%(number)s m", number=seconds // MINUTE)
    if seconds < DAY:
        return _("%(number)s h", number=seconds // HOUR)
    return _("%(number)s d", number=seconds // DAY)


def waited_for(status: Status, requester: str | None) -> str | None:
    """Whom a paused clock of a ticket in this status waits for."""
    match status:
        case Status.WAITING_REQUESTER:
            return (requester or _("requester")).split()[0]
        case Status.WAITING_VENDOR:
            return _("vendor")
        case _:
            return None
