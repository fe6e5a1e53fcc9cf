"""Resolving, closing and reopening."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import loading, undoing
from app.desk.blueprint import blueprint
from app.desk.forms import ReopeningForm, ResolutionForm
from app.http import agent_required
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.tickets import conversation, lifecycle, queries

RULES = {
    "resume": lazy_gettext(
        "The resolution clock goes on where it stopped; the time in between does not count. "
        "Nothing is added to it when an agent reopens."
    ),
    "restart": lazy_gettext(
        "A new resolution clock begins; the one that was met stays met, and both count."
    ),
    "final": lazy_gettext("Under this agreement solved means solved: it cannot be reopened."),
}
"""What a reopening does to the resolution, by the version's rule."""


@blueprint.route("/tickets/<int:ref>/resolution", methods=["GET", "POST"])
@agent_required
def resolve(ref: int) -> str | Response:
    """Say what solved it."""
    ticket = loading.ticket_or_404(ref)
    form = ResolutionForm()
    if form.validate_on_submit():
        if conversation.was_sent(form.once.data):
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
        with http.refusals_on(form):
            sent = lifecycle.resolve(
                loading.for_change(ticket.id),
                by=http.person(),
                solution=form.body.data,
                at=wallclock.now(),
                once=form.once.data or None,
                undo_s=http.config().undo_s,
            )
            undoing.tell_sent(_("%(ref)s is resolved.", ref=ticket.ref), ticket, sent)
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    return render_template("desk/tickets/resolve.html", ticket=ticket, form=form)


@blueprint.post("/tickets/<int:ref>/closing")
@agent_required
def close(ref: int) -> Response:
    """Close a resolved ticket."""
    ticket = loading.for_change(ref)
    lifecycle.close(ticket, by=http.person(), at=wallclock.now())
    flash(_("%(ref)s is closed.", ref=ticket.ref))
    return redirect(url_for("desk.ticket", ref=ref), 303)


@blueprint.route("/tickets/<int:ref>/reopening", methods=["GET", "POST"])
@agent_required
def reopen(ref: int) -> str | Response:
    """Open a resolved or closed ticket again."""
    ticket = loading.ticket_or_404(ref)
    form = ReopeningForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            lifecycle.reopen(
                loading.for_change(ticket.id),
                by=http.person(),
                reason=form.reason.data,
                at=wallclock.now(),
            )
            flash(_("%(ref)s is open again.", ref=ticket.ref))
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/reopen.html",
        ticket=ticket,
        form=form,
        until=lifecycle.reopen_until(ticket),
        rule=RULES[queries.terms_of(ticket).reopen_rule],
        zone=http.zone(),
        now=wallclock.now(),
    )
