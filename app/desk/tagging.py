"""The tags of a ticket."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.desk.relation_forms import TagForm
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import tagging


@blueprint.route("/tickets/<int:ref>/tags", methods=["GET", "POST"])
@agent_required
def tags(ref: int) -> str | Response:
    """See the tags; put one on, or take one off."""
    ticket = loading.ticket_or_404(ref)
    form = TagForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            locked, by, at = loading.for_change(ticket.id), http.person(), wallclock.now()
            typed = form.tag.data or ""
            if form.deed.data == "remove":
                name = tagging.untag(locked, typed, by=by, at=at)
                flash(_("“%(tag)s” is taken off %(ref)s.", tag=name, ref=ticket.ref))
            else:
                name = tagging.tag(locked, typed, by=by, at=at)
                flash(_("%(ref)s has the tag “%(tag)s”.", tag=name, ref=ticket.ref))
            return redirect(url_for("desk.tags", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/tags.html",
        ticket=ticket,
        form=form,
        tags=tagging.tags_of([ticket.id]).get(ticket.id, ()),
        known=tagging.known(http.sight()),
    )
