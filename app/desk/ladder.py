"""The ladder of a ticket: when each rung fires or fired, who is told, and why they."""

from flask import render_template

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.escalation import preview
from app.http import agent_required


@blueprint.get("/tickets/<int:ref>/ladder")
@agent_required
def ladder(ref: int) -> str:
    """Every rung of every clock: what has come, and what is ahead as things stand now."""
    ticket = loading.ticket_or_404(ref)
    at, zone = wallclock.now(), http.zone()
    return render_template(
        "desk/tickets/ladder.html",
        ticket=ticket,
        ladders=preview.of_ticket(ticket, zone=zone, at=at),
        Standing=preview.Standing,
        zone=zone,
        now=at,
    )
