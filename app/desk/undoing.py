"""Undo of Send: a button beside the message and on the toast, for some seconds."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.desk.forms import TokenForm
from app.http import agent_required, uploads
from app.languages import gettext as _
from app.tickets import undoing
from app.tickets.history import Entry
from app.tickets.models import Message, Ticket
from app.tickets.spoken import Spoken
from app.tickets.words import Side


@blueprint.post("/tickets/<int:ref>/messages/<int:message_id>/undoing")
@agent_required
def undo(ref: int, message_id: int) -> Response:
    """Take the answer back; its words and files come back into the composer."""
    ticket = loading.for_change(ref)
    message = loading.message_or_404(ticket, message_id)
    form, is_undone = TokenForm(), False
    with http.refusals_on(form):
        undoing.undo(ticket, message, by=http.person(), at=wallclock.now())
        uploads.give_back(message.id, uploads.place("reply", ref))
        is_undone = True
    if is_undone:
        own = message.author_id == http.person().id
        flash(
            _("Taken back: the requester never sees it. Your words are in the composer.")
            if own
            else _(
                "Taken back: the requester never sees it. The words are a draft of their author."
            )
        )
        return redirect(url_for("desk.ticket", ref=ref, _anchor="reply"), 303)
    for sentence in form.form_errors:
        flash(sentence)
    return redirect(url_for("desk.ticket", ref=ref, _anchor=f"m{message_id}"), 303)


def tell_sent(words: str, ticket: Ticket, message: Message) -> None:
    """Flash that an answer is sent, with the button that takes it back."""
    if not http.config().undo_s:
        flash(words)
        return
    url = url_for("desk.undo", ref=ticket.id, message_id=message.id)
    toast: Any = {"words": words, "undo": url, "for_s": http.config().undo_s}
    flash(toast, "undo")


def undoable(
    ticket: Ticket, messages: Iterable[Spoken], entries: Sequence[Entry], *, at: datetime
) -> dict[int, datetime]:
    """The messages that can still be taken back, each with until when.

    ``entries`` are the newest of the ticket's history.
    """
    since = at - timedelta(seconds=http.config().undo_s)
    fresh = [
        message
        for message in messages
        if message.side is Side.DESK
        and message.at >= since
        and message.opened_at is None
        and message.taken_back_at is None
    ]
    until = {message.id: undoing.undoable_until(message, entries) for message in fresh}
    return {id_: instant for id_, instant in until.items() if instant is not None and at <= instant}
