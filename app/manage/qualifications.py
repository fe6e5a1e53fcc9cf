"""Qualifications: which there are, which services require them, and who holds them."""

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import http, wallclock
from app.catalogue import queries as catalogue
from app.errors import NotFound
from app.http import manager_required
from app.languages import gettext as _
from app.manage.blueprint import blueprint
from app.manage.qualification_forms import HoldingForm, QualificationForm, RequirementForm
from app.people import queries as people
from app.qualifications import holding, offering


@blueprint.get("/manage/qualifications")
@manager_required
def qualifications() -> str:
    """Every qualification, what each service requires, and who holds what until when."""
    return render_template(
        "manage/qualifications/qualifications.html",
        qualifications=offering.qualifications(with_retired=True),
        services=catalogue.services(),
        required=offering.required(),
        held=holding.held_now(at=wallclock.now()),
        form=FlaskForm(),
    )


@blueprint.route("/manage/qualifications/new", methods=["GET", "POST"])
@manager_required
def new_qualification() -> str | Response:
    """Add a qualification."""
    form = QualificationForm()
    del form.is_retired
    if form.validate_on_submit():
        with http.refusals_on(form):
            made = offering.add(
                form.name.data or "", description=form.description.data or "", by=http.person()
            )
            flash(_("Services can require “%(name)s” now.", name=made.name))
            return redirect(url_for("manage.qualifications"), 303)
    return render_template("manage/qualifications/qualification.html", form=form, found=None)


@blueprint.route("/manage/qualifications/<qualification_key>", methods=["GET", "POST"])
@manager_required
def qualification(qualification_key: str) -> str | Response:
    """Change a qualification's words, or retire it."""
    found = offering.qualification(qualification_key)
    stands = {
        "name": found.name,
        "description": found.description,
        "is_retired": found.retired_at is not None,
    }
    form = QualificationForm(data=stands)
    if form.validate_on_submit():
        with http.refusals_on(form):
            offering.change(
                found,
                name=form.name.data or "",
                description=form.description.data or "",
                is_retired=bool(form.is_retired.data),
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("“%(name)s” was changed.", name=found.name))
            return redirect(url_for("manage.qualifications"), 303)
    return render_template("manage/qualifications/qualification.html", form=form, found=found)


@blueprint.route("/manage/qualifications/services/<service_key>", methods=["GET", "POST"])
@manager_required
def service_qualifications(service_key: str) -> str | Response:
    """Say what a service requires of those who work on it."""
    service = catalogue.find_service(service_key)
    if service is None:
        raise NotFound(_("There is no such service."))
    offered = {one.key: one for one in offering.qualifications()}
    now_required = [one.key for one in offering.required().get(service.id, ())]
    form = RequirementForm(qualifications=offered.values(), data={"wanted": now_required})
    if form.validate_on_submit():
        wanted = [offered[key] for key in form.wanted.data or ()]
        offering.require(service, wanted, by=http.person())
        flash(_("What %(name)s requires is kept.", name=service.name))
        return redirect(url_for("manage.qualifications"), 303)
    return render_template("manage/qualifications/service.html", form=form, service=service)


@blueprint.route("/manage/qualifications/held/new", methods=["GET", "POST"])
@manager_required
def new_held_qualification() -> str | Response:
    """Record that somebody holds a qualification."""
    offered = {one.key: one for one in offering.qualifications()}
    form = HoldingForm(
        people=people.agents(),
        qualifications=offered.values(),
        data={
            "person": request.args.get("person", type=int),
            "qualification": request.args.get("qualification"),
        },
    )
    if form.validate_on_submit():
        with http.refusals_on(form):
            who = people.person(form.person.data)
            holding.record(
                who,
                offered[form.qualification.data],
                since_on=form.since_on.data,
                expires_on=form.expires_on.data,
                proof=form.proof.data or "",
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("What %(name)s holds is recorded.", name=who.name))
            return redirect(url_for("manage.qualifications"), 303)
    return render_template("manage/qualifications/held.html", form=form)


@blueprint.post("/manage/qualifications/held/<int:held_id>/withdrawal")
@manager_required
def withdraw_held_qualification(held_id: int) -> Response:
    """Take an entry back: it counts no more."""
    held = holding.withdraw(held_id, by=http.person(), at=wallclock.now())
    flash(
        _(
            "“%(name)s” of %(holder)s counts no more.",
            name=held.qualification.name,
            holder=held.person.name,
        )
    )
    return redirect(url_for("manage.qualifications"), 303)
