"""No more letters about one request, or letters again."""

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from app import wallclock
from app.http import public, signed_in
from app.languages import gettext as _
from app.portal import doors
from app.portal.blueprint import blueprint
from app.portal.doors import Door
from app.tickets import muting


@blueprint.post("/portal/requests/<int:ref>/muting")
@signed_in
def mute(ref: int) -> Response:
    """Stop the letters about it; with ``deed=unmute`` begin again."""
    return _mute(doors.to_change(ref))


@blueprint.post("/t/<token>/muting")
@public
def guest_mute(token: str) -> Response:
    """The same by a guest link."""
    return _mute(doors.of_link(token))


def _mute(door: Door) -> Response:
    locked = door.for_change()
    if request.form.get("deed") == "unmute":
        muting.unmute(locked, who=door.person)
        flash(_("We write to you about %(ref)s again.", ref=locked.ref))
    else:
        muting.mute(locked, who=door.person, at=wallclock.now())
        flash(_("You get no more letters about %(ref)s.", ref=locked.ref))
    return redirect(door.url(anchor="letters"), 303)
