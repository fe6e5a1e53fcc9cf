"""Splitting messages off: the new ticket's promises are shown before it is confirmed."""

from collections.abc import Sequence
from secrets import token_urlsafe

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.catalogue.words import Priority
from app.clocks.foreseeing import Foreseen
from app.desk import loading, previews
from app.desk.blueprint import blueprint
from app.desk.relation_forms import SplitForm
from app.http import agent_required
from app.languages import gettext as _
from app.tickets import opening, queries, splitting
from app.tickets.models import Message, Ticket


@blueprint.route("/tickets/<int:ref>/split", methods=["GET", "POST"])
@agent_required
def split(ref: int) -> str | Response:
    """Make messages of the requester's side a ticket of their own; ``?message=`` chooses one."""
    ticket = loading.ticket_or_404(ref)
    offered = splitting.splittable(ticket, queries.messages_of(ticket, with_notes=False))
    form = _form(ticket, offered)
    found: Sequence[Foreseen] = ()
    if form.validate_on_submit():
        made = opening.find_made_by(form.once.data)
        if made is not None:
            return redirect(url_for("desk.ticket", ref=made.id), 303)
        with http.refusals_on(form):
            chosen = [message for message in offered if message.id in form.messages.data]
            priority = Priority(form.priority.data)
            if form.is_confirmed:
                new = splitting.split(
                    loading.for_change(ticket.id),
                    chosen,
                    subject=form.subject.data or "",
                    priority=priority,
                    by=http.person(),
                    at=wallclock.now(),
                    once=form.once.data or None,
                )
                flash(_("%(new)s is split off %(ref)s.", new=new.ref, ref=ticket.ref))
                return redirect(loading.url_of(new.id), 303)
            at = wallclock.now()
            found = splitting.foresee(ticket, chosen, priority=priority, at=at)
    return render_template(
        "desk/tickets/split.html",
        ticket=ticket,
        form=form,
        offered=offered,
        preview=previews.lines(found, zone=http.zone()),
        zone=http.zone(),
        now=wallclock.now(),
    )


def _form(ticket: Ticket, offered: Sequence[Message]) -> SplitForm:
    asked = http.row_number("message")
    form = SplitForm(
        data={
            "messages": [asked] if asked else [],
            "priority": ticket.priority.value,
            "once": token_urlsafe(16),
        }
    )
    form.messages.choices = [(message.id, message.author_name) for message in offered]
    return form
