"""What a search finds as a table for a spreadsheet: a line per ticket, times in UTC."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app import spreadsheets
from app.tickets.search import listing
from app.tickets.search.listing import Row
from app.tickets.search.searching import Search

MOST = 10_000
"""Lines of a table at most; the newest tickets come first."""
HEAD = (
    "ref",
    "subject",
    "status",
    "priority",
    "kind",
    "channel",
    "requester",
    "organisation",
    "assignee",
    "team",
    "opened_at",
    "updated_at",
    "resolved_at",
    "closed_at",
    "next_promise",
    "next_due_at",
)


def lines(search: Search) -> Iterator[str]:
    """The table as CSV with CRLF, line by line, safe to open in a spreadsheet."""
    yield spreadsheets.MARK + spreadsheets.line(HEAD)
    for row in listing.all_rows(search, most=MOST):
        yield spreadsheets.line(_cells(row))


def _cells(row: Row) -> Iterable[object]:
    ticket, clock = row.ticket, row.clock
    return (
        ticket.id,
        ticket.subject,
        ticket.status.value,
        ticket.priority.value,
        ticket.kind.value,
        ticket.channel.value,
        row.requester or "",
        row.organisation or "",
        row.assignee or "",
        row.team or "",
        _instant(ticket.opened_at),
        _instant(ticket.updated_at),
        _instant(ticket.resolved_at),
        _instant(ticket.closed_at),
        clock.measure if clock else "",
        _instant(clock.due_at if clock else None),
    )


def _instant(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
