"""Why this time: what is behind one promise, to the second."""

from flask import render_template

from app import http, wallclock
from app.clocks import explaining
from app.clocks import queries as clocks
from app.errors import NotFound
from app.http import signed_in
from app.portal import loading
from app.portal.blueprint import blueprint


@blueprint.get("/portal/requests/<int:ref>/why/<int:clock_id>")
@signed_in
def why(ref: int, clock_id: int) -> str:
    """The explanation of one clock of one's own request."""
    ticket = loading.request_or_404(ref)
    rows = clocks.clocks_of([ticket.id]).get(ticket.id, [])
    if clock_id not in {clock.id for clock in rows}:
        raise NotFound("There is no such promise.")
    told = explaining.explain(clock_id, zone=loading.zone(), at=wallclock.now(), for_requester=True)
    return render_template(
        "portal/why/why.html", ticket=ticket, told=told, house=http.config().house_name
    )
