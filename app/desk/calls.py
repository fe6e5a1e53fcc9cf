"""Writing a call down."""

from secrets import token_urlsafe

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.clocks import queries as clocks
from app.desk import composing, instants, loading
from app.desk.blueprint import blueprint
from app.desk.forms import CallForm
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import calls, conversation
from app.tickets.words import CallOutcome


@blueprint.route("/tickets/<int:ref>/calls", methods=["GET", "POST"])
@agent_required
def log_call(ref: int) -> str | Response:
    """A call with the requester: reached or not, when, and whether we now wait for them."""
    ticket = loading.ticket_or_404(ref)
    form = CallForm()
    if form.validate_on_submit():
        if conversation.was_sent(form.once.data):
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
        with http.refusals_on(form):
            locked = loading.for_change(ticket.id)
            at = wallclock.now()
            calls.log_call(
                locked,
                outcome=CallOutcome(form.outcome.data),
                body=form.body.data,
                happened_at=instants.just_then(form.happened.data, at=at, field="happened"),
                waits=bool(form.waits.data),
                workaround=bool(form.workaround.data),
                by=http.person(),
                at=at,
                once=form.once.data or None,
            )
            flash(_("The call about %(ref)s is written down.", ref=ticket.ref))
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    form.once.data = form.once.data or token_urlsafe(16)
    return render_template(
        "desk/tickets/call.html",
        ticket=ticket,
        form=form,
        zone=http.zone(),
        workaround_does=composing.what_the_mark_does(
            clocks.clocks_of([ticket.id])[ticket.id], at=wallclock.now()
        ),
    )
