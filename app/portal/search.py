"""The search of the portal: words in what one asked for, or reads along."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
from app.tickets import queries
from app.tickets.models import Ticket
from app.tickets.search import excerpts, highlighting, listing, offering, rewriting, searching
from app.tickets.search.highlighting import Part
from app.tickets.search.listing import Page
from app.tickets.search.searching import Search

MOST_OFFERED = 3
LIKE_A_FIELD = re.compile(r"-?[^\W\d_]+:(?!//)\S+")
"""A part of a line that may be meant for a field and its value; an address of the web is not."""


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

    Notes of staff are never looked at. Words that stand nowhere as they are typed are looked for as
    beginnings: nobody here need know of a star.
    """
    at, zone = wallclock.now(), http.zone()
    line = " ".join(request.args.get("q", "").replace("\0", " ").split())[:200]
    asked = _understood(line, at=at)
    if asked.is_empty:
        return _page(line, found=[] if line else None)
    page = _requests(asked)
    named = _named(asked, page)
    found_as = asked
    if not page.rows and not named:
        found_as, page = _as_beginnings(asked, page, at=at)
    tickets = [*named, *page.rows]
    said = excerpts.of([ticket.id for ticket in tickets], found_as.sought, with_notes=False)
    rows = promises.rows_of(tickets, reader=http.person(), zone=zone, at=at)
    found = [
        Found(
            row,
            highlighting.marked(row.ticket.subject, found_as.sought),
            said[row.ticket.id].parts if row.ticket.id in said else (),
        )
        for row in rows
    ]
    return _page(
        line,
        found=found,
        page=page,
        is_begun=found_as is not asked,
        offered=_offered(asked.sought),
        no_field="" if found else _no_field(line, at=at),
    )


def _understood(line: str, *, at: datetime) -> Search:
    sight = http.sight().as_requester()
    return searching.understand_kindly(line, sight, zone=http.zone(), at=at)


def _no_field(line: str, *, at: datetime) -> str:
    """The first part that looks like a field with its value and is none; empty without one."""
    parts = (part for part in line.split() if LIKE_A_FIELD.fullmatch(part))
    return next((part for part in parts if not _understood(part, at=at).held), "")


def _requests(asked: Search) -> Page[Ticket]:
    after, before = http.row_number("after"), http.row_number("before")
    return listing.requests(asked, after=after, before=before)


def _named(asked: Search, page: Page[Ticket]) -> Sequence[Ticket]:
    """The request whose number alone was typed: it is the first on the first page."""
    is_first = http.row_number("after") is None and http.row_number("before") is None
    is_found = any(ticket.id == asked.number for ticket in page.rows)
    if asked.number is None or is_found or not is_first:
        return ()
    ticket = queries.find_ticket(asked.sight, asked.number)
    return (ticket,) if ticket else ()


def _as_beginnings(
    asked: Search, nothing: Page[Ticket], *, at: datetime
) -> tuple[Search, Page[Ticket]]:
    """What is found where the words only begin so, or are spelled otherwise; else ``nothing``."""
    if asked.sought.phrases:
        for line in offering.others(rewriting.readable(asked.line)):
            other = _understood(line, at=at)
            page = _requests(other)
            if page.rows:
                return other, page
    return asked, nothing


def _page(line: str, **facts: Any) -> str:
    nothing: dict[str, Any] = {
        "found": None,
        "page": None,
        "is_begun": False,
        "offered": (),
        "no_field": "",
    }
    return render_template("portal/search/search.html", line=line, **{**nothing, **facts})


def _offered(sought: Sought) -> Sequence[RequestType]:
    """The requests one can make whose own words are among those looked for, or begin so."""
    looked_for = [word for phrase in sought.phrases for word in phrase.words]
    if not looked_for or min(map(len, looked_for)) < searching.SHORTEST:
        return ()
    return [kind for kind in catalogue.request_types() if _says(kind, looked_for)][:MOST_OFFERED]


def _says(kind: RequestType, looked_for: Sequence[str]) -> bool:
    own = words_of(f"{kind.name} {kind.title} {kind.service.name}")
    return all(any(word.startswith(begun) for word in own) for begun in looked_for)
