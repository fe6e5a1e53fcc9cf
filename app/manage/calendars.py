"""Calendars: the hours that promises count in, and other hours on a single day."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.agreements import exceptions, schedules
from app.agreements.schedules import Schedule
from app.clocks import words
from app.http import manager_required
from app.languages import gettext as _
from app.mail import words as mail_words
from app.manage import calendar_rows
from app.manage.blueprint import blueprint
from app.manage.calendar_forms import ExceptionForm
from app.tickets import recalculating
from app.tickets.recalculating import SHOWN, Preview


@blueprint.get("/manage/calendars")
@manager_required
def calendars() -> str:
    """Every calendar of a version that holds, will hold or still has open tickets."""
    at = wallclock.now()
    rows = calendar_rows.rows(at)
    return render_template(
        "manage/calendars/calendars.html",
        rows=rows,
        proposals=calendar_rows.proposals(rows, at),
    )


@blueprint.route(
    "/manage/calendars/<int:calendar_id>/versions/<int:version_id>/exceptions/new",
    methods=["GET", "POST"],
)
@manager_required
def except_day(calendar_id: int, version_id: int) -> str | Response:
    """Other hours on one day: first shown what it moves, then done."""
    at = wallclock.now()
    schedule = schedules.schedule(version_id, calendar_id)
    form, seen = ExceptionForm(data=_begun_with()), None
    if form.validate_on_submit():
        with http.refusals_on(form):
            if request.form.get("confirmed") == form.chosen:
                exceptions.except_day(
                    schedule.version,
                    schedule.hours,
                    on=form.on.data,
                    windows=form.hours,
                    name=form.name.data or "",
                    reason=form.reason.data,
                    by=http.person(),
                    at=at,
                )
                flash(
                    _(
                        "%(name)s has other hours on %(day)s. Both parties are told; "
                        "running promises follow now.",
                        name=schedule.name,
                        day=mail_words.day(form.on.data),
                    )
                )
                return redirect(url_for("manage.calendars"), 303)
            seen = _preview(schedule, form)
    zone = http.zone()
    return render_template(
        "manage/calendars/except_day.html",
        schedule=schedule,
        form=form,
        seen=seen,
        summary=calendar_rows.summary(seen) if seen else "",
        moves=seen.moves[:SHOWN] if seen else (),
        measure=words.measure,
        zone=zone,
        now=at,
    )


def _begun_with() -> dict[str, object]:
    """What the address of the form says, where a proposal led here; nonsense is left out."""
    found: dict[str, object] = {
        name: request.args.get(name, "") for name in ("name", "windows", "reason")
    }
    try:
        found["on"] = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        found["on"] = None
    return found


def _preview(schedule: Schedule, form: ExceptionForm) -> Preview:
    at = wallclock.now()
    edited = exceptions.edited_hours(
        schedule.version,
        schedule.hours,
        [exceptions.Day(form.on.data, form.hours, form.name.data or "")],
        at=at,
    )
    return recalculating.preview(schedule.version.id, schedule.hours.id, edited, at=at)
