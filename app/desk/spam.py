"""Setting a ticket aside as spam, taking it out again, and the list of what is set aside."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.desk.forms import ReasonForm
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import spam
from app.tickets.queue import Key

PAGE = 50


@blueprint.get("/spam", endpoint="spam")
@agent_required
def listed() -> str:
    """What is set aside as spam, the newest first."""
    key = Key.parse(request.args.get("before"))
    before = (key.order_at, key.ticket_id) if key else None
    found = spam.set_aside_ones(http.sight(), before=before, limit=PAGE)
    shown = found[:PAGE]
    more = len(found) > PAGE
    return render_template(
        "desk/queue/spam.html",
        tickets=shown,
        older=str(Key(shown[-1].updated_at, shown[-1].id)) if more else None,
        is_first=key is None,
        zone=http.zone(),
        now=wallclock.now(),
    )


@blueprint.route("/tickets/<int:ref>/spam", methods=["GET", "POST"])
@agent_required
def set_aside(ref: int) -> str | Response:
    """Set the ticket aside as spam, with the reason."""
    ticket = loading.ticket_or_404(ref)
    form = ReasonForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            spam.set_aside(
                loading.for_change(ticket.id),
                reason=form.reason.data,
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("%(ref)s is set aside as spam.", ref=ticket.ref))
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/reason.html",
        ticket=ticket,
        form=form,
        title=_("%(ref)s is spam", ref=ticket.ref),
        deed=_("Set it aside"),
        hint=_(
            "Its promises are cancelled and left out of the figures. It can be taken out again."
        ),
    )


@blueprint.route("/tickets/<int:ref>/spam/restoring", methods=["GET", "POST"])
@agent_required
def restore(ref: int) -> str | Response:
    """Take the ticket out of the spam again, with the reason."""
    ticket = loading.ticket_or_404(ref)
    form = ReasonForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            spam.restore(
                loading.for_change(ticket.id),
                reason=form.reason.data,
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("%(ref)s is back.", ref=ticket.ref))
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/reason.html",
        ticket=ticket,
        form=form,
        title=_("%(ref)s is no spam", ref=ticket.ref),
        deed=_("Take it out again"),
        hint=_("Its clocks go on where they stood: the time in between does not count."),
    )
