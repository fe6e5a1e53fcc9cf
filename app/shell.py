"""The shell around staff pages: the navigation with capped counts, and the worker's banner.

All counts of a page, and the worker's last tick, are one statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from flask import g, request, url_for
from markupsafe import Markup

from app import http, languages, wallclock
from app.clocks import words
from app.escalation import standing
from app.http import markup
from app.http.markup import text
from app.languages import gettext as _
from app.notices import bell
from app.people.naming import House
from app.tickets import filters, menus, queue, views
from app.tickets.filters import Filter, Scope
from app.tickets.menus import Menus
from app.tickets.views import View

ICONS = {
    Scope.NEEDS_AGENT: "inbox",
    Scope.MINE: "user",
    Scope.UNASSIGNED: "users",
    Scope.AT_RISK: "risk",
    Scope.WAITING_REQUESTER: "pause",
    Scope.WAITING_VENDOR: "pause",
    Scope.ALL_OPEN: "list",
}
MANY = "99+"
MOST_VIEWS = 12
"""Saved views with a line of their own; the rest are on the page of views."""


class NavItem(NamedTuple):
    """One line of the navigation; ``number`` is that of its tickets, None where none is told."""

    label: str
    url: str
    icon: str | None = None
    number: str | None = None
    current: bool = False

    def __html__(self) -> Markup:
        """The line as it stands in a page."""
        return _drawn(self, markup.icon(self.icon) if self.icon else "")


@dataclass(frozen=True)
class Navigation:
    """The groups of the navigation; ``asked`` is the count of the filter on the page."""

    views: list[NavItem] = field(default_factory=list)
    saved: list[NavItem] = field(default_factory=list)
    queues: list[NavItem] = field(default_factory=list)
    manage: list[NavItem] = field(default_factory=list)
    asked: str = ""
    search_url: str | None = None
    banner: str | None = None


class _Line(NamedTuple):
    """A line whose tickets are counted; a search has no count."""

    label: str
    url: str
    chosen: Filter | None
    icon: str | None = None


def capped(count: int) -> str:
    """A count for the screen: ``99+`` from a hundred on."""
    return MANY if count >= queue.CAP else str(count)


def is_capped(count: str) -> bool:
    """Whether the count on the screen is no exact one."""
    return count == MANY


def house() -> House:
    """The names of teams, agents and organisations, read once a request."""
    return _menus().house


def saved_views() -> Sequence[View]:
    """The saved views of the signed-in person, read once a request."""
    return _menus().views


def _menus() -> Menus:
    if "menus" not in g:
        g.menus = menus.of(http.sight())
    found: Menus = g.menus
    return found


def current(asked: Filter | None = None) -> Navigation:
    """The navigation for the signed-in member of staff, worked out once a request.

    A page that shows ``asked`` calls this first, so that its count comes with the others.
    """
    if "navigation" not in g:
        g.navigation = _navigation(asked)
    found: Navigation = g.navigation
    return found


def context() -> dict[str, Any]:
    """What the shell's template needs; nothing while nobody of the staff is signed in."""
    person = http.find_person()
    if person is None or not person.is_agent:
        return {"navigation": Navigation(), "worker_banner": None}
    navigation = current()
    return {"navigation": navigation, "worker_banner": navigation.banner}


def _navigation(asked: Filter | None) -> Navigation:
    at, path = wallclock.now(), request.path
    language, root = languages.spoken(), request.root_path
    ready_made, saved, queues = _ready_made(language, root), _saved(), _queues()
    wanted = [line.chosen for line in (*ready_made, *saved, *queues) if line.chosen]
    wanted += [asked] if asked else []
    besides = (standing.last_tick, bell.unread)
    *found, last_tick, unread = queue.counts(http.sight(), wanted, at=at, besides=besides)
    http.know_unread(unread)
    counts = map(capped, found)

    def items(lines: Sequence[_Line]) -> list[NavItem]:
        return [
            NavItem(label, url, icon, next(counts) if chosen else None, path == url)
            for label, url, chosen, icon in lines
        ]

    all_views, spam, *manage = _pages(language, root, may_manage=http.person().may_manage)
    return Navigation(
        views=items(ready_made),
        saved=[*items(saved), all_views._replace(current=path == all_views.url)],
        queues=[*items(queues), _at(spam, path)],
        manage=[_at(item, path) for item in manage],
        asked=next(counts) if asked else "",
        search_url=url_for("desk.search"),
        banner=_banner(standing.still_since(last_tick, at)),
    )


@lru_cache(maxsize=4096)
def _drawn(item: NavItem, icon: str) -> Markup:
    count = f'<b class="count">{text(item.number)}</b>' if item.number else ""
    current = ' aria-current="page"' if item.current else ""
    return Markup(
        f'<li><a href="{text(item.url)}"{current}>{icon}'
        f"<span>{text(item.label)}</span>{count}</a></li>"
    )


@lru_cache(maxsize=64)
def _ready_made(_language: str, _root: str) -> Sequence[_Line]:
    return [
        _Line(
            scope.label, url_for("desk.view", scope=scope.value), Filter(scope=scope), ICONS[scope]
        )
        for scope in Scope
    ]


def _saved() -> list[_Line]:
    return [
        _Line(
            view.name,
            url_for("desk.saved_view", view_id=view.id),
            None if views.searched_in(view.query) else filters.read_query(view.query),
            "users" if view.is_shared else "star",
        )
        for view in saved_views()[:MOST_VIEWS]
    ]


def _queues() -> list[_Line]:
    """The queues of all teams, to a limited agent those of their own."""
    sight = http.sight()
    lines = _of_teams(house(), request.root_path)
    return [line for id_, line in lines if not sight.is_limited or id_ in sight.team_ids]


@lru_cache(maxsize=16)
def _of_teams(named: House, _root: str) -> Sequence[tuple[int, _Line]]:
    return [
        (
            team.id,
            _Line(team.name, url_for("desk.team_queue", slug=team.slug), filters.of_team(team.id)),
        )
        for team in named.teams
    ]


def _at(item: NavItem, path: str) -> NavItem:
    """``item`` as a page at ``path`` shows it: what lies within is marked."""
    if path.startswith("/agreements/"):
        return item._replace(current=item.url == url_for("manage.agreements"))
    return item._replace(current=path.startswith(item.url))


@lru_cache(maxsize=64)
def _pages(_language: str, _root: str, *, may_manage: bool) -> Sequence[NavItem]:
    """All views, what is set aside as spam, and the pages of who manages, in this order."""
    pages = [
        (_("All views"), "desk.views", "list"),
        (_("Set aside as spam"), "desk.spam", None),
        *_managed(may_manage=may_manage),
    ]
    return [NavItem(label, url_for(endpoint), icon) for label, endpoint, icon in pages]


def _banner(since: Any) -> str | None:
    """The sentence that says since when escalations stand still; None while they run."""
    if since is None:
        return None
    said = words.instant(since, http.zone(), wallclock.now())
    return _("Escalations have not run since %(since)s.", since=said)


def _managed(*, may_manage: bool) -> list[tuple[str, str, str]]:
    pages = [
        (_("Weekly page"), "manage.weekly_newest", "chart"),
        (_("Macros"), "desk.macro_list", "reply"),
        (_("Teams and rotas"), "manage.teams", "users"),
    ]
    if not may_manage:
        return [*pages, (_("My absences"), "manage.own_absence", "cal")]
    return [
        *pages,
        (_("Absences"), "manage.absences", "cal"),
        (_("Who sees what"), "manage.sight", "eye"),
        (_("Grants"), "proposals.grants", "users"),
        (_("Agreements"), "manage.agreements", "doc"),
        (_("Reviews and dates"), "agenda.reviews", "cal"),
        (_("Ladders"), "manage.ladders", "ladder"),
        (_("Calendars"), "manage.calendars", "clock"),
        (_("Contingency plans"), "manage.plans", "book"),
        (_("Disputes"), "hearings.disputes", "scales"),
        (_("Qualifications"), "manage.qualifications", "met"),
        (_("Letters"), "manage.letters", "mail"),
        (_("System"), "manage.system", "gear"),
    ]
