"""Another mail address: asked for with the password, proven by a link in its mailbox."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.account.blueprint import blueprint
from app.account.forms import AddressForm, PressForm
from app.http import signed_in
from app.languages import gettext as _
from app.people import readdressing


@blueprint.route("/account/address", methods=["GET", "POST"])
@signed_in
def address() -> str | Response:
    """Ask for another address; a link to the new mailbox proves it."""
    form = AddressForm()
    if form.validate_on_submit() and http.knows_password(form.current):
        with http.refusals_on(form):
            readdressing.ask(
                http.person(),
                form.address.data,
                network=request.remote_addr or "",
                at=wallclock.now(),
            )
            flash(_("A letter with a link is on its way to the new address."))
            return redirect(url_for("account.address"), 303)
    return render_template("account/address.html", form=form, address=http.person().address)


@blueprint.route("/account/address/<address_token>", methods=["GET", "POST"])
@signed_in
def new_address(address_token: str) -> str | Response:
    """The press that makes the proven mailbox one's own."""
    form, person = PressForm(), http.person()
    address = readdressing.address_of(address_token, by=person, at=wallclock.now())
    if form.validate_on_submit():
        with http.refusals_on(form):
            keep = request.cookies.get(http.cookie_name(), "")
            readdressing.change(address_token, by=person, keep=keep, at=wallclock.now())
            flash(_("Letters go to %(address)s from now on.", address=address))
            return redirect(url_for("account.address"), 303)
    return render_template("account/new_address.html", form=form, address=address)
