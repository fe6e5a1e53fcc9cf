"""A forgotten password: the form that answers everybody alike, and the link's page."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.http import public
from app.languages import gettext as _
from app.people import resetting
from app.portal.blueprint import blueprint
from app.portal.door_forms import ForgottenForm, NewPasswordForm


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten_password() -> str | Response:
    """Ask for the address; the answer is the same whether an account has it."""
    form = ForgottenForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            resetting.ask(
                form.address.data,
                language=http.language(),
                network=request.remote_addr or "",
                at=wallclock.now(),
            )
            return redirect(url_for("portal.letter_sent"), 303)
    return render_template("portal/signing_in/forgotten.html", form=form)


@blueprint.route("/new-password/<reset_token>", methods=["GET", "POST"])
@public
def new_password(reset_token: str) -> str | Response:
    """Set the new password; every session ends, and the owner signs in with it."""
    person, form = resetting.person_of(reset_token, at=wallclock.now()), NewPasswordForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            resetting.set_new(reset_token, password=form.password.data, at=wallclock.now())
            flash(_("Your password is set. Sign in with it."))
            return http.leave(redirect(url_for("portal.sign_in"), 303))
    return render_template("portal/signing_in/new_password.html", form=form, address=person.address)
