"""Why a clock says what it says: the explanation as a page of its own."""

from flask import render_template

from app import http, wallclock
from app.clocks import queries as clocks
from app.desk import loading, tickets
from app.desk.blueprint import blueprint
from app.errors import NotFound
from app.http import agent_required


@blueprint.get("/tickets/<int:ref>/why/<int:clock_id>")
@agent_required
def why(ref: int, clock_id: int) -> str:
    """The clause, every span that counted or did not, and what would move the due time."""
    ticket = loading.ticket_or_404(ref)
    found = {clock.id: clock for clock in clocks.clocks_of([ticket.id]).get(ticket.id, ())}
    if clock_id not in found:
        raise NotFound("There is no such clock.")
    at, zone = wallclock.now(), http.person().zone_or(http.config().house_zone)
    return render_template(
        "desk/tickets/why.html",
        ticket=ticket,
        why=tickets.explaining_of(found[clock_id], ticket, zone=zone, at=at),
        clock=found[clock_id],
        zone=zone,
        now=at,
    )
