"""The ticket page: promises, conversation, properties, history."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from app import http, wallclock
from app.desk import band, composing, loading, story, undoing
from app.desk.blueprint import blueprint
from app.desk.forms import NoteForm, ReplyForm
from app.escalation import acknowledging
from app.http import agent_required
from app.tickets import agreeing, attachments, queries, rating, unanswered, watching
from app.tickets.models import Message, Ticket
from app.tickets.words import DONE, Status

HISTORY_SHOWN, HISTORY_READ = 12, 48
"""Lines of the short history, and entries that are read for them: some fold into one line."""


@blueprint.get("/tickets/<int:ref>")
@agent_required
def ticket(ref: int) -> str:
    """One ticket; ``?write=note`` opens the composer for a note."""
    return render_template(
        "desk/tickets/ticket.html", **context(loading.ticket_or_404(ref), tab=_tab())
    )


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
    ticket: Ticket,
    *,
    reply_form: ReplyForm | None = None,
    note_form: NoteForm | None = None,
    tab: str = "reply",
    stopped: Sequence[Message] = (),
    preview: Markup | None = None,
) -> dict[str, Any]:
    """Everything the ticket page shows, with the forms as they came back if one was refused.

    The composer shows ``tab`` ("reply" or "note"), what ``stopped`` a reply, a ``preview``.
    """
    at, zone = wallclock.now(), http.zone()
    messages = queries.messages_of(ticket, with_notes=True)
    sources, shown = queries.sources_of(ticket.id), band.of(ticket, zone=zone, at=at)
    composer = composing.of(
        ticket,
        messages=messages,
        sources=sources,
        clocks=[cell.clock for cell in shown.cells],
        at=at,
        reply_form=reply_form,
        note_form=note_form,
        tab=tab,
        stopped=stopped,
        preview=preview,
    )
    return {
        "ticket": ticket,
        "band": shown,
        "messages": messages,
        "attachments": attachments.of_messages(messages),
        "agreed": agreeing.find_agreed(ticket),
        "watchers": watching.watchers_of([ticket.id]).get(ticket.id, ()),
        "rated": rating.find_rating(ticket) if ticket.resolved_at else None,
        "sources": sources,
        "undoable": undoing.undoable(ticket, messages, at=at),
        "entries": story.told(queries.history_of(ticket, limit=HISTORY_READ))[:HISTORY_SHOWN],
        "standing": acknowledging.standing(ticket),
        "others": queries.open_of(http.sight(), ticket.requester, besides=ticket)
        if ticket.requester
        else [],
        "composer": composer,
        "reply_form": composer.reply.form,
        "note_form": composer.note.form,
        "owed_to": unanswered.find_waiting(ticket),
        "is_mine": ticket.assignee_id == http.person().id,
        "may_correct": ticket.is_open or ticket.status in DONE,
        "may_reopen": ticket.status in DONE,
        "may_close": ticket.status is Status.RESOLVED,
        "zone": zone,
        "now": at,
    }


def _tab() -> str:
    return "note" if request.args.get("write") == "note" else "reply"
