"""Where a search of the desk stands: the line of its URL, and the neighbours of a ticket in it."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from flask import url_for

from app import http
from app.tickets.search import listing, searching
from app.tickets.search.searching import Search
from app.tickets.search.terms import Mistake


def understand(line: str, *, at: datetime) -> Search:
    """What ``line`` asks for on behalf of who is signed in; raises `Mistake`."""
    return searching.understand(line, http.sight(), zone=http.zone(), at=at)


def line_at(url: str) -> str | None:
    """The line of a URL that opens the search; None of any other."""
    parts = urlsplit(http.local_path(url) or "")
    if parts.path != url_for("desk.search") or parts.query.count("&") > 10:
        return None
    return parse_qs(parts.query).get("q", [None])[0]


def neighbours(line: str, ticket_id: int, *, at: datetime) -> tuple[int | None, int | None]:
    """The tickets shown before and after this one; nobody's where ``line`` says nothing."""
    try:
        search = understand(line, at=at)
    except Mistake:
        return None, None
    return (None, None) if search.is_empty else listing.neighbours(search, ticket_id)
