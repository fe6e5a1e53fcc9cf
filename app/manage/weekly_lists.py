"""What stands behind the figures of a week: the promises, and the tickets, of each."""

from datetime import UTC, datetime
from typing import Any

from flask import render_template, request, url_for

from app import http, wallclock
from app.http import agent_required
from app.manage import loading, weekly_rows
from app.manage.blueprint import blueprint
from app.manage.weekly import choice
from app.measures import backlog, listing
from app.measures.backlog import Flow
from app.measures.listing import Key
from app.reports import subjects

ARGUMENTS = (
    "team",
    "agreement",
    "state",
    "measure",
    "service",
    "in-team",
    "priority",
    "flow",
)


@blueprint.get("/reports/weekly/<iso_week>/promises")
@agent_required
def weekly_promises(iso_week: str) -> str:
    """The promises that one figure counts, by due time, paged by key."""
    at = wallclock.now()
    subject = loading.subject()
    week = loading.week_or_404(iso_week, subject.zone, at=at)
    chosen = choice()
    after = Key.parse(request.args.get("after"))
    found, following = listing.page(subject.scope, chosen, week, at=at, after=after)
    zone = http.zone()
    causes = listing.causes(promise.ticket_id for promise in found)
    return render_template(
        "manage/weekly/promises.html",
        title=chosen.state.label,
        chosen=chosen,
        facets=subjects.facets(chosen),
        week=week,
        days=weekly_rows.days(week),
        subject=subject,
        lines=list(weekly_rows.lines(found, zone=zone, at=at, causes=causes)),
        first=after is None,
        following=_with(after=following) if following else None,
        beginning=_with(after=None),
    )


@blueprint.get("/reports/weekly/<iso_week>/tickets")
@agent_required
def weekly_tickets(iso_week: str) -> str:
    """The tickets that were open at the end of the week, new in it, or ended in it."""
    at = wallclock.now()
    subject = loading.subject()
    week = loading.week_or_404(iso_week, subject.zone, at=at)
    named = request.args.get("flow", "")
    flow = Flow(named) if named in list(Flow) else Flow.OPEN
    key = Key.parse(request.args.get("after"))
    after = (key.due_at or datetime.fromtimestamp(0, UTC), key.clock_id) if key else None
    found, following = backlog.page(subject.scope, flow, week, after=after)
    zone = http.zone()
    return render_template(
        "manage/weekly/tickets.html",
        title=flow.label,
        week=week,
        days=weekly_rows.days(week),
        subject=subject,
        tickets=[(weekly_rows.came(ticket.contact_at, zone, at), ticket) for ticket in found],
        first=after is None,
        following=_with(after=Key(*following)) if following else None,
        beginning=_with(after=None),
    )


def _with(*, after: Key | None) -> str:
    """This page's URL, from ``after`` on."""
    arguments: dict[str, Any] = {name: request.args.get(name) for name in ARGUMENTS}
    arguments["after"] = str(after) if after else None
    return url_for(str(request.endpoint), **(request.view_args or {}), **arguments)
