"""Who watches a ticket: colleagues whom its ladder tells, too."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.desk.forms import WatcherForm
from app.errors import Refusal
from app.http import agent_required
from app.languages import gettext as _
from app.people import queries as people
from app.tickets import watching


@blueprint.route("/tickets/<int:ref>/watchers", methods=["GET", "POST"])
@agent_required
def watchers(ref: int) -> str | Response:
    """See who watches the ticket; add a colleague or let one go."""
    ticket = loading.ticket_or_404(ref)
    agents = {str(person.id): person for person in people.agents()}
    form = WatcherForm(data={"person": str(http.person().id)})
    form.person.choices = [SelectChoice(key, person.name) for key, person in agents.items()]
    if form.validate_on_submit():
        with http.refusals_on(form):
            locked, by, at = loading.for_change(ticket.id), http.person(), wallclock.now()
            who = agents[form.person.data]
            if form.deed.data == "remove":
                watching.unwatch(locked, who=who, by=by, at=at)
                flash(_("%(name)s watches %(ref)s no longer.", name=who.name, ref=ticket.ref))
            else:
                if not (form.reason.data or "").strip():
                    raise Refusal(
                        _("Say why: they read it, and so does the history."), field="reason"
                    )
                watching.watch(locked, who=who, because=form.reason.data, by=by, at=at)
                flash(_("%(name)s watches %(ref)s.", name=who.name, ref=ticket.ref))
            return redirect(url_for("desk.watchers", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/watchers.html",
        ticket=ticket,
        form=form,
        watchers=watching.watchers_of([ticket.id]).get(ticket.id, ()),
    )
