"""Merging a ticket into another: both promises are shown before it is confirmed."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.clocks.foreseeing import Foreseen
from app.desk import loading, previews
from app.desk.blueprint import blueprint
from app.desk.forms import MergeForm
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import merging
from app.tickets.models import Ticket


@blueprint.route("/tickets/<int:ref>/merge", methods=["GET", "POST"])
@agent_required
def merge(ref: int) -> str | Response:
    """Let the ticket go on in another open one of the same organisation."""
    ticket = loading.ticket_or_404(ref)
    form = MergeForm()
    into: Ticket | None = None
    found: tuple[Sequence[Foreseen], Sequence[Foreseen]] | None = None
    if form.validate_on_submit():
        with http.refusals_on(form):
            into = loading.named(form.into.data, field="into")
            if form.is_confirmed:
                merging.merge(
                    *loading.both_for_change(ticket, into),
                    reason=form.reason.data or "",
                    by=http.person(),
                    at=wallclock.now(),
                )
                flash(_("%(ref)s goes on in %(into)s.", ref=ticket.ref, into=into.ref))
                return redirect(url_for("desk.ticket", ref=into.id), 303)
            found = merging.foresee(ticket, into, at=wallclock.now())
    return render_template(
        "desk/tickets/merge.html",
        ticket=ticket,
        form=form,
        into=into,
        previews=[previews.lines(each, zone=http.zone()) for each in found or ()],
    )
