"""Contingency plans: listed, written and changed by managers."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app import http
from app.catalogue import plans as verbs
from app.catalogue import queries as catalogue
from app.catalogue.models import ContingencyPlan, Service
from app.http import manager_required
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.manage.blueprint import blueprint


class PlanForm(FlaskForm):
    """A plan's words: its steps are the lines of a text."""

    key = StringField(
        lazy_gettext("Key"),
        validators=[
            DataRequired(lazy_gettext("Give it a key.")),
            Length(max=verbs.LONGEST["key"]),
        ],
    )
    title = StringField(
        lazy_gettext("Title"),
        validators=[
            DataRequired(lazy_gettext("Give it a title.")),
            Length(max=verbs.LONGEST["title"]),
        ],
    )
    service = SelectField(lazy_gettext("Service"))
    steps = TextAreaField(
        lazy_gettext("Steps"),
        validators=[DataRequired(lazy_gettext("Write the steps.")), Length(max=20000)],
    )
    is_active = BooleanField(lazy_gettext("In use: ladders and agents may start it"))

    def __init__(self, *, services: Iterable[Service], **kwargs: Any) -> None:
        """``services`` may be chosen, or none of them."""
        super().__init__(**kwargs)
        names = [(service.key, service.name) for service in services]
        self.service.choices = [("", _("Any service")), *names]

    @property
    def lines(self) -> list[str]:
        """The steps as they were written."""
        return (self.steps.data or "").splitlines()


@blueprint.get("/manage/plans")
@manager_required
def plans() -> str:
    """Every plan, and what it is called in agreement files."""
    names = {service.id: service.name for service in catalogue.services()}
    return render_template("manage/plans/plans.html", plans=verbs.plans(), services=names)


@blueprint.route("/manage/plans/new", methods=["GET", "POST"])
@manager_required
def new_plan() -> str | Response:
    """Write a plan."""
    form = PlanForm(services=catalogue.services(), data={"is_active": True})
    del form.is_active
    if form.validate_on_submit():
        with http.refusals_on(form):
            plan = verbs.add(
                form.key.data or "",
                title=form.title.data or "",
                service=_service(form),
                steps=form.lines,
            )
            flash(_("The plan “%(title)s” can be started.", title=plan.title))
            return redirect(url_for("manage.plans"), 303)
    return render_template("manage/plans/plan.html", form=form, plan=None)


@blueprint.route("/manage/plans/<plan_key>", methods=["GET", "POST"])
@manager_required
def plan(plan_key: str) -> str | Response:
    """Change a plan; its key stays, for agreements name it."""
    found = verbs.plan(plan_key)
    form = PlanForm(services=catalogue.services(), data=_as_form(found))
    del form.key
    if form.validate_on_submit():
        with http.refusals_on(form):
            verbs.change(
                found,
                title=form.title.data or "",
                service=_service(form),
                steps=form.lines,
                is_active=bool(form.is_active.data),
            )
            flash(_("The plan “%(title)s” was changed.", title=found.title))
            return redirect(url_for("manage.plans"), 303)
    return render_template("manage/plans/plan.html", form=form, plan=found)


def _service(form: PlanForm) -> Service | None:
    return catalogue.find_service(form.service.data) if form.service.data else None


def _as_form(found: ContingencyPlan) -> dict[str, Any]:
    keys = {service.id: service.key for service in catalogue.services()}
    return {
        "title": found.title,
        "service": keys.get(found.service_id or 0, ""),
        "steps": "\n".join(found.steps),
        "is_active": found.is_active,
    }
