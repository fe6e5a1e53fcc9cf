"""The search of the portal: words in what one asked for, or reads along."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from app import http, wallclock
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.fulltext.words import Sought, words_of
from app.http import signed_in
from app.portal import promises
from app.portal.blueprint import blueprint
from app.portal.promises import Row
from app.tickets.search import excerpts, highlighting, listing, searching
from app.tickets.search.highlighting import Part

MOST_OFFERED = 3


@dataclass(frozen=True)
class Found:
    """One request that was found, with what was looked for marked."""

    item: Row
    subject: Sequence[Part]
    excerpt: Sequence[Part]


@blueprint.get("/portal/search")
@signed_in
def search() -> str:
    """What ``?q=`` finds of one's requests, newest first, and of what can be asked for.

    Notes of staff are never looked at.
    """
    at, zone = wallclock.now(), http.zone()
    line = " ".join(request.args.get("q", "").replace("\0", " ").split())[:200]
    asked = searching.understand_kindly(line, http.sight().as_requester(), zone=zone, at=at)
    if asked.is_empty:
        return _page(line)
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
    return _page(line, found=found, page=page, offered=_offered(asked.sought))


def _page(line: str, **facts: Any) -> str:
    empty: dict[str, Any] = {"found": None, "page": None, "offered": ()}
    return render_template("portal/search/search.html", line=line, **{**empty, **facts})


def _offered(sought: Sought) -> Sequence[RequestType]:
    """The requests one can make whose own words are among those looked for, or begin so."""
    looked_for = [word for phrase in sought.phrases for word in phrase.words]
    if not looked_for or min(map(len, looked_for)) < searching.SHORTEST:
        return ()
    return [kind for kind in catalogue.request_types() if _says(kind, looked_for)][:MOST_OFFERED]


def _says(kind: RequestType, looked_for: Sequence[str]) -> bool:
    own = words_of(f"{kind.name} {kind.title} {kind.service.name}")
    return all(any(word.startswith(begun) for word in own) for begun in looked_for)
