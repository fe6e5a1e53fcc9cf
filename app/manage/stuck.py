"""Stuck work: tickets whose escalation raised again and again and now waits for a person."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import claims, http, wallclock
from app.clocks import checking
from app.escalation import parking, standing
from app.http import manager_required
from app.manage.blueprint import blueprint
from app.tickets import queries as tickets

BIGGEST = 2**63 - 1


@blueprint.get("/manage/system")
@manager_required
def system() -> str:
    """The worker's last tick, and every parked ticket with its error."""
    beat = claims.last_beat(standing.FIRING)
    return render_template(
        "manage/stuck/system.html",
        ticked_at=beat.at if beat else None,
        stuck=parking.parked(),
        checked=checking.last_report(),
        zone=http.person().zone_or(http.config().house_zone),
        now=wallclock.now(),
    )


@blueprint.post(f"/manage/system/tickets/<int(max={BIGGEST}):ref>/trying")
@manager_required
def try_again(ref: int) -> BaseResponse:
    """Let the worker try a parked ticket again."""
    ticket = tickets.for_change(ref)
    parking.try_again(ticket.id, at=wallclock.now())
    flash(f"#{ref} is tried again.")
    return redirect(url_for("manage.system"), 303)
