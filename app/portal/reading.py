"""The read mark: a requester's page says what it has shown."""

from flask import request
from werkzeug.wrappers import Response

from app import wallclock
from app.http import MAX_ROW, signed_in
from app.portal import loading
from app.portal.blueprint import blueprint
from app.tickets import reading


@blueprint.post("/portal/requests/<int:ref>/reading")
@signed_in
def read(ref: int) -> Response:
    """Keep that the answers up to ``upto`` were on the requester's screen."""
    upto = request.form.get("upto", type=int) or 0
    reading.mark(loading.for_change(ref), upto=min(upto, MAX_ROW), at=wallclock.now())
    return Response(status=204)
