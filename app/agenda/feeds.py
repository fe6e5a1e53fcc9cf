"""The calendar feed: a link of one's own, made, shown once, revoked, and read by a program."""

from urllib.parse import urlsplit

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import http, wallclock
from app.agenda import coming
from app.agenda.blueprint import blueprint
from app.agreements import parties
from app.errors import NotFound
from app.http import public, signed_in
from app.languages import gettext as _
from app.obligations import feeds, icalendar_text
from app.obligations.coming import Coming


@blueprint.post("/calendar-link")
@signed_in
def make_feed() -> str:
    """Make a link, in place of one that there was; it is shown on this page and never again."""
    person = http.person()
    if not parties.readable_ids(person):
        raise NotFound("There is no agreement that you may read.")
    token = feeds.make(person, at=wallclock.now())
    address = http.config().public_url + url_for("agenda.feed", feed=token)
    return render_template("agenda/feed.html", address=address)


@blueprint.post("/calendar-link/revocation")
@signed_in
def revoke_feed() -> BaseResponse:
    """Let the link be good for nothing from now on."""
    person = http.person()
    if feeds.made_at(person) is None and not parties.readable_ids(person):
        raise NotFound("There is no agreement that you may read.")
    feeds.revoke(person)
    flash(_("The link is revoked: calendars that used it get nothing any more."))
    return redirect(url_for("agenda.reviews" if person.may_manage else "agenda.own_dates"), 303)


@blueprint.get("/calendar/<feed>.ics")
@public
def feed(feed: str) -> Response:
    """What is coming of the agreements of whoever has this link, as iCalendar."""
    person = feeds.owner(feed)
    base = http.config().public_url

    def page_of(row: Coming) -> str:
        return base + url_for("agenda.dates", key=row.agreement.key)

    text = icalendar_text.text(
        coming.rows_for(person),
        name=_("Agreements of %(house)s", house=http.config().house_name),
        host=urlsplit(base).hostname or "pledge.invalid",
        link=page_of,
        at=wallclock.now(),
    )
    return Response(text, mimetype="text/calendar")
