"""Another password: for who knows the present one; every other session ends."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.account.blueprint import blueprint
from app.account.forms import PasswordForm
from app.http import signed_in
from app.languages import gettext as _
from app.people import resetting


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> str | Response:
    """Change the password; this browser stays signed in, with a new session."""
    form = PasswordForm()
    if form.validate_on_submit() and http.knows_password(form.current):
        with http.refusals_on(form):
            resetting.change(http.person(), password=form.password.data, at=wallclock.now())
            flash(_("Your password is changed. Every other session has ended."))
            return http.enter(redirect(url_for("account.sessions"), 303), http.person())
    return render_template("account/password.html", form=form)
