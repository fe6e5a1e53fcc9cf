"""What is said about the clauses of a proposal."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.http import signed_in
from app.negotiations import commenting
from app.proposals import loading, reading
from app.proposals.blueprint import blueprint
from app.proposals.forms import CommentForm


@blueprint.post("/agreements/<key>/proposals/<int:number>/comments")
@signed_in
def comment(key: str, number: int) -> str | Response:
    """Say something about a clause, or about the whole."""
    seat, offer = loading.offer(key, number)
    form = CommentForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            clause = (form.clause.data or "").strip()
            commenting.comment(
                offer, clause=clause, body=form.body.data or "", by=seat.person, at=wallclock.now()
            )
            anchor = f"clause-{clause}" if clause else "comments"
            page = url_for("proposals.proposal", key=key, number=number, _anchor=anchor)
            return redirect(page, 303)
    return reading.page(seat, offer, comment_form=form)
