"""Taking a merge apart: both promises are shown before it is confirmed."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.clocks.foreseeing import Foreseen
from app.desk import loading, previews
from app.desk.blueprint import blueprint
from app.desk.relation_forms import UnmergeForm
from app.errors import NotFound, Refusal
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import unmerging
from app.tickets.models import Ticket


@blueprint.route("/tickets/<int:ref>/unmerging", methods=["GET", "POST"])
@agent_required
def unmerge(ref: int) -> str | Response:
    """Let a merged ticket go on by itself again."""
    ticket = loading.ticket_or_404(ref)
    form = UnmergeForm()
    into = _merged_into(ticket)
    found: Sequence[Sequence[Foreseen]] = ()
    if into is not None:
        with http.refusals_on(form):
            if form.validate_on_submit():
                both = loading.both_for_change(ticket, into)
                said, by, at = form.reason.data or "", http.person(), wallclock.now()
                unmerging.unmerge(*both, reason=said, by=by, at=at)
                flash(_("%(ref)s goes on by itself again.", ref=ticket.ref))
                return redirect(url_for("desk.ticket", ref=ticket.id), 303)
            found = unmerging.foresee(ticket, into, at=wallclock.now())
    elif form.is_submitted():
        with http.refusals_on(form):
            raise Refusal(_("%(ref)s is merged into no ticket.", ref=ticket.ref))
    return render_template(
        "desk/tickets/unmerge.html",
        ticket=ticket,
        form=form,
        into=into,
        previews=[previews.lines(each, zone=http.zone()) for each in found],
    )


def _merged_into(ticket: Ticket) -> Ticket | None:
    """The ticket in which it goes on, as far as its reader may see that one."""
    if ticket.merged_into_id is None:
        return None
    try:
        return loading.ticket_or_404(ticket.merged_into_id)
    except NotFound:
        return None
