"""The steps of a plan, done or not done after all; each has a page of its own, for its owner."""

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import http, wallclock
from app.agreements import deadlines, parties
from app.http import signed_in
from app.languages import gettext as _
from app.negotiations import plans
from app.people import queries as people
from app.proposals import loading
from app.proposals.blueprint import blueprint


@blueprint.route(
    "/agreements/<key>/proposals/<int:number>/plan/<int:step>", methods=["GET", "POST"]
)
@signed_in
def step(key: str, number: int, step: int) -> str | Response:
    """A step, and whether it is done, or not done after all; ``step`` counts from 1.

    Its owner comes here also without a grant to read the agreement.
    """
    seat, offer, found = loading.step(key, number, step)
    reads = parties.party_of(seat.agreement, seat.person) is not None
    if FlaskForm().validate_on_submit():
        done = request.form.get("done") == "1"
        plans.finish(
            offer,
            step - 1,
            done=done,
            writes=reads and seat.may_write,
            by=seat.person,
            party=seat.party,
            at=wallclock.now(),
        )
        flash(_("Noted as done.") if done else _("Noted as still to be done."))
        page = url_for("proposals.proposal", key=key, number=number, _anchor="plan")
        return redirect(page if reads else request.path, 303)
    return render_template(
        "proposals/step.html",
        agreement=seat.agreement,
        offer=offer,
        step=found,
        place=step,
        reads=reads,
        owner=people.person(found.owner_id) if found.owner_id else None,
        may_finish=plans.may_finish(found, seat.person, writes=reads and seat.may_write),
        today=deadlines.today(wallclock.now(), seat.agreement.zone),
        zone=http.zone(),
        now=wallclock.now(),
    )
