"""The shell around staff pages: the navigation with capped counts, and the worker's banner.

All counts of a page, and the worker's last tick, are one statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g, request, url_for

from app import http, wallclock
from app.clocks import words
from app.escalation import standing
from app.languages import gettext as _
from app.notices import bell
from app.people import naming
from app.people.naming import House
from app.tickets import filters, queue, views
from app.tickets.filters import Filter, Scope
from app.tickets.models import SavedView

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


@dataclass(frozen=True)
class NavItem:
    """One line of the navigation; ``count`` is None where there is none."""

    label: str
    url: str
    icon: str | None = None
    count: str | None = None
    current: bool = False


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


@dataclass(frozen=True)
class _Line:
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
    if "house" not in g:
        g.house = naming.house()
    found: House = g.house
    return found


def saved_views() -> Sequence[SavedView]:
    """The saved views of the signed-in person, read once a request."""
    if "saved_views" not in g:
        g.saved_views = views.listed(http.sight())
    found: Sequence[SavedView] = g.saved_views
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
    at = wallclock.now()
    groups = (_ready_made(), _saved(), _queues())
    wanted = [line.chosen for lines in groups for line in lines if line.chosen]
    wanted += [asked] if asked else []
    besides = (standing.last_tick, bell.unread)
    *found, last_tick, unread = queue.counts(http.sight(), wanted, at=at, besides=besides)
    http.know_unread(unread)
    count_of = {chosen: capped(count) for chosen, count in zip(wanted, found, strict=True)}

    def items(lines: list[_Line]) -> list[NavItem]:
        return [
            NavItem(
                line.label,
                line.url,
                line.icon,
                count_of[line.chosen] if line.chosen else None,
                current=request.path == line.url,
            )
            for line in lines
        ]

    return Navigation(
        views=items(groups[0]),
        saved=[
            *items(groups[1]),
            NavItem(
                _("All views"),
                url_for("desk.views"),
                "list",
                current=request.path == url_for("desk.views"),
            ),
        ],
        queues=[*items(groups[2]), _item(_("Set aside as spam"), "desk.spam")],
        manage=[_item(label, endpoint, icon) for label, endpoint, icon in _managed()],
        asked=count_of[asked] if asked else "",
        search_url=url_for("desk.search") if "desk.search" in current_app.view_functions else None,
        banner=_banner(standing.still_since(last_tick, at)),
    )


def _ready_made() -> list[_Line]:
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
            None if views.searched(view) else filters.read_query(view.query),
            "users" if view.is_shared else "star",
        )
        for view in saved_views()[:MOST_VIEWS]
    ]


def _queues() -> list[_Line]:
    """The queues of all teams, to a limited agent those of their own."""
    sight = http.sight()
    return [
        _Line(team.name, url_for("desk.team_queue", slug=team.slug), filters.of_team(team.id))
        for team in house().teams
        if not sight.is_limited or team.id in sight.team_ids
    ]


def _item(label: str, endpoint: str, icon: str | None = None) -> NavItem:
    url = url_for(endpoint)
    is_within = endpoint == "manage.agreements" and request.path.startswith("/agreements/")
    return NavItem(label, url, icon, current=is_within or request.path.startswith(url))


def _banner(since: Any) -> str | None:
    """The sentence that says since when escalations stand still; None while they run."""
    if since is None:
        return None
    said = words.instant(since, http.zone(), wallclock.now())
    return _("Escalations have not run since %(since)s.", since=said)


def _managed() -> list[tuple[str, str, str]]:
    pages = [
        (_("Weekly page"), "manage.weekly_newest", "chart"),
        (_("Macros"), "desk.macro_list", "reply"),
        (_("Teams and rotas"), "manage.teams", "users"),
    ]
    if not http.person().may_manage:
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
