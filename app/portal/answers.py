"""What somebody does to a request: answer, close, and open it again by answering."""

from collections.abc import Sequence

from flask import flash, redirect, render_template
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app import http, wallclock
from app.files.models import Attachment
from app.http import keeps_words, public, signed_in, takes_files, uploads
from app.languages import gettext as _
from app.portal import doors, files, requests
from app.portal.blueprint import blueprint
from app.portal.doors import Door
from app.portal.forms import AnswerForm, ClosingForm
from app.tickets import conversation, lifecycle
from app.tickets.models import Ticket
from app.tickets.words import Channel


@blueprint.post("/portal/requests/<int:ref>/messages")
@signed_in
@keeps_words("portal.request")
@takes_files
def answer(ref: int) -> str | Response:
    """Send a message; on a resolved request it opens it again."""
    return _answer(doors.to_change(ref))


@blueprint.post("/t/<token>/messages")
@public
@keeps_words("portal.guest")
@takes_files
def guest_answer(token: str) -> str | Response:
    """The same by a guest link."""
    return _answer(doors.of_link(token))


@blueprint.post("/portal/requests/<int:ref>/closing")
@signed_in
@keeps_words("portal.request")
@takes_files
def close(ref: int) -> str | Response:
    """Close it: it works again. What was typed before goes out as the last message."""
    return _close(doors.to_change(ref))


@blueprint.post("/t/<token>/closing")
@public
@keeps_words("portal.guest")
@takes_files
def guest_close(token: str) -> str | Response:
    """The same by a guest link."""
    return _close(doors.of_link(token))


def _answer(door: Door) -> str | Response:
    form = AnswerForm()
    if conversation.was_sent(form.once.data):
        return redirect(door.url(anchor="end"), 303)
    if form.show.data:
        return _page(door, form)
    chosen = uploads.take_in(form, files.place_of(door))
    if form.validate_on_submit() and _is_sent(form, door, chosen):
        return redirect(door.url(anchor="end"), 303)
    return _page(door, form)


def _close(door: Door) -> str | Response:
    form = ClosingForm()
    if form.show.data:
        return _page(door, _as_answer(form))
    chosen = uploads.take_in(form, files.place_of(door))
    if form.validate_on_submit():
        with http.refusals_on(form):
            _end(form, door, chosen)
            flash(_("%(ref)s is closed. Thank you for telling us.", ref=door.ticket.ref))
            return redirect(door.url(anchor="content"), 303)
    return _page(door, _as_answer(form))


def _as_answer(form: ClosingForm) -> AnswerForm:
    """The last words, where they are not sent: in the field in which they were typed."""
    kept = AnswerForm.blank()
    kept.body.data, kept.body.errors = form.body.data, form.body.errors
    kept.form_errors = form.form_errors
    kept.files.errors, kept.files.waiting = form.files.errors, form.files.waiting
    return kept


def _page(door: Door, form: AnswerForm) -> str:
    return render_template("portal/requests/one.html", **requests.context(door, form))


def _is_sent(form: AnswerForm, door: Door, chosen: Sequence[Attachment]) -> bool:
    is_sent = False
    try:
        with http.refusals_on(form):
            _send(form, door, door.for_change(), chosen)
            is_sent = True
    except IntegrityError:  # sent twice at once: the other one came first
        is_sent = conversation.was_sent(form.once.data)
        if not is_sent:
            raise
    return is_sent


def _send(form: AnswerForm, door: Door, locked: Ticket, chosen: Sequence[Attachment]) -> None:
    was_open = locked.is_open
    conversation.requester_message(
        locked,
        by=door.person,
        body=form.body.data,
        channel=Channel.PORTAL,
        at=wallclock.now(),
        once=form.once.data or None,
        files=chosen,
    )
    ref = locked.ref
    flash(_("Your answer is sent.") if was_open else _("%(ref)s is open again.", ref=ref))


def _end(form: ClosingForm, door: Door, chosen: Sequence[Attachment]) -> None:
    locked = door.for_change()
    at = wallclock.now()
    is_new = not conversation.was_sent(form.once.data)
    if (form.body.data or "").strip() and locked.is_open and is_new:
        conversation.requester_message(
            locked,
            by=door.person,
            body=form.body.data,
            channel=Channel.PORTAL,
            at=at,
            once=form.once.data or None,
            files=chosen,
        )
    lifecycle.close(locked, by=door.person, at=at)
