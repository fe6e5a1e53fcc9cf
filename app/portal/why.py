"""Why this time: what is behind one promise, to the second, as a page and as data."""

from flask import jsonify, render_template
from flask.wrappers import Response

from app import wallclock
from app.clocks import explaining, words
from app.clocks import queries as clocks
from app.clocks.explaining import Explanation
from app.clocks.explanation_data import as_data
from app.clocks.models import Clock
from app.errors import NotFound
from app.http import public, signed_in
from app.languages import speaking
from app.portal import doors, promises, reasons
from app.portal.blueprint import blueprint
from app.portal.doors import Door


@blueprint.get("/portal/requests/<int:ref>/why/<int:clock_id>")
@signed_in
def why(ref: int, clock_id: int) -> str:
    """The explanation of one clock of a request."""
    return _page(doors.of_request(ref), clock_id)


@blueprint.get("/t/<token>/why/<int:clock_id>")
@public
def guest_why(token: str, clock_id: int) -> str:
    """The same by a guest link."""
    return _page(doors.of_link(token), clock_id)


@blueprint.get("/portal/requests/<int:ref>/why/<int:clock_id>.json")
@signed_in
def why_data(ref: int, clock_id: int) -> Response:
    """The same as JSON (docs/explanation.md)."""
    door = doors.of_request(ref)
    with speaking("en"):
        clock, told = _told(door, clock_id)
    return jsonify(as_data(told, ticket_id=ref, clock_id=clock.id))


def _page(door: Door, clock_id: int) -> str:
    clock, told = _told(door, clock_id)
    return render_template(
        "portal/why/why.html",
        ticket=door.ticket,
        door=door,
        told=told,
        vow=promises.vow_of(door.ticket, clock, reader=door.person, zone=told.zone, at=told.at),
        drawing=reasons.drawing_of(told),
        weeks=reasons.weeks_of(told) if told.is_folded else (),
        lines=reasons.lines_of(told),
        total=reasons.sum_of(told),
        changes=reasons.changes_of(told),
        zone=words.abbreviation(told.at, told.zone),
    )


def _told(door: Door, clock_id: int) -> tuple[Clock, Explanation]:
    rows = clocks.clocks_of([door.ticket.id]).get(door.ticket.id, [])
    clock = next((clock for clock in rows if clock.id == clock_id), None)
    if clock is None:
        raise NotFound("There is no such promise.")
    told = explaining.explain(
        clock, zone=door.zone, at=wallclock.now(), for_requester=door.person.id
    )
    return clock, told
