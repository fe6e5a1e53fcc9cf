"""Setting a ticket aside, and taking it up again."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.clocks import words
from app.clocks.draft import holds
from app.desk import loading
from app.desk.blueprint import blueprint
from app.desk.forms import StatusForm
from app.errors import Refusal
from app.http import agent_required
from app.languages import gettext as _
from app.languages import listed
from app.tickets import lifecycle, queries
from app.tickets.models import Ticket
from app.tickets.words import OPEN, Status


@blueprint.route("/tickets/<int:ref>/status", methods=["GET", "POST"])
@agent_required
def change_status(ref: int) -> str | Response:
    """Wait for a vendor, put on hold, or work on it again.

    Waiting for the requester goes only with a message to them (clocks.md, "Statuses").
    """
    ticket = loading.ticket_or_404(ref)
    form = StatusForm(data={"status": ticket.status.value})
    if form.validate_on_submit():
        with http.refusals_on(form):
            _change(ref, form)
            flash(_("%(ref)s is %(status)s.", ref=ticket.ref, status=ticket.status.label.lower()))
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    effects = {status.value: _effect(ticket, status) for status in OPEN}
    return render_template("desk/tickets/status.html", ticket=ticket, form=form, effects=effects)


def _effect(ticket: Ticket, status: Status) -> str:
    """What stands still in ``status`` under the ticket's own version."""
    terms = queries.terms_of(ticket)
    held = [words.measure(each) for each in terms.targets if holds(each, status.value, terms)]
    if not held:
        return _("Every clock runs on.")
    if held[1:]:
        return _("%(measures)s stand still under this agreement.", measures=listed(held))
    return _("%(measure)s stands still under this agreement.", measure=held[0])


def _change(ref: int, form: StatusForm) -> None:
    ticket = loading.for_change(ref)
    by, at, reason = http.person(), wallclock.now(), form.reason.data or ""
    match Status(form.status.data):
        case Status.WAITING_VENDOR:
            lifecycle.wait_for_vendor(ticket, by=by, reason=reason, at=at)
        case Status.ON_HOLD:
            if form.until.data is None:
                raise Refusal(_("Choose the day it is put off to."), field="until")
            lifecycle.hold(ticket, by=by, until=form.until.data, reason=reason, at=at)
        case _:
            lifecycle.resume(ticket, by=by, at=at)
