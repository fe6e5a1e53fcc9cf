"""The queue page: open tickets, soonest deadline first, filters in the URL."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, shell, wallclock
from app.catalogue.words import Priority
from app.desk import horizon, rows
from app.desk.blueprint import blueprint
from app.errors import NotFound
from app.http import agent_required
from app.people import queries as people
from app.tickets import queue
from app.tickets.queue import Filter, Key, Scope
from app.tickets.words import Status


@blueprint.get("", endpoint="queue")
@agent_required
def queue_home() -> Response:
    """Go to the default queue."""
    return redirect(url_for("desk.view", scope=Scope.NEEDS_AGENT.value), 302)


@blueprint.get("/views/<scope>")
@agent_required
def view(scope: str) -> str:
    """One of the ready-made views."""
    try:
        chosen = Scope(scope)
    except ValueError:
        raise NotFound("There is no such view.") from None
    return _page(_filter(Filter(scope=chosen)), title=chosen.label)


@blueprint.get("/queues/<slug>")
@agent_required
def team_queue(slug: str) -> str:
    """The open tickets of one team."""
    team = next((team for team in people.teams() if team.slug == slug), None)
    if team is None:
        raise NotFound("There is no such queue.")
    return _page(_filter(Filter(scope=Scope.ALL_OPEN, team_id=team.id)), title=team.name)


def _filter(base: Filter) -> Filter:
    """The filter of the URL; what makes no sense in it is no filter."""
    status = _member(Status, request.args.get("status"))
    priority = _member(Priority, request.args.get("priority"))
    team = http.row_number("team")
    assignee = http.row_number("assignee")
    return replace(
        base,
        status=status,
        priority=priority,
        team_id=base.team_id or team,
        assignee_id=assignee,
    )


def _member(kind: Any, value: str | None) -> Any:
    return kind(value) if value in [member.value for member in kind] else None


def _page(chosen: Filter, *, title: str) -> str:
    at = wallclock.now()
    sight = http.sight()
    zone = http.zone()
    found = queue.page(
        sight,
        chosen,
        at=at,
        after=Key.parse(request.args.get("after")),
        before=Key.parse(request.args.get("before")),
    )
    shown = rows.shown(found.rows, zone=zone, at=at)
    return render_template(
        "desk/queue/queue.html",
        title=title,
        rows=shown,
        page=found,
        count=shell.capped(queue.count(sight, chosen, at=at)),
        horizon=horizon.of(shown, zone=zone, at=at),
        zone_name=at.astimezone(rows.zoneinfo(zone)).tzname(),
        filters=_shown_filters(chosen),
        statuses=[status for status in Status if status.is_open],
        priorities=list(Priority),
        teams=people.teams(),
        chosen=chosen,
        link=_link,
    )


def _link(**changes: Any) -> str:
    """This page's URL with some of its arguments changed; None takes one away."""
    arguments = {**request.args.to_dict(), **changes}
    if "after" not in changes and "before" not in changes:
        arguments.pop("after", None)
        arguments.pop("before", None)
    kept = {key: str(value) for key, value in arguments.items() if value not in (None, "")}
    values: dict[str, Any] = {**(request.view_args or {}), **kept}
    return url_for(request.endpoint or "desk.queue", **values)


def _shown_filters(chosen: Filter) -> list[tuple[str, str, str]]:
    """What is filtered: (what, value, the URL without it)."""
    found = []
    if chosen.status:
        found.append(("Status", chosen.status.label, _link(status=None)))
    if chosen.priority:
        found.append(("Priority", chosen.priority.label, _link(priority=None)))
    if chosen.team_id and request.args.get("team"):
        names = {team.id: team.name for team in people.teams()}
        found.append(("Team", names.get(chosen.team_id, "unknown"), _link(team=None)))
    return found
