"""How it went: said once, on the request's own page or by a link from the letter."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app import http, wallclock
from app.errors import NotFound
from app.http import keeps_words, public, signed_in
from app.languages import gettext as _
from app.people import access
from app.people import queries as people
from app.people.models import Person
from app.portal import doors, requests
from app.portal.blueprint import blueprint
from app.portal.doors import Door
from app.portal.forms import RatingForm
from app.tickets import queries, rating
from app.tickets.models import Ticket


@blueprint.post("/portal/requests/<int:ref>/rating")
@signed_in
@keeps_words("portal.request")
def rate(ref: int) -> str | Response:
    """Say how it went."""
    return _rate(doors.to_change(ref))


@blueprint.post("/t/<token>/rating")
@public
@keeps_words("portal.guest")
def guest_rate(token: str) -> str | Response:
    """The same by a guest link."""
    return _rate(doors.of_link(token))


@blueprint.route("/rate/<signed>", methods=["GET", "POST"])
@public
@keeps_words("portal.rate_by_link")
def rate_by_link(signed: str) -> str | Response:
    """The page behind the five links of a letter: it shows the subject and asks, nothing else.

    Opening it changes nothing: what was chosen in the letter is chosen here and can be sent.
    """
    ticket, person = _meant(signed)
    http.speak_to(person)
    form = RatingForm()
    if not form.is_submitted():
        form.score.data = request.args.get("score")
    if not form.show.data and form.validate_on_submit():
        with http.refusals_on(form):
            _keep(form, queries.for_change(ticket.id), person)
            return redirect(request.path, 303)
    return render_template(
        "portal/rating/rate.html",
        ticket=ticket,
        form=form,
        rated=rating.find_rating(ticket),
        may_rate=rating.may_rate(ticket, person, at=wallclock.now()),
        scores=rating.SCORES,
    )


def _rate(door: Door) -> str | Response:
    form = RatingForm()
    if not form.show.data and form.validate_on_submit():
        with http.refusals_on(form):
            _keep(form, door.for_change(), door.person)
            flash(_("Thank you. We read every one of these."))
            return redirect(door.url(anchor="rating"), 303)
    return render_template("portal/requests/one.html", **requests.context(door, rating_form=form))


def _keep(form: RatingForm, locked: Ticket, person: Person) -> None:
    rating.rate(
        locked,
        score=int(form.score.data),
        comment=form.comment.data or "",
        by=person,
        at=wallclock.now(),
    )


def _meant(signed: str) -> tuple[Ticket, Person]:
    ticket_id, person_id = rating.meant_by(signed)
    person = people.person(person_id)
    ticket = queries.find_ticket(access.guest_sight(person, ticket_id), ticket_id)
    if ticket is None or not person.is_active or ticket.requester_id != person.id:
        raise NotFound("There is no such link.")
    return ticket, person
