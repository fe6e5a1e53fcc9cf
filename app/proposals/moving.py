"""Open tickets go over to the version that holds: first shown, then done."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.agreements import history
from app.agreements.words import Party
from app.errors import NotFound
from app.http import manager_required
from app.languages import ngettext
from app.proposals import loading
from app.proposals.blueprint import blueprint
from app.proposals.forms import ReasonForm
from app.proposals.loading import Seat
from app.tickets import moving as verbs
from app.tickets.moving import MOST, Moved


@blueprint.route("/manage/agreements/<key>/moving", methods=["GET", "POST"])
@manager_required
def moving(key: str) -> str | Response:
    """Which open tickets are under other versions, and what going over would do to each."""
    at, seat = wallclock.now(), loading.seat(key)
    if seat.party is not Party.PROVIDER:
        raise NotFound("There is no such agreement.")
    form = ReasonForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            moved = _move(seat, form.reason.data or "")
            flash(_said(moved))
            return redirect(url_for("proposals.moving", key=key), 303)
    into = verbs.holding(seat.agreement, at)
    ids = verbs.waiting(seat.agreement, into, after=http.row_number("after") or 0)
    lines = verbs.preview(ids[:MOST], into, at=at)
    return render_template(
        "proposals/moving.html",
        form=form,
        agreement=seat.agreement,
        into=into,
        go=[line for line in lines if line.why_not is None],
        stay=[line for line in lines if line.why_not is not None],
        count=verbs.how_many(seat.agreement, into),
        after=ids[MOST - 1] if len(ids) > MOST else None,
        zone=http.zone(),
        now=at,
    )


def _move(seat: Seat, reason: str) -> Moved:
    ids = [int(text) for text in request.form.getlist("ticket") if text.isdecimal()]
    moved = verbs.move(
        seat.agreement, ids[: MOST + 1], reason=reason, by=seat.person, now=wallclock.now
    )
    if moved.count:
        at = wallclock.now()
        history.record(
            seat.agreement,
            "moved",
            by=seat.person,
            at=at,
            party=seat.party,
            version=verbs.holding(seat.agreement, at),
            facts={"count": moved.count, "reason": reason.strip()},
        )
    return moved


def _said(moved: Moved) -> str:
    said = ngettext("%(num)s ticket moved.", "%(num)s tickets moved.", moved.count)
    if not moved.stay:
        return said
    stay = ngettext("%(num)s stays where it is.", "%(num)s stay where they are.", len(moved.stay))
    return f"{said} {stay}"
