"""Why a clock says what it says: the explanation as a page of its own, and as data."""

from flask import jsonify, render_template, request
from flask.wrappers import Response

from app import http, wallclock
from app.clocks import queries as clocks
from app.clocks.explanation_data import as_data
from app.clocks.models import Clock
from app.desk import band, loading
from app.desk.blueprint import blueprint
from app.errors import NotFound
from app.http import agent_required
from app.tickets.models import Ticket


@blueprint.get("/tickets/<int:ref>/why/<int:clock_id>")
@agent_required
def why(ref: int, clock_id: int) -> str:
    """The clause, every span that counted or did not, and what would move the due time.

    With ``?part=`` it is a piece of the ticket's page instead of one of its own.
    """
    ticket, clock = _found(ref, clock_id)
    at, zone = wallclock.now(), http.zone()
    return render_template(
        "desk/tickets/_why.html" if request.args.get("part") else "desk/tickets/why.html",
        ticket=ticket,
        why=band.explaining_of(clock, ticket, zone=zone, at=at),
        clock=clock,
        zone=zone,
        now=at,
    )


@blueprint.get("/tickets/<int:ref>/why/<int:clock_id>.json")
@agent_required
def why_data(ref: int, clock_id: int) -> Response:
    """The same as JSON (docs/explanation.md)."""
    ticket, clock = _found(ref, clock_id)
    at, zone = wallclock.now(), http.zone()
    told = band.explaining_of(clock, ticket, zone=zone, at=at)
    return jsonify(as_data(told, ticket_id=ticket.id, clock_id=clock.id))


def _found(ref: int, clock_id: int) -> tuple[Ticket, Clock]:
    ticket = loading.ticket_or_404(ref)
    found = {clock.id: clock for clock in clocks.clocks_of([ticket.id]).get(ticket.id, ())}
    if clock_id not in found:
        raise NotFound("There is no such clock.")
    return ticket, found[clock_id]
