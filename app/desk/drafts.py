"""Drafts of the composer: kept while somebody types, and before they look something up."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import http, wallclock
from app.clocks import words
from app.desk import composing, loading, tickets
from app.desk.blueprint import blueprint
from app.desk.forms import NoteForm, ReplyForm
from app.errors import NotFound
from app.http import agent_required, takes_files, uploads
from app.languages import gettext as _
from app.tickets import conversation, drafts, macros, markdown
from app.tickets.models import Ticket
from app.tickets.words import MessageKind


@blueprint.post("/tickets/<int:ref>/drafts/<what>")
@agent_required
@takes_files
def keep_draft(ref: int, what: str) -> AnyResponse:
    """Keep what is typed in the reply or the note: while typing (`quietly`), or by its button."""
    form = typed_form(what)
    ticket = loading.for_change(ref)
    sentence = keep(ticket, what, form)
    if request.form.get("quietly"):
        return Response(sentence, mimetype="text/plain")
    flash(sentence or _("There was nothing to keep."))
    return redirect(url_for("desk.ticket", ref=ref, _anchor=what), 303)


@blueprint.post("/tickets/<int:ref>/drafts/<what>/discarding")
@agent_required
def discard_draft(ref: int, what: str) -> AnyResponse:
    """Throw away what was typed in the reply or the note."""
    ticket = loading.for_change(ref)
    drafts.forget(ticket, by=http.person(), kind=kind_of(what))
    flash(_("Your draft is thrown away."))
    return redirect(url_for("desk.ticket", ref=ref, _anchor=what), 303)


@blueprint.post("/tickets/<int:ref>/previews/<what>")
@agent_required
@takes_files
def preview_draft(ref: int, what: str) -> str | AnyResponse:
    """What is typed, as it will be read; nothing is sent and nothing kept."""
    kind_of(what)
    ticket = loading.ticket_or_404(ref)
    form = typed_form(what)
    shown = markdown.html((form.body.data or "")[: conversation.MAX_BODY])
    if request.form.get("quietly"):
        return Response(shown, mimetype="text/html")
    uploads.take_in(form, uploads.place(what, ref))
    forms = {"reply_form": form} if isinstance(form, ReplyForm) else {"note_form": form}
    page = tickets.context(ticket, **forms, tab=what, preview=shown)
    return render_template("desk/tickets/compose.html", **page)


def keep(ticket: Ticket, what: str, form: ReplyForm | NoteForm) -> str:
    """Keep what ``form`` holds, unless it was sent already; the sentence that says so, or ""."""
    uploads.take_in(form, uploads.place(what, ticket.id))
    if conversation.was_sent(form.once.data):
        return ""
    at = wallclock.now()
    macro = macros.find_macro(form.macro.data, by=http.person())
    is_kept = drafts.keep(
        ticket,
        by=http.person(),
        kind=kind_of(what),
        body=form.body.data or "",
        at=at,
        seen=form.seen.data,
        macro_id=macro.id if macro else None,
    )
    when = words.clock_time(at, http.zone())
    return _("Draft kept at %(when)s.", when=when) if is_kept else ""


def typed_form(what: str) -> ReplyForm | NoteForm:
    """The composer's form as it came, whether or not it could be sent as a message."""
    return NoteForm() if kind_of(what) is MessageKind.NOTE else ReplyForm()


def kind_of(what: str) -> MessageKind:
    """What is written: a "reply" or a "note"."""
    if what not in composing.KINDS:
        raise NotFound("There is no such form.")
    return composing.KINDS[what]
