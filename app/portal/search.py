"""The search of the portal: words in what one asked for, or reads along."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request

from app import http, wallclock
from app.http import signed_in
from app.portal import promises
from app.portal.blueprint import blueprint
from app.portal.promises import Row
from app.tickets.search import excerpts, highlighting, listing, searching
from app.tickets.search.highlighting import Part


@dataclass(frozen=True)
class Found:
    """One request that was found, with what was looked for marked."""

    item: Row
    subject: Sequence[Part]
    excerpt: Sequence[Part]


@blueprint.get("/portal/search")
@signed_in
def search() -> str:
    """What ``?q=`` finds of one's requests, newest first; notes of staff are never looked at."""
    at, zone = wallclock.now(), http.zone()
    line = " ".join(request.args.get("q", "").replace("\0", " ").split())[:200]
    asked = searching.understand_kindly(line, http.sight().as_requester(), zone=zone, at=at)
    if asked.is_empty:
        return render_template("portal/search/search.html", line=line, found=None, page=None)
    page = listing.requests(asked, after=http.row_number("after"), before=http.row_number("before"))
    said = excerpts.of([ticket.id for ticket in page.rows], asked.sought, with_notes=False)
    rows = promises.rows_of(page.rows, reader=http.person(), zone=zone, at=at)
    found = [
        Found(
            row,
            highlighting.marked(row.ticket.subject, asked.sought),
            said[row.ticket.id].parts if row.ticket.id in said else (),
        )
        for row in rows
    ]
    return render_template("portal/search/search.html", line=line, found=found, page=page)
