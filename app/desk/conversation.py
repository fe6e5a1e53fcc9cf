"""Replies and notes."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import loading, tickets, undoing
from app.desk.blueprint import blueprint
from app.desk.forms import NoteForm, ReplyForm
from app.http import agent_required, takes_files, uploads
from app.tickets import conversation
from app.tickets.conversation import Then
from app.tickets.models import Ticket

SENT = {
    Then.NOTHING: "Your answer to {ref} is sent.",
    Then.WAIT: "Your answer to {ref} is sent; it waits for the requester.",
    Then.RESOLVE: "{ref} is resolved.",
}


@blueprint.route("/tickets/<int:ref>/replies", methods=["GET", "POST"])
@agent_required
@takes_files
def reply(ref: int) -> str | Response:
    """Answer the requester."""
    ticket = loading.ticket_or_404(ref)
    form = ReplyForm()
    if conversation.was_sent(form.once.data):
        return _to(ticket)
    files = uploads.take_in(form, uploads.place("reply", ref)) if form.is_submitted() else ()
    if form.validate_on_submit():
        then = Then(form.then.data)
        with http.refusals_on(form):
            sent = conversation.reply(
                loading.for_change(ticket.id),
                by=http.person(),
                body=form.body.data,
                then=then,
                at=wallclock.now(),
                once=form.once.data or None,
                undo_s=http.config().undo_s,
                files=files,
            )
            undoing.tell_sent(SENT[then].format(ref=ticket.ref), ticket, sent)
            return _to(ticket)
    return render_template(
        "desk/tickets/compose.html", **tickets.context(ticket, reply_form=form), mode="reply"
    )


@blueprint.route("/tickets/<int:ref>/notes", methods=["GET", "POST"])
@agent_required
@takes_files
def note(ref: int) -> str | Response:
    """Write an internal note."""
    ticket = loading.ticket_or_404(ref)
    form = NoteForm()
    if conversation.was_sent(form.once.data):
        return _to(ticket)
    files = uploads.take_in(form, uploads.place("note", ref)) if form.is_submitted() else ()
    if form.validate_on_submit():
        with http.refusals_on(form):
            conversation.note(
                loading.for_change(ticket.id),
                by=http.person(),
                body=form.body.data,
                at=wallclock.now(),
                once=form.once.data or None,
                files=files,
            )
            flash(f"Your note on {ticket.ref} is kept. Only staff see it.")
            return _to(ticket)
    return render_template(
        "desk/tickets/compose.html", **tickets.context(ticket, note_form=form), mode="note"
    )


def _to(ticket: Ticket) -> Response:
    return redirect(url_for("desk.ticket", ref=ticket.id), 303)
