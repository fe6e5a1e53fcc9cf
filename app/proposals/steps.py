"""The steps of a plan, done or not done after all."""

from flask import flash, redirect, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import wallclock
from app.http import signed_in
from app.languages import gettext as _
from app.negotiations import plans
from app.proposals import loading
from app.proposals.blueprint import blueprint


@blueprint.post("/agreements/<key>/proposals/<int:number>/plan/<int:step>")
@signed_in
def step(key: str, number: int, step: int) -> Response:
    """Note that a step is done, or not done after all; ``step`` counts from 1."""
    seat, offer = loading.offer(key, number)
    if FlaskForm().validate_on_submit():
        done = request.form.get("done") == "1"
        plans.finish(
            offer,
            step - 1,
            done=done,
            writes=seat.may_write,
            by=seat.person,
            party=seat.party,
            at=wallclock.now(),
        )
        flash(_("Noted as done.") if done else _("Noted as still to be done."))
    page = url_for("proposals.proposal", key=key, number=number, _anchor="plan")
    return redirect(page, 303)
