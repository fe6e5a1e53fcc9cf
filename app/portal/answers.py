"""What a requester does to a request: answer, close, and open it again by answering."""

from flask import flash, redirect, render_template, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app import http, wallclock
from app.http import signed_in
from app.portal import loading, requests
from app.portal.blueprint import blueprint
from app.portal.forms import AnswerForm, ClosingForm
from app.tickets import conversation, lifecycle
from app.tickets.models import Ticket
from app.tickets.words import Channel


@blueprint.post("/portal/requests/<int:ref>/messages")
@signed_in
def answer(ref: int) -> str | Response:
    """Send a message; on a resolved request it opens it again."""
    ticket = loading.own_request_or_404(ref)
    form = AnswerForm()
    if form.validate_on_submit() and _is_sent(form, ticket):
        return redirect(url_for("portal.request", ref=ref, _anchor="end"), 303)
    return _page(ref, form)


@blueprint.post("/portal/requests/<int:ref>/closing")
@signed_in
def close(ref: int) -> str | Response:
    """Close it: it works again. What was typed before goes out as the last message."""
    ticket = loading.own_request_or_404(ref)
    form = ClosingForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            _close(form, ticket)
            flash(f"{ticket.ref} is closed. Thank you for telling us.")
            return redirect(url_for("portal.request", ref=ref), 303)
    kept = AnswerForm.blank()
    kept.body.data, kept.form_errors = form.body.data, form.form_errors
    return _page(ref, kept)


def _page(ref: int, form: AnswerForm) -> str:
    ticket = loading.request_or_404(ref)
    return render_template("portal/requests/one.html", **requests.context(ticket, form))


def _is_sent(form: AnswerForm, ticket: Ticket) -> bool:
    if conversation.was_sent(form.once.data):
        return True
    is_sent = False
    try:
        with http.refusals_on(form):
            _send(form, loading.for_change(ticket.id))
            is_sent = True
    except IntegrityError:  # sent twice at once: the other one came first
        is_sent = conversation.was_sent(form.once.data)
        if not is_sent:
            raise
    return is_sent


def _send(form: AnswerForm, locked: Ticket) -> None:
    was_open = locked.is_open
    conversation.requester_message(
        locked,
        by=http.person(),
        body=form.body.data,
        channel=Channel.PORTAL,
        at=wallclock.now(),
        once=form.once.data or None,
    )
    flash("Your answer is sent." if was_open else f"{locked.ref} is open again.")


def _close(form: ClosingForm, ticket: Ticket) -> None:
    locked = loading.for_change(ticket.id)
    at = wallclock.now()
    is_new = not conversation.was_sent(form.once.data)
    if (form.body.data or "").strip() and locked.is_open and is_new:
        conversation.requester_message(
            locked,
            by=http.person(),
            body=form.body.data,
            channel=Channel.PORTAL,
            at=at,
            once=form.once.data or None,
        )
    lifecycle.close(locked, by=http.person(), at=at)
