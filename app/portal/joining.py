"""Joining: a form that answers everybody alike, and the page behind the letter's link."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.http import public
from app.languages import gettext as _
from app.people import signing_up
from app.portal.blueprint import blueprint
from app.portal.door_forms import JoiningForm, WelcomeForm


@blueprint.route("/join", methods=["GET", "POST"])
@public
def sign_up() -> str | Response:
    """Ask for name and address; whoever has an account learns so by letter alone."""
    form = JoiningForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            signing_up.ask(
                form.name.data,
                form.address.data,
                language=http.language(),
                network=request.remote_addr or "",
                known_only=http.config().sign_up == "known",
                at=wallclock.now(),
            )
            return redirect(url_for("portal.letter_sent"), 303)
    return render_template("portal/signing_in/join.html", form=form)


@blueprint.get("/letter-sent")
@public
def letter_sent() -> str:
    """What to do now that a letter is on its way; it does not say which one.

    With ``?about=request`` it leads to a request, and goes to whom that still concerns.
    """
    leads_on = request.args.get("about") == "request"
    return render_template("portal/signing_in/letter_sent.html", leads_on=leads_on)


@blueprint.route("/join/<join_token>", methods=["GET", "POST"])
@public
def sign_up_by_link(join_token: str) -> str | Response:
    """Choose a password, and come in."""
    form = WelcomeForm(data={"name": signing_up.name_of(join_token, at=wallclock.now())})
    if form.validate_on_submit():
        with http.refusals_on(form):
            person = signing_up.join(
                join_token, name=form.name.data, password=form.password.data, at=wallclock.now()
            )
            flash(_("Welcome, %(name)s.", name=person.name))
            return http.enter(redirect(url_for("portal.root"), 303), person)
    return render_template("portal/signing_in/welcome.html", form=form)
