"""Starting a contingency plan on a ticket, by hand."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.catalogue import plans
from app.desk import loading
from app.desk.blueprint import blueprint
from app.desk.forms import StartPlanForm
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import planning


@blueprint.route("/tickets/<int:ref>/plan", methods=["GET", "POST"])
@agent_required
def start_plan(ref: int) -> str | Response:
    """Choose among the plans that fit the ticket's service; each starts at most once."""
    ticket = loading.ticket_or_404(ref)
    offered = planning.to_start(ticket)
    form = StartPlanForm()
    form.plan.choices = [(plan.key, plan.title) for plan in offered]
    if form.validate_on_submit():
        with http.refusals_on(form):
            plan = plans.plan(form.plan.data)
            planning.start(
                loading.for_change(ticket.id),
                plan,
                because=(form.reason.data or "").strip(),
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("The plan “%(title)s” was started: its steps are a note.", title=plan.title))
            return redirect(url_for("desk.ticket", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/plan.html",
        ticket=ticket,
        form=form,
        steps={plan.key: " · ".join(plan.steps) for plan in offered},
    )
