"""The search of the desk: one line of words and fields, what it finds, and what could be typed."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for

from app import http, shell, wallclock
from app.calendars import queries as calendars
from app.clocks import words
from app.clocks.chips import Chip
from app.desk import found, lines, places, rows, search_csv
from app.desk.blueprint import blueprint
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import queries
from app.tickets.queue import Key
from app.tickets.search import excerpts, fields, highlighting, listing, offering, suggesting
from app.tickets.search.excerpts import Excerpt
from app.tickets.search.highlighting import Part
from app.tickets.search.listing import Page, Row, Told
from app.tickets.search.searching import Search
from app.tickets.search.terms import Mistake


class Shown(NamedTuple):
    """One ticket that was found, with what was looked for marked; ``ended`` once it is done."""

    row: Row
    chip: Chip | None
    ended: str
    updated: str
    url: str
    subject: Sequence[Part]
    excerpt: Excerpt | None


@blueprint.get("/search")
@agent_required
def search() -> str:
    """What ``?q=`` finds, newest ticket first; without it how to search."""
    line = _line()
    at = wallclock.now()
    try:
        asked = found.understand(line, at=at)
    except Mistake as mistake:
        return _page(line, mistake=mistake)
    return _page(line) if asked.is_empty else _results(asked, at=at)


@blueprint.get("/search.csv")
@agent_required
def search_table() -> Response | str | tuple[str, int]:
    """The same tickets as a table, at most `search_csv.MOST` of them."""
    try:
        asked = found.understand(_line(), at=wallclock.now())
    except Mistake as mistake:
        return _page(_line(), mistake=mistake), 400
    if asked.is_empty:
        return _page("")
    table = Response("".join(search_csv.lines(asked)), mimetype="text/csv")
    return http.saved_as(table, "tickets.csv")


@blueprint.get("/search/suggestions")
@agent_required
def search_suggestions() -> str:
    """What could be typed where the cursor (``at=``) stands in ``q``: a list to choose from."""
    line = _line(strip=False)
    cursor = request.args.get("at", len(line), type=int)
    suggested = suggesting.suggest(line, max(0, min(cursor, len(line))), http.sight())
    return render_template("desk/search/_suggestions.html", suggested=suggested)


def _line(*, strip: bool = True) -> str:
    line = " ".join(request.args.get("q", "").replace("\0", " ").splitlines())
    return line.strip() if strip else line


def _page(line: str, **facts: Any) -> str:
    return render_template(
        "desk/search/search.html",
        **{
            "line": line,
            "mistake": None,
            "rows": None,
            "page": None,
            "named": None,
            "offers": (),
            "fields": fields.known(staff=True),
            "saved_query": urlencode({"q": line}),
            **facts,
        },
    )


def _results(asked: Search, *, at: datetime) -> str:
    after, before = http.row_number("after"), http.row_number("before")
    page = listing.page(asked, after=after, before=before)
    count = listing.count(asked) if page.count is None else page.count
    shown = _shown(asked, page, at=at)
    named = queries.find_ticket(http.sight(), asked.number) if asked.number else None
    is_lost = not shown and not named and after is None and before is None
    return _page(
        asked.line,
        rows=shown,
        lines=lines.of_search(shown),
        page=page,
        count=shell.capped(count),
        is_cut=count >= listing.CAP,
        named=named,
        offers=_offers(asked, at=at) if is_lost else (),
        most=search_csv.MOST,
    )


def _offers(asked: Search, *, at: datetime) -> list[tuple[str, str]]:
    """Lines that find something instead, each with how many tickets it finds."""
    offers = offering.instead(asked, zone=http.zone(), at=at)
    return [(offer.line, shell.capped(offer.count)) for offer in offers]


def _ended(ticket: Told, *, zone: str, at: datetime) -> str:
    """When it was resolved, or what it went into; empty while it is open."""
    if ticket.merged_into_id:
        return _("goes on in %(ref)s", ref=f"#{ticket.merged_into_id}")
    if ticket.resolved_at is None or ticket.is_open:
        return ""
    return words.instant(ticket.resolved_at, zone, at)


def _shown(asked: Search, page: Page[Row], *, at: datetime) -> list[Shown]:
    zone, url_of = http.zone(), places.ticket_urls(url_for("desk.search", q=asked.line))
    hours = cache(calendars.value)
    found_in = excerpts.of([row.ticket.id for row in page.rows], asked.sought, with_notes=True)
    return [
        Shown(
            row,
            rows.chip(row, zone=zone, at=at, hours=hours) if row.ticket.is_open else None,
            _ended(row.ticket, zone=zone, at=at),
            rows.since(row.ticket.updated_at, at),
            url_of(row.ticket.id, Key(row.ticket.opened_at, row.ticket.id)),
            highlighting.marked(row.ticket.subject, asked.sought),
            found_in.get(row.ticket.id),
        )
        for row in page.rows
    ]
