"""Changing the priority."""

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.catalogue.words import Priority
from app.desk import loading, previews
from app.desk.blueprint import blueprint
from app.desk.forms import PriorityForm
from app.errors import Refusal
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import classification
from app.tickets.models import Ticket


@blueprint.route("/tickets/<int:ref>/priority", methods=["GET", "POST"])
@agent_required
def prioritise(ref: int) -> str | Response:
    """Choose another priority; a lower one needs a reason."""
    ticket = loading.ticket_or_404(ref)
    form = PriorityForm(data={"priority": ticket.priority.value})
    if form.validate_on_submit():
        with http.refusals_on(form):
            classification.prioritise(
                loading.for_change(ticket.id),
                priority=Priority(form.priority.data),
                reason=form.reason.data or "",
                by=http.person(),
                at=wallclock.now(),
            )
            flash(
                _(
                    "%(ref)s has %(priority)s priority.",
                    ref=ticket.ref,
                    priority=ticket.priority.label.lower(),
                )
            )
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/priority.html", ticket=ticket, form=form, effects=_effects(ticket)
    )


def _effects(ticket: Ticket) -> dict[str, str]:
    """What each other priority would do to the promises, by its value."""
    at, zone = wallclock.now(), http.zone()
    now = classification.class_of(ticket)
    try:
        return {
            priority.value: previews.sentence(
                classification.foresee(ticket, replace(now, priority=priority), at=at), zone=zone
            )
            or _("No promise changes.")
            for priority in Priority
            if priority is not ticket.priority
        }
    except Refusal:  # it has ended: sending the form says so
        return {}
