"""System: the worker's health, and stuck work that waits for a person.

A ticket whose escalation raised again and again is looked at, tried again, or dropped with a
reason; jobs that fail are named until they go well.
"""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app import http, wallclock
from app.calendars import queries as calendars
from app.calendars import zone_rules
from app.claims import JOB
from app.clocks import checking, words
from app.errors import NotFound, Refusal
from app.escalation import dropping, parking
from app.escalation import queries as escalations
from app.http import admin_required, manager_required
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.manage import condition
from app.manage.blueprint import blueprint
from app.tickets import queries as tickets

NOT_TOLD_DAYS = 7


class DropForm(FlaskForm):
    """Why nobody is to be told any more."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        validators=[
            DataRequired(lazy_gettext("Say why this is dropped: the history keeps it.")),
            Length(max=500),
        ],
    )


@blueprint.get("/manage/system")
@manager_required
def system() -> str:
    """How the worker is, what is stuck, which jobs fail, and what is known of holidays."""
    at, zone = wallclock.now(), http.zone()
    found = condition.look(at, has_mail_server=bool(http.config().mail_server))
    return render_template(
        "manage/stuck/system.html",
        condition=found,
        reasons=found.reasons_in(lambda instant: words.instant(instant, zone, at)),
        stuck=parking.parked(),
        failing=[(job.name.removeprefix(JOB), job) for job in found.failing],
        not_told=escalations.count_not_told(at - timedelta(days=NOT_TOLD_DAYS)),
        not_told_days=NOT_TOLD_DAYS,
        calendars=calendars.holidays_known(),
        zones=zone_rules.releases(),
        checked=checking.last_report(),
        zone=zone,
        now=at,
    )


@blueprint.post("/manage/system/tickets/<int:ref>/trying")
@manager_required
def try_again(ref: int) -> BaseResponse:
    """Let the worker try a parked ticket again."""
    ticket = tickets.for_change(ref)
    parking.try_again(ticket.id, at=wallclock.now())
    flash(_("#%(ref)s is tried again.", ref=ref))
    return redirect(url_for("manage.system"), 303)


@blueprint.route("/manage/system/tickets/<int:ref>/dropping", methods=["GET", "POST"])
@admin_required
def drop(ref: int) -> str | BaseResponse:
    """What is due on a parked ticket; give it up with a reason."""
    ticket = tickets.find_ticket(http.sight(), ref)
    if ticket is None:
        raise NotFound("There is no such ticket.")
    trouble, form, at = parking.trouble_of(ref), DropForm(), wallclock.now()
    if form.validate_on_submit():
        with http.refusals_on(form):
            dropping.drop(
                tickets.for_change(ref), by=http.person(), reason=form.reason.data or "", at=at
            )
            flash(_("What was due on #%(ref)s is dropped: nobody is told.", ref=ref))
            return redirect(url_for("manage.system"), 303)
    try:
        due, problem = dropping.due_on(ticket, at=at), None
    except Refusal as refusal:
        due, problem = [], refusal.sentence
    return render_template(
        "manage/stuck/drop.html",
        ticket=ticket,
        trouble=trouble,
        due=due,
        problem=problem,
        form=form,
        zone=http.zone(),
        now=at,
    )
