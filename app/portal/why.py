"""Why this time: what is behind one promise, to the second."""

from flask import render_template

from app import wallclock
from app.clocks import explaining, words
from app.clocks import queries as clocks
from app.errors import NotFound
from app.http import signed_in
from app.portal import loading, promises, reasons
from app.portal.blueprint import blueprint


@blueprint.get("/portal/requests/<int:ref>/why/<int:clock_id>")
@signed_in
def why(ref: int, clock_id: int) -> str:
    """The explanation of one clock of one's own request."""
    ticket = loading.request_or_404(ref)
    rows = clocks.clocks_of([ticket.id]).get(ticket.id, [])
    clock = next((clock for clock in rows if clock.id == clock_id), None)
    if clock is None:
        raise NotFound("There is no such promise.")
    at, zone = wallclock.now(), loading.zone()
    told = explaining.explain(clock, zone=zone, at=at, for_requester=ticket.requester_id)
    return render_template(
        "portal/why/why.html",
        ticket=ticket,
        told=told,
        vow=promises.vow_of(ticket, clock, zone=zone, at=at),
        drawing=reasons.drawing_of(told),
        lines=reasons.lines_of(told),
        total=reasons.sum_of(told),
        zone=words.abbreviation(at, zone),
    )
