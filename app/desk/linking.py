"""The links of a ticket to others."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.desk.relation_forms import LinkForm
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import linking
from app.tickets.linking import Relation


@blueprint.route("/tickets/<int:ref>/links", methods=["GET", "POST"])
@agent_required
def links(ref: int) -> str | Response:
    """See to which tickets it is linked; link it to another, or take a link away."""
    ticket = loading.ticket_or_404(ref)
    form = LinkForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            other = loading.named(form.other.data or "", field="other")
            both = loading.both_for_change(ticket, other)
            by, at = http.person(), wallclock.now()
            if form.deed.data == "remove":
                linking.unlink(*both, by=by, at=at)
                flash(_("%(ref)s and %(other)s are apart.", ref=ticket.ref, other=other.ref))
            else:
                linking.link(*both, Relation(form.relation.data), by=by, at=at)
                flash(_("%(ref)s and %(other)s are linked.", ref=ticket.ref, other=other.ref))
            return redirect(url_for("desk.links", ref=ticket.id), 303)
    return render_template(
        "desk/tickets/links.html",
        ticket=ticket,
        form=form,
        links=linking.links_of(ticket, http.sight()),
    )
