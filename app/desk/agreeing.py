"""The date agreed with the requester: set, changed, removed."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import instants, loading
from app.desk.blueprint import blueprint
from app.desk.forms import AgreedDateForm, ReasonForm
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import agreeing
from app.tickets.models import Ticket


@blueprint.route("/tickets/<int:ref>/agreed-date", methods=["GET", "POST"])
@agent_required
def agree(ref: int) -> str | Response:
    """Keep a date and time, why, and who accepted it."""
    ticket = loading.ticket_or_404(ref)
    agreed = agreeing.find_agreed(ticket)
    form = AgreedDateForm(data=_now(ticket))
    if form.validate_on_submit():
        with http.refusals_on(form):
            agreeing.agree(
                loading.for_change(ticket.id),
                due_at=instants.typed(form.due.data, field="due"),
                reason=form.reason.data,
                accepted_by=form.accepted_by.data,
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("The date for %(ref)s is kept.", ref=ticket.ref))
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/agreed_date.html",
        ticket=ticket,
        form=form,
        agreed=agreed,
        zone=http.zone(),
    )


@blueprint.route("/tickets/<int:ref>/agreed-date/removal", methods=["GET", "POST"])
@agent_required
def remove_agreed(ref: int) -> str | Response:
    """The date no longer holds; with the reason."""
    ticket = loading.ticket_or_404(ref)
    form = ReasonForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            agreeing.remove(
                loading.for_change(ticket.id),
                reason=form.reason.data,
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("No date is agreed for %(ref)s any more.", ref=ticket.ref))
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/reason.html",
        ticket=ticket,
        form=form,
        title=_("Remove the agreed date of %(ref)s", ref=ticket.ref),
        deed=_("Remove it"),
        hint=_("The promises stay as they are. Tell the requester, too."),
    )


def _now(ticket: Ticket) -> dict[str, object]:
    agreed = agreeing.find_agreed(ticket)
    if agreed is None:
        return {"accepted_by": ticket.requester.name if ticket.requester else ""}
    return {
        "due": instants.shown(agreed.due_at),
        "reason": agreed.reason,
        "accepted_by": agreed.accepted_by,
    }
