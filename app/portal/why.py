"""Why this time: what is behind one promise, to the second, as a page and as data."""

from flask import jsonify, render_template
from flask.wrappers import Response

from app import http, wallclock
from app.clocks import explaining, words
from app.clocks import queries as clocks
from app.clocks.explaining import Explanation
from app.clocks.explanation_data import as_data
from app.clocks.models import Clock
from app.errors import NotFound
from app.http import signed_in
from app.portal import loading, promises, reasons
from app.portal.blueprint import blueprint
from app.tickets.models import Ticket


@blueprint.get("/portal/requests/<int:ref>/why/<int:clock_id>")
@signed_in
def why(ref: int, clock_id: int) -> str:
    """The explanation of one clock of one's own request."""
    ticket, clock, told = _told(ref, clock_id)
    return render_template(
        "portal/why/why.html",
        ticket=ticket,
        told=told,
        vow=promises.vow_of(ticket, clock, zone=told.zone, at=told.at),
        drawing=reasons.drawing_of(told),
        weeks=reasons.weeks_of(told) if told.is_folded else (),
        lines=reasons.lines_of(told),
        total=reasons.sum_of(told),
        changes=reasons.changes_of(told),
        zone=words.abbreviation(told.at, told.zone),
    )


@blueprint.get("/portal/requests/<int:ref>/why/<int:clock_id>.json")
@signed_in
def why_data(ref: int, clock_id: int) -> Response:
    """The same as JSON (docs/explanation.md)."""
    ticket, clock, told = _told(ref, clock_id)
    return jsonify(as_data(told, ticket_id=ticket.id, clock_id=clock.id))


def _told(ref: int, clock_id: int) -> tuple[Ticket, Clock, Explanation]:
    ticket = loading.request_or_404(ref)
    rows = clocks.clocks_of([ticket.id]).get(ticket.id, [])
    clock = next((clock for clock in rows if clock.id == clock_id), None)
    if clock is None:
        raise NotFound("There is no such promise.")
    told = explaining.explain(
        clock, zone=http.zone(), at=wallclock.now(), for_requester=ticket.requester_id
    )
    return ticket, clock, told
