"""The ticket page: promises, conversation, properties, history."""

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Any

from flask import render_template

from app import http, wallclock
from app.desk import band, loading, story, undoing
from app.desk.blueprint import blueprint
from app.desk.forms import NoteForm, ReplyForm
from app.escalation import acknowledging
from app.http import agent_required, uploads
from app.tickets import agreeing, attachments, queries, unanswered, watching
from app.tickets.models import Ticket
from app.tickets.words import DONE, UNDONE, Status

HISTORY_SHOWN, HISTORY_READ = 12, 48
"""Lines of the short history, and entries that are read for them: some fold into one line."""


@blueprint.get("/tickets/<int:ref>")
@agent_required
def ticket(ref: int) -> str:
    """One ticket; ``?draft=`` names an answer that was taken back, to be written anew."""
    found = loading.ticket_or_404(ref)
    draft = http.row_number("draft")
    form = _form_again(found, draft) if draft else None
    return render_template("desk/tickets/ticket.html", **context(found, reply_form=form))


@blueprint.get("/tickets/<int:ref>/history")
@agent_required
def history(ref: int) -> str:
    """Everything that happened to a ticket."""
    found = loading.ticket_or_404(ref)
    return render_template(
        "desk/tickets/history.html",
        ticket=found,
        entries=story.told(queries.history_of(found)),
        zone=http.zone(),
        now=wallclock.now(),
    )


def context(
    ticket: Ticket, *, reply_form: ReplyForm | None = None, note_form: NoteForm | None = None
) -> dict[str, Any]:
    """Everything the ticket page shows, with the forms as they came back if one was refused."""
    at, zone = wallclock.now(), http.zone()
    once = token_urlsafe(16)
    reply_form = reply_form or ReplyForm(formdata=None, once=once)
    note_form = note_form or NoteForm(formdata=None, once=token_urlsafe(16))
    uploads.recall(
        (reply_form, uploads.place("reply", ticket.id)),
        (note_form, uploads.place("note", ticket.id)),
    )
    messages = queries.messages_of(ticket, with_notes=True)
    return {
        "ticket": ticket,
        "band": band.of(ticket, zone=zone, at=at),
        "messages": messages,
        "attachments": attachments.of_messages(messages),
        "agreed": agreeing.find_agreed(ticket),
        "watchers": watching.watchers_of([ticket.id]).get(ticket.id, ()),
        "sources": queries.sources_of(ticket.id),
        "undoable": undoing.undoable(ticket, messages, at=at),
        "entries": story.told(queries.history_of(ticket, limit=HISTORY_READ))[:HISTORY_SHOWN],
        "standing": acknowledging.standing(ticket),
        "others": queries.open_of(http.sight(), ticket.requester, besides=ticket)
        if ticket.requester
        else [],
        "reply_form": reply_form,
        "note_form": note_form,
        "owed_to": unanswered.find_waiting(ticket),
        "is_mine": ticket.assignee_id == http.person().id,
        "may_correct": ticket.is_open or ticket.status in DONE,
        "may_reopen": ticket.status in DONE,
        "may_close": ticket.status is Status.RESOLVED,
        "promise_changes": _what_send_does(ticket),
        "zone": zone,
        "now": at,
    }


def _form_again(ticket: Ticket, message_id: int) -> ReplyForm | None:
    """The composer with the words of an answer that its writer took back."""
    message = loading.message_or_404(ticket, message_id)
    if message.taken_back_because != UNDONE or message.author_id != http.person().id:
        return None
    return ReplyForm(formdata=None, body=message.body, once=token_urlsafe(16))


def _what_send_does(ticket: Ticket) -> Sequence[tuple[str, str]]:
    """One line beneath the buttons: what each does to which promise."""
    if not ticket.is_open:
        return ()
    return (
        ("Send", "answers the requester: the response clock is met at this instant"),
        ("wait", "also stops the resolution clock until they answer"),
        ("resolve", "meets the resolution clock with this text"),
    )
