"""The page "I am on it": opening it changes nothing, its button does."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.desk.forms import TokenForm
from app.escalation import acknowledging
from app.escalation.acknowledging import Acknowledged
from app.http import agent_required
from app.languages import gettext as _


@blueprint.route("/tickets/<int:ref>/acknowledgement", methods=["GET", "POST"])
@agent_required
def acknowledge(ref: int) -> str | Response:
    """What the ladders of a ticket have told; who says "I am on it" ends reminders and waits."""
    ticket = loading.ticket_or_404(ref)
    form = TokenForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            said = acknowledging.acknowledge_all(
                loading.for_change(ticket.id), by=http.person(), at=wallclock.now()
            )
            flash(_answer(said))
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/acknowledgement.html",
        ticket=ticket,
        form=form,
        standing=acknowledging.standing(ticket),
        zone=http.zone(),
        now=wallclock.now(),
    )


def _answer(said: Acknowledged) -> str:
    """What the page says after the button."""
    if said.is_new:
        return _("You are on it: no more reminders, and nobody else is told before the next rung.")
    if said.by.id == http.person().id:
        return _("You are on it already.")
    return _("%(name)s is on it already.", name=said.by.name)
