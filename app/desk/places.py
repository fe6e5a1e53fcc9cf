"""Where in the desk's lists somebody is: a list with its filter, and a ticket's place in it.

A list's URL says all of it. A row's link carries that URL and the row's place, so that the ticket
page leads back, and on to the tickets before and after it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, request, session, url_for
from werkzeug.exceptions import HTTPException

from app import http, shell, wallclock
from app.desk import found
from app.errors import NotFound
from app.languages import gettext as _
from app.tickets import filters, queue, views
from app.tickets.filters import Field, Filter, Scope
from app.tickets.models import Ticket
from app.tickets.queue import Key
from app.tickets.views import View

LONGEST = 1500
MOST, ROOM = 12, 1500
"""Of how many tickets it is remembered where they were opened from, and in how many characters."""
Opened = tuple[int, str, str]
"""A ticket, the URL of the list that it was opened from, and its place there."""
Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Place:
    """A list of the queue: its name, its filter, and the list it is a narrower form of.

    ``base`` is what the list's bare URL shows; ``saved`` is the saved view, where it is one.
    """

    title: str
    chosen: Filter
    base: Filter
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    saved: View | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether filters beyond the list's own are set."""
        return self.chosen != self.base

    @cached_property
    def path(self) -> str:
        """The list's URL without any filter."""
        return url_for(self.endpoint, **self.values)

    @cached_property
    def url(self) -> str:
        """The list's URL with its filters, at its beginning."""
        return self.url_of(self.chosen)

    def url_of(self, chosen: Filter, **more: str) -> str:
        """The URL of this list under another filter; ``more`` are further arguments."""
        pairs = [] if chosen == self.base else self._said(chosen)
        query = urlencode([*pairs, *more.items()])
        return f"{self.path}?{query}" if query else self.path

    def _said(self, chosen: Filter) -> Sequence[tuple[str, str]]:
        if self.saved is not None:  # its own filter no longer holds: all is said anew
            return parse_qsl(chosen.query)
        return [pair for pair in chosen.pairs if pair not in self.base.pairs]


@dataclass(frozen=True)
class Around:
    """What a ticket page was opened from, and its neighbours there (None where there is none)."""

    title: str
    back_url: str
    previous_url: str | None
    next_url: str | None


def place(endpoint: str, values: Mapping[str, Any], pairs: Pairs) -> Place:
    """The list at an endpoint with these arguments of its URL; `NotFound` where there is none."""
    match endpoint:
        case "desk.view":
            return _ready_made(str(values["scope"]), pairs)
        case "desk.saved_view":
            return _saved(int(values["view_id"]), list(pairs))
        case "desk.team_queue":
            return _team_queue(str(values["slug"]), pairs)
    raise NotFound("There is no such list.")


def place_at(url: str) -> Place:
    """The list that a local URL opens; `NotFound` where it opens none."""
    parts = urlsplit(http.local_path(url) or "")
    adapter = current_app.url_map.bind("")
    try:
        endpoint, values = adapter.match(parts.path, method="GET")
    except HTTPException:
        raise NotFound("There is no such list.") from None
    pairs = parse_qsl(parts.query) if parts.query.count("&") < 100 else []
    return place(str(endpoint), values, pairs)


def ticket_urls(list_url: str) -> Callable[[int, Key], str]:
    """Makes the URL of a ticket's page, as one row of a list: of its id and its key there."""
    path = url_for("desk.ticket", ref=0).removesuffix("0")
    within = urlencode({"in": list_url}, safe="/")
    return lambda ticket_id, key: f"{path}{ticket_id}?key={key}&{within}"


def url_within(list_url: str, endpoint: str, **values: Any) -> str:
    """The URL of something that leads back to the list at ``list_url``."""
    return url_for(endpoint, **{**values, "in": list_url})


def around(ticket: Ticket) -> Around:
    """Where this ticket page was opened from, with the tickets before and after it.

    The browser's own cookie remembers it of the last tickets, while deeds lead back to them.
    """
    list_url, key = _opened_from(ticket)
    line = found.line_at(list_url) if list_url else None
    if line is not None and list_url is not None and key is not None:
        return _around_found(line, list_url, key)
    try:
        here = place_at(list_url) if list_url else None
    except NotFound:
        here = None
    if here is None or key is None:
        start = place("desk.view", {"scope": Scope.NEEDS_AGENT.value}, ())
        return Around(start.title, start.url, None, None)
    at = wallclock.now()
    before, after = queue.neighbours(http.sight(), here.chosen, key, at=at)
    url_of = ticket_urls(here.url)
    urls = [url_of(each.ticket_id, each) if each else None for each in (before, after)]
    return Around(here.title, here.url, *urls)


def _around_found(line: str, list_url: str, key: Key) -> Around:
    """The tickets before and after one that a search found."""
    at = wallclock.now()
    both = found.neighbours(line, key.ticket_id, at=at)
    url_of = ticket_urls(list_url)
    urls = [url_of(each, key._replace(ticket_id=each)) if each else None for each in both]
    return Around(_("Search: %(line)s", line=line), list_url, *urls)


def _opened_from(ticket: Ticket) -> tuple[str | None, Key | None]:
    list_url, key = request.args.get("in", ""), Key.parse(request.args.get("key"))
    places = _remembered()
    if list_url and key is not None and len(list_url) <= LONGEST:
        here = (ticket.id, list_url, str(key))
        session["places"] = _newest([*(each for each in places if each[0] != ticket.id), here])
        return list_url, key
    found = next((each for each in places if each[0] == ticket.id), None)
    return (found[1], Key.parse(found[2])) if found else (None, None)


def _remembered() -> list[Opened]:
    """What the cookie says of tickets and where they were opened from, the newest last."""
    kept = session.get("places")
    lines = kept if isinstance(kept, list) else []
    return [
        (line[0], str(line[1]), str(line[2]))
        for line in lines
        if isinstance(line, list | tuple) and len(line) == 3 and isinstance(line[0], int)
    ]


def _newest(places: Sequence[Opened]) -> list[Opened]:
    """As many of the newest as a cookie has room for, one at least."""
    kept = list(places[-MOST:])
    while len(kept) > 1 and sum(len(url) for _, url, _ in kept) > ROOM:
        del kept[0]
    return kept


def _ready_made(name: str, pairs: Pairs) -> Place:
    if name not in list(Scope):
        raise NotFound("There is no such view.")
    scope = Scope(name)
    chosen = replace(filters.read(pairs), scope=scope)
    return Place(scope.label, chosen, Filter(scope=scope), "desk.view", {"scope": name})


def _saved(view_id: int, pairs: Sequence[tuple[str, str]]) -> Place:
    view = next((each for each in shell.saved_views() if each.id == view_id), None)
    if view is None or views.searched_in(view.query) is not None:
        raise NotFound("There is no such view.")
    base = filters.read_query(view.query)
    is_changed = any(name == filters.SCOPE for name, _ in pairs)
    chosen = filters.read(pairs) if is_changed else base
    return Place(view.name, chosen, base, "desk.saved_view", {"view_id": view_id}, saved=view)


def _team_queue(slug: str, pairs: Pairs) -> Place:
    team = next((team for team in shell.house().teams if team.slug == slug), None)
    if team is None:
        raise NotFound("There is no such queue.")
    base = filters.of_team(team.id)
    narrowed = filters.read(pairs)
    own = base.find(Field.TEAM)
    chosen = narrowed.within(own) if own else narrowed
    ordered = tuple(sorted(chosen.wanted, key=lambda each: list(Field).index(each.field)))
    return Place(
        team.name, replace(chosen, wanted=ordered), base, "desk.team_queue", {"slug": slug}
    )
