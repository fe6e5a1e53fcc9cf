"""The signing step: exactly what is signed, and the password of who signs it."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.http import signed_in
from app.languages import gettext as _
from app.negotiations import signing as verbs
from app.proposals import loading, showing
from app.proposals.blueprint import blueprint
from app.proposals.forms import SignForm


@blueprint.route("/agreements/<key>/proposals/<int:number>/sign", methods=["GET", "POST"])
@signed_in
def sign(key: str, number: int) -> str | Response:
    """Read what is signed, confirm it with the password, and put one's name under it."""
    seat, offer = loading.offer(key, number)
    form = SignForm()
    if form.validate_on_submit() and http.knows_password(form.current):
        seat, offer = loading.offer(key, number)
        with http.refusals_on(form):
            verbs.sign(
                offer.proposal, digest=form.digest.data or "", by=seat.person, at=wallclock.now()
            )
            flash(_said(key, number))
            return redirect(url_for("proposals.proposal", key=key, number=number), 303)
    at = wallclock.now()
    return render_template(
        "proposals/sign.html",
        form=form,
        sheet=showing.sheet(seat, offer, at=at),
        agreement=seat.agreement,
        zone=http.zone(),
        now=at,
    )


def _said(key: str, number: int) -> str:
    _seat, offer = loading.offer(key, number)
    if offer.is_bound:
        return _("Version %(n)s is signed by both: it binds. Both parties are told.", n=number)
    return _("You have signed version %(n)s. The other party is told.", n=number)
