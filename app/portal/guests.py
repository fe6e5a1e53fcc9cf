"""The page behind a guest link: one request, for one person without a password."""

from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import wallclock
from app.http import public
from app.people import queries as people
from app.portal import doors, requests
from app.portal.blueprint import blueprint
from app.tickets import guests, renewing
from app.tickets.guests import Ended


@blueprint.get("/t/<token>")
@public
def guest(token: str) -> str:
    """The request of the link, as its person sees it; opening it changes nothing."""
    return render_template("portal/requests/one.html", **requests.context(doors.of_link(token)))


@blueprint.post("/t/<token>/renewal")
@public
def guest_renew(token: str) -> Response:
    """Send a new link in place of an expired one: to its person's mailbox, never to this page."""
    try:
        guests.link_of(token, at=wallclock.now())
    except Ended as ended:
        renewing.renew(ended.link, at=wallclock.now())
        return redirect(url_for("portal.letter_sent", about="request"), 303)
    return redirect(url_for("portal.guest", token=token), 303)


@blueprint.errorhandler(Ended)
def link_ended(ended: Ended) -> Response:
    """What to do with a link that works no more; it names nothing of the request."""
    person = people.person(ended.link.person_id)
    page = render_template(
        "portal/guests/ended.html",
        sentence=ended.sentence,
        token=guests.token_of(ended.link),
        may_renew=ended.link.revoked_at is None and person.password_hash is None,
    )
    return make_response(page, 410)
