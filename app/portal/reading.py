"""The read mark: a requester's page says what it has shown."""

from flask import request
from werkzeug.wrappers import Response

from app import wallclock
from app.http import MAX_ROW, public, signed_in
from app.portal import doors
from app.portal.blueprint import blueprint
from app.portal.doors import Door
from app.tickets import reading


@blueprint.post("/portal/requests/<int:ref>/reading")
@signed_in
def read(ref: int) -> Response:
    """Keep that the answers up to ``upto`` were on the requester's screen."""
    return _read(doors.to_change(ref))


@blueprint.post("/t/<token>/reading")
@public
def guest_read(token: str) -> Response:
    """The same by a guest link."""
    return _read(doors.of_link(token))


def _read(door: Door) -> Response:
    upto = request.form.get("upto", type=int) or 0
    if door.ticket.requester_id == door.person.id:
        reading.mark(door.for_change(), upto=min(upto, MAX_ROW), at=wallclock.now())
    return Response(status=204)
