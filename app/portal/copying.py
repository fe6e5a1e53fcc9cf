"""People in copy: put a colleague there, take somebody out, join or leave oneself."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app import http, wallclock
from app.errors import Forbidden, Refusal
from app.http import keeps_words, public, signed_in
from app.languages import gettext as _
from app.people import queries as people
from app.people.models import Person
from app.portal import doors, requests
from app.portal.blueprint import blueprint
from app.portal.doors import Door
from app.portal.forms import CopyForm
from app.tickets import copying, queries
from app.tickets.parts import Part


@blueprint.post("/portal/requests/<int:ref>/copies")
@signed_in
@keeps_words("portal.request")
def copy(ref: int) -> str | Response:
    """Put a colleague in copy by their mail address."""
    door, form = doors.to_change(ref), CopyForm()
    if not form.show.data and form.validate_on_submit():
        with http.refusals_on(form):
            locked, at = door.for_change(), wallclock.now()
            address, name = form.address.data, form.name.data or ""
            who = copying.person_of_address(locked, address, name, at=at)
            copying.put_in_copy(locked, who=who, by=door.person, at=at)
            flash(_("%(name)s is in copy and gets a letter that says so.", name=who.name))
            return redirect(door.url(anchor="copies"), 303)
    return render_template("portal/requests/one.html", **requests.context(door, copy_form=form))


@blueprint.post("/portal/requests/<int:ref>/copies/removal")
@signed_in
def uncopy(ref: int) -> Response:
    """Take somebody out of copy: whose request it is may, and everybody themselves."""
    door = doors.to_change(ref)
    who = people.person(_wanted())
    if who.id != door.person.id and door.part is not Part.OWN:
        raise Forbidden(_("Only who asked for this takes others out of copy."))
    return _take_out(door, who)


@blueprint.post("/t/<token>/leaving")
@public
def guest_leave(token: str) -> Response:
    """Leave, and give the link back."""
    door = doors.of_link(token)
    return _take_out(door, door.person)


@blueprint.post("/portal/requests/<int:ref>/joining")
@signed_in
def join(ref: int) -> Response:
    """Read along on what one's organisation shares: be told of it, and answer."""
    door = doors.of_request(ref)
    if door.part is Part.COLLEAGUE:
        locked = queries.for_change(door.ticket.id)
        copying.put_in_copy(locked, who=door.person, by=door.person, at=wallclock.now())
        flash(_("You are in copy: we write to you when somebody answers."))
    return redirect(door.url(), 303)


def _take_out(door: Door, who: Person) -> Response:
    copying.take_out(door.for_change(), who=who, by=door.person, at=wallclock.now())
    if who.id != door.person.id:
        flash(_("%(name)s is no longer in copy.", name=who.name))
        return redirect(door.url(anchor="copies"), 303)
    flash(_("You have left %(ref)s.", ref=door.ticket.ref))
    return redirect(requests.home_of(door), 303)


def _wanted() -> int:
    number = request.form.get("person", type=int)
    if number is None or not 0 < number <= http.MAX_ROW:
        raise Refusal(_("Choose somebody."))
    return number
