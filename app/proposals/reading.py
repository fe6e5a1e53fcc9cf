"""One proposal: how it stands, what it changes, the whole text with what was said of it."""

from flask import render_template
from flask_wtf import FlaskForm

from app import http, wallclock
from app.http import signed_in
from app.negotiations.queries import Offer
from app.proposals import loading, showing
from app.proposals.blueprint import blueprint
from app.proposals.forms import CheckForm, CommentForm, ReasonForm
from app.proposals.loading import Seat


@blueprint.get("/agreements/<key>/proposals/<int:number>")
@signed_in
def proposal(key: str, number: int) -> str:
    """A proposal, with everything that its reader may do about it."""
    return page(*loading.offer(key, number))


def page(seat: Seat, offer: Offer, **forms: FlaskForm) -> str:
    """The page of a proposal; ``forms`` are those that were sent and refused."""
    at = wallclock.now()
    return render_template(
        "proposals/proposal.html",
        **{
            "comment_form": CommentForm(formdata=None),
            "reason_form": ReasonForm(formdata=None),
            "check_form": CheckForm(formdata=None),
            **forms,
        },
        sheet=showing.sheet(seat, offer, at=at),
        agreement=seat.agreement,
        words_of=showing.words_of,
        today=at.date(),
        zone=http.zone(),
        now=at,
    )
