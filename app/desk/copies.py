"""The list of people in copy, changed from the composer: what is typed there stays."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import drafts, loading, tickets
from app.desk.blueprint import blueprint
from app.desk.forms import ReplyForm
from app.errors import Refusal
from app.http import agent_required, takes_files
from app.languages import gettext as _
from app.people import addresses
from app.people import queries as people
from app.people.models import Person
from app.tickets import copying
from app.tickets.models import Ticket


@blueprint.post("/tickets/<int:ref>/copies")
@agent_required
@takes_files
def change_copies(ref: int) -> str | Response:
    """Put somebody in copy by their address, or take somebody out (`out`)."""
    ticket = loading.for_change(ref)
    form = ReplyForm()
    drafts.keep(ticket, "reply", form)
    done = ""
    with http.refusals_on(form):
        done = _change(ticket, form)
    if done:
        flash(done)
        return redirect(url_for("desk.ticket", ref=ref, _anchor="reply"), 303)
    page = tickets.context(loading.ticket_or_404(ref), reply_form=form)
    return render_template("desk/tickets/compose.html", **page)


def _change(ticket: Ticket, form: ReplyForm) -> str:
    """Change the list; the sentence that says what was done."""
    at, by = wallclock.now(), http.person()
    leaving = request.form.get("out", type=int)
    if leaving is not None:
        who = people.person(leaving)
        copying.take_out(ticket, who=who, by=by, at=at)
        return _("%(name)s is no longer in copy.", name=who.name)
    who = _of_address(ticket, form.copy.data or "")
    copying.put_in_copy(ticket, who=who, by=by, at=at)
    return _("%(name)s is in copy from now on, and was told.", name=who.name)


def _of_address(ticket: Ticket, address: str) -> Person:
    """Somebody known, or a colleague of the requester who is known from now on."""
    try:
        known_as = addresses.normalised(address)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="copy") from None
    found = people.find_person_by_address(known_as)
    if found is not None:
        return found
    try:
        return copying.person_of_address(ticket, known_as, "", at=wallclock.now())
    except Refusal:
        raise Refusal(
            _("Nobody we know has this address, and it is not of the requester's organisation."),
            field="copy",
        ) from None
