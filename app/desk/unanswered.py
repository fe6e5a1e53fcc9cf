"""Saying that a requester's message needs no answer."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.desk.forms import ReasonForm
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import unanswered


@blueprint.route("/tickets/<int:ref>/no-answer", methods=["GET", "POST"])
@agent_required
def needs_no_answer(ref: int) -> str | Response:
    """Say why what the requester wrote last needs no answer."""
    ticket = loading.ticket_or_404(ref)
    form = ReasonForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            unanswered.needs_no_answer(
                loading.for_change(ticket.id),
                by=http.person(),
                reason=form.reason.data,
                at=wallclock.now(),
            )
            flash(_("The last message on %(ref)s needs no answer.", ref=ticket.ref))
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/reason.html",
        ticket=ticket,
        form=form,
        title=_("No answer needed on %(ref)s", ref=ticket.ref),
        deed=_("Needs no answer"),
        hint=_("The promise of an answer is cancelled, not met, and listed with these words."),
        quoted=unanswered.find_waiting(ticket),
    )
