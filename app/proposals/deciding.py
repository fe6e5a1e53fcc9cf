"""A proposal is rejected, withdrawn, or checked after it has taken effect."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.http import signed_in
from app.languages import gettext as _
from app.negotiations import announcing
from app.negotiations import deciding as verbs
from app.proposals import loading, reading
from app.proposals.blueprint import blueprint
from app.proposals.forms import CheckForm, ReasonForm


@blueprint.post("/agreements/<key>/proposals/<int:number>/rejection")
@signed_in
def reject(key: str, number: int) -> str | Response:
    """Say no to what the other party proposed."""
    return _give_up(key, number, verbs.reject, _("Version %(n)s is rejected.", n=number))


@blueprint.post("/agreements/<key>/proposals/<int:number>/withdrawal")
@signed_in
def withdraw(key: str, number: int) -> str | Response:
    """Take back what one's own party proposed."""
    return _give_up(key, number, verbs.withdraw, _("Version %(n)s is withdrawn.", n=number))


@blueprint.post("/agreements/<key>/proposals/<int:number>/check")
@signed_in
def check(key: str, number: int) -> str | Response:
    """Keep what came of a change."""
    seat, offer = loading.offer(key, number)
    form = CheckForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            announcing.check(
                offer.proposal, result=form.result.data or "", by=seat.person, at=wallclock.now()
            )
            flash(_("What came of version %(n)s is kept.", n=number))
            return redirect(url_for("proposals.proposal", key=key, number=number), 303)
    return reading.page(seat, offer, check_form=form)


def _give_up(key: str, number: int, give_up: Callable[..., None], said: str) -> str | Response:
    seat, offer = loading.offer(key, number)
    form = ReasonForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            give_up(
                offer.proposal, reason=form.reason.data or "", by=seat.person, at=wallclock.now()
            )
            flash(said)
            return redirect(url_for("proposals.proposal", key=key, number=number), 303)
    return reading.page(seat, offer, reason_form=form)
