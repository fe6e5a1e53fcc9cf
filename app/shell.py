"""The shell around staff pages: the navigation with capped counts, and the worker's banner."""

from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

from app import http, wallclock
from app.clocks import words
from app.escalation import standing
from app.languages import gettext as _
from app.people import queries as people
from app.tickets import queue
from app.tickets.queue import Filter, Scope

ICONS = {
    Scope.NEEDS_AGENT: "inbox",
    Scope.MINE: "user",
    Scope.UNASSIGNED: "users",
    Scope.OVER: "risk",
    Scope.WAITING_REQUESTER: "pause",
    Scope.WAITING_VENDOR: "pause",
    Scope.ALL_OPEN: "list",
}
CAP = 100


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
    """The three groups of the navigation."""

    views: list[NavItem] = field(default_factory=list)
    queues: list[NavItem] = field(default_factory=list)
    manage: list[NavItem] = field(default_factory=list)


def capped(count: int) -> str:
    """A count for the screen: ``99+`` from a hundred on."""
    return "99+" if count >= CAP else str(count)


def current() -> Navigation:
    """The navigation for the signed-in member of staff."""
    sight, at = http.sight(), wallclock.now()
    here = request.path

    def item(
        label: str, endpoint: str, icon: str | None, chosen: Filter | None, **values: Any
    ) -> NavItem:
        url = url_for(endpoint, **values)
        count = capped(queue.count(sight, chosen, at=at, cap=CAP)) if chosen else None
        return NavItem(label, url, icon, count, current=here == url)

    return Navigation(
        views=[
            item(scope.label, "desk.view", ICONS[scope], Filter(scope=scope), scope=scope.value)
            for scope in Scope
        ],
        queues=[
            item(team.name, "desk.team_queue", None, Filter(team_id=team.id), slug=team.slug)
            for team in people.teams()
        ],
        manage=[
            NavItem(label, url_for(endpoint), icon, None, here.startswith(url_for(endpoint)))
            for label, endpoint, icon in _managed()
        ],
    )


def context() -> dict[str, Any]:
    """What the shell's template needs; nothing while nobody of the staff is signed in."""
    person = http.find_person()
    if person is None or not person.is_agent:
        return {"navigation": Navigation(), "worker_banner": None}
    return {"navigation": current(), "worker_banner": _banner()}


def _banner() -> str | None:
    """The sentence that says since when escalations stand still; None while they run."""
    at = wallclock.now()
    since = standing.standing_still_since(at)
    if since is None:
        return None
    zone = http.zone()
    return f"Escalations have not run since {words.instant(since, zone, at)}."


def _managed() -> list[tuple[str, str, str]]:
    pages = [
        ("Weekly page", "manage.weekly_newest", "chart"),
        ("Teams and rotas", "manage.teams", "users"),
    ]
    if not http.person().may_manage:
        return [*pages, ("My absences", "manage.own_absence", "cal")]
    return [
        *pages,
        ("Absences", "manage.absences", "cal"),
        (_("Who sees what"), "manage.sight", "eye"),
        ("Ladders", "manage.ladders", "ladder"),
        ("Calendars", "manage.calendars", "clock"),
        ("Contingency plans", "manage.plans", "book"),
        ("Letters", "manage.letters", "mail"),
        ("System", "manage.system", "gear"),
    ]
