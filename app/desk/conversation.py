"""Replies and notes: sent from the composer, with the changes of the macro that was chosen."""

from collections.abc import Sequence

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import loading, tickets, undoing
from app.desk.blueprint import blueprint
from app.desk.forms import NoteForm, ReplyForm
from app.errors import Refusal
from app.files.models import Attachment
from app.http import agent_required, takes_files, uploads
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.tickets import conversation, drafts, macro_changes, macros
from app.tickets.conversation import Then
from app.tickets.desk_models import Macro
from app.tickets.models import Message, Ticket
from app.tickets.words import MessageKind

SENT = {
    Then.NOTHING: lazy_gettext("Your answer to %(ref)s is sent."),
    Then.WAIT: lazy_gettext("Your answer to %(ref)s is sent; it waits for the requester."),
    Then.RESOLVE: lazy_gettext("%(ref)s is resolved."),
}


@blueprint.route("/tickets/<int:ref>/replies", methods=["GET", "POST"])
@agent_required
@takes_files
def reply(ref: int) -> str | Response:
    """Answer the requester; what others said since the page was opened is shown first."""
    loading.ticket_or_404(ref)
    form, stopped = ReplyForm(), list[Message]()
    if conversation.was_sent(form.once.data):
        return redirect(loading.url_of(ref), 303)
    files = uploads.take_in(form, uploads.place("reply", ref)) if form.is_submitted() else ()
    if form.validate_on_submit():
        locked = loading.for_change(ref)
        stopped += conversation.said_since(locked, form.seen.data, besides=http.person())
        if not stopped:
            with http.refusals_on(form):
                return _send(locked, form, files)
        form.seen.data = max(message.id for message in stopped) if stopped else form.seen.data
    page = tickets.context(loading.ticket_or_404(ref), reply_form=form, stopped=stopped)
    return render_template("desk/tickets/compose.html", **page)


@blueprint.route("/tickets/<int:ref>/notes", methods=["GET", "POST"])
@agent_required
@takes_files
def note(ref: int) -> str | Response:
    """Write an internal note."""
    loading.ticket_or_404(ref)
    form = NoteForm()
    if conversation.was_sent(form.once.data):
        return redirect(loading.url_of(ref), 303)
    files = uploads.take_in(form, uploads.place("note", ref)) if form.is_submitted() else ()
    if form.validate_on_submit():
        with http.refusals_on(form):
            return _note(loading.for_change(ref), form, files)
    page = tickets.context(loading.ticket_or_404(ref), note_form=form, tab="note")
    return render_template("desk/tickets/compose.html", **page)


def _send(ticket: Ticket, form: ReplyForm, files: Sequence[Attachment]) -> Response:
    """Send what was typed; the changes of its macro come before it."""
    by, at, then = http.person(), wallclock.now(), Then(form.then.data)
    if then is not Then.RESOLVE and not files:
        conversation.refuse_again(ticket, by=by, body=form.body.data or "", at=at)
    macro, undo_s = _macro(form), http.config().undo_s
    if macro is not None:
        macro_changes.apply(ticket, macro, by=by, at=at, undo_s=undo_s)
    sent = conversation.reply(
        ticket,
        by=by,
        body=form.body.data or "",
        then=then,
        at=at,
        once=form.once.data or None,
        undo_s=undo_s,
        files=files,
        workaround=form.workaround.data,
    )
    if macro is not None and then is Then.NOTHING:
        macro_changes.wait_for_vendor(ticket, macro, by=by, at=at, sent=sent)
    drafts.forget(ticket, by=by, kind=MessageKind.MESSAGE)
    undoing.tell_sent(str(SENT[then]) % {"ref": ticket.ref}, ticket, sent)
    return redirect(loading.url_of(ticket.id, anchor=f"m{sent.id}"), 303)


def _note(ticket: Ticket, form: NoteForm, files: Sequence[Attachment]) -> Response:
    """Keep the note, and change what its macro changes."""
    by, at = http.person(), wallclock.now()
    if not files:
        kind = MessageKind.NOTE
        conversation.refuse_again(ticket, by=by, body=form.body.data or "", at=at, kind=kind)
    macro = _macro(form)
    if macro is not None:
        macro_changes.apply(ticket, macro, by=by, at=at)
    written = conversation.note(
        ticket,
        by=by,
        body=form.body.data or "",
        at=at,
        once=form.once.data or None,
        files=files,
    )
    if macro is not None:
        macro_changes.wait_for_vendor(ticket, macro, by=by, at=at, sent=written)
    drafts.forget(ticket, by=by, kind=MessageKind.NOTE)
    flash(_("Your note on %(ref)s is kept. Only staff see it.", ref=ticket.ref))
    return redirect(loading.url_of(ticket.id, anchor=f"m{written.id}"), 303)


def _macro(form: ReplyForm | NoteForm) -> Macro | None:
    """The macro whose changes go along; `Refusal` when it is gone."""
    if form.macro.data is None:
        return None
    found = macros.find_macro(form.macro.data, by=http.person())
    if found is None:
        form.macro.data = None
        raise Refusal(_("That macro is gone: its changes are left out. Send again without them."))
    return found
