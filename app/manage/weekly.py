"""The weekly page: the permalink of a week, its CSV, and the way to the newest."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import http, wallclock
from app.catalogue.words import Priority
from app.http import agent_required
from app.manage import loading, weekly_rows
from app.manage.blueprint import blueprint
from app.measures.cohort import Choice, State
from app.measures.weeks import Week
from app.reports import subjects, weekly_csv
from app.reports import weekly as report
from app.reports.weekly import WeeklyPage


@blueprint.get("/reports/weekly")
@agent_required
def weekly_newest() -> BaseResponse:
    """Go to the newest week that is over."""
    subject = loading.subject()
    newest = Week.of(wallclock.now(), subject.zone).moved(-1)
    named: dict[str, Any] = subject.arguments
    return redirect(url_for("manage.weekly", iso_week=newest.name, **named), 302)


@blueprint.get("/reports/weekly/<iso_week>")
@agent_required
def weekly(iso_week: str) -> str:
    """The week on one page; ``team=`` or ``agreement=`` narrow it."""
    page = _page(iso_week)
    zone = http.zone()
    return render_template(
        "manage/weekly/weekly.html",
        page=page,
        shown=weekly_rows.shown(page, zone=zone),
        promises=lambda choice, **changes: promises_url(page, choice, **changes),
        others=subjects.others(),
        State=State,
    )


@blueprint.get("/reports/weekly/<iso_week>.csv")
@agent_required
def weekly_table(iso_week: str) -> Response:
    """The same figures as a table."""
    page = _page(iso_week)
    name = "-".join(["weekly", page.week.name, *page.subject.arguments.values()])
    table = Response(weekly_csv.text(page), mimetype="text/csv")
    return http.saved_as(table, f"{name}.csv")


def promises_url(page: WeeklyPage, choice: Choice, *, state: State | None = None) -> str:
    """The list of exactly the promises that a figure of ``page`` counts."""
    arguments: dict[str, Any] = {
        **page.subject.arguments,
        "state": (state or choice.state).value,
        "measure": choice.measure,
        "service": choice.service_id,
        "in-team": choice.team_id,
        "priority": choice.priority.value if choice.priority else None,
    }
    return url_for(
        "manage.weekly_promises",
        iso_week=page.week.name,
        **{key: value for key, value in arguments.items() if value is not None},
    )


def choice() -> Choice:
    """What of the week the URL asks for; what makes no sense in it is no choice."""
    states = [state.value for state in State]
    state, priority = request.args.get("state"), request.args.get("priority")
    return Choice(
        state=State(state) if state in states else State.COUNTED,
        measure=request.args.get("measure", type=_measure),
        service_id=request.args.get("service", type=_id),
        team_id=request.args.get("in-team", type=_id),
        priority=Priority(priority) if priority in list(Priority) else None,
    )


def _page(iso_week: str) -> WeeklyPage:
    at = wallclock.now()
    subject = loading.subject()
    week = loading.week_or_404(iso_week, subject.zone, at=at)
    return report.compose(subject, week, at=at)


def _measure(text: str) -> str:
    """The key of a measure; `ValueError` for what is none (PostgreSQL takes no NUL)."""
    if not (text.isascii() and text.isidentifier()):
        raise ValueError(text)
    return text


def _id(text: str) -> int:
    """An id of the URL; `ValueError` for what no column could hold."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValueError(text)
    return int(text)
