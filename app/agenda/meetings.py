"""Arranging a review, and what it decided to be done: noted, taken back, done."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app import http
from app.agenda import reviews as pages
from app.agenda import seats
from app.agenda.blueprint import blueprint
from app.agenda.forms import MeetingForm, TaskForm
from app.agreements import parties
from app.errors import NotFound
from app.http import local_path, signed_in
from app.languages import gettext as _
from app.obligations import meetings, reviews, tasks
from app.obligations.meetings import Meeting
from app.obligations.tasks import Of
from app.people import queries as people


@blueprint.post("/agreements/<key>/reviews/<int:review_id>/meeting")
@signed_in
def arrange_review(key: str, review_id: int) -> str | Response:
    """Set when both parties meet, or move it; both are told."""
    seat = seats.of(key)
    found = reviews.review(seat.agreement, review_id)
    form = MeetingForm(zone=seat.agreement.zone, names=seat.names, attendees=found.attendees)
    if form.validate_on_submit():
        with http.refusals_on(form):
            meetings.arrange(
                seat.ahead,
                found,
                Meeting(form.meeting_at, form.place.data or "", form.attendees),
                party=seat.party,
                by=seat.person,
                at=seat.at,
            )
            flash(_("The meeting is arranged. Both parties are told."))
            return pages.back(seat, found)
    return pages.page(seat, found, meeting_form=form)


@blueprint.post("/agreements/<key>/reviews/<int:review_id>/actions")
@signed_in
def add_action(key: str, review_id: int) -> str | Response:
    """Note what is to be done."""
    seat = seats.of(key)
    found = reviews.review(seat.agreement, review_id)
    form = TaskForm(people=parties.speakers(seat.agreement))
    if form.validate_on_submit():
        with http.refusals_on(form):
            meetings.add_action(
                seat.ahead,
                found,
                form.what.data or "",
                owner=people.person(form.owner.data) if form.owner.data else None,
                due_on=form.due_on.data,
                party=seat.party,
                by=seat.person,
            )
            return pages.back(seat, found)
    return pages.page(seat, found, task_form=form)


@blueprint.post("/agreements/<key>/reviews/<int:review_id>/actions/<int:action_id>/removal")
@signed_in
def delete_action(key: str, review_id: int, action_id: int) -> Response:
    """Take an action back while the review is not closed."""
    seat = seats.of(key)
    found = reviews.review(seat.agreement, review_id)
    meetings.drop_action(seat.ahead, found, action_id, party=seat.party, by=seat.person)
    return pages.back(seat, found)


@blueprint.post("/agreements/<key>/tasks/<of>/<int:task_id>/completion")
@signed_in
def finish_task(key: str, of: str, task_id: int) -> Response:
    """Say that something is done: an action of a review, or a task of the end."""
    seat = seats.of(key)
    if of not in list(Of):
        raise NotFound("There is no such task.")
    tasks.finish(seat.agreement, Of(of), task_id, party=seat.party, by=seat.person, at=seat.at)
    flash(_("Done."))
    back = local_path(request.form.get("back")) or url_for("agenda.dates", key=key)
    return redirect(back, 303)
