"""The personal links of a ticket: who comes in without a password, and taking a link back."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.database import db
from app.desk import loading
from app.desk.blueprint import blueprint
from app.errors import NotFound, Refusal
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import guests
from app.tickets.models import GuestLink


@blueprint.route("/tickets/<int:ref>/guest-links", methods=["GET", "POST"])
@agent_required
def guest_links(ref: int) -> str | Response:
    """See who comes in by a link, until when; take one back."""
    ticket, at, refused = loading.ticket_or_404(ref), wallclock.now(), ""
    if request.method == "POST":
        try:
            guests.revoke(loading.for_change(ticket.id), _wanted(), by=http.person(), at=at)
            flash(_("The link works no more."))
            return redirect(url_for("desk.guest_links", ref=ticket.id), 303)
        except NotFound:
            raise
        except Refusal as refusal:
            refused = refusal.sentence
    return render_template(
        "desk/tickets/guest_links.html",
        ticket=ticket,
        links=guests.links_of(ticket),
        refused=refused,
        zone=http.zone(),
        now=at,
    )


def _wanted() -> GuestLink:
    number = request.form.get("link", type=int) or 0
    link = db.session.get(GuestLink, number) if 0 < number <= http.MAX_ROW else None
    if link is None:
        raise Refusal(_("Choose a link."))
    return link
