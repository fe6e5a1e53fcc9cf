"""The page of one review: the meeting, the minutes, what was decided, and closing it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http
from app.agenda import seats
from app.agenda.blueprint import blueprint
from app.agenda.forms import HeldForm, MeetingForm, MinutesForm, TaskForm
from app.agenda.seats import Seat
from app.agreements import parties
from app.http import signed_in
from app.languages import gettext as _
from app.obligations import meetings, reviews
from app.obligations.models import Review
from app.people import queries as people


@blueprint.get("/agreements/<key>/reviews/<int:review_id>")
@signed_in
def review(key: str, review_id: int) -> str:
    """When both meet, what they wrote, and what is to be done."""
    seat = seats.of(key)
    return page(seat, reviews.review(seat.agreement, review_id))


@blueprint.post("/agreements/<key>/reviews/<int:review_id>/minutes")
@signed_in
def write_minutes(key: str, review_id: int) -> str | Response:
    """Keep the minutes as they stand."""
    seat = seats.of(key)
    found = reviews.review(seat.agreement, review_id)
    form = MinutesForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            meetings.write(
                seat.ahead,
                found,
                form.minutes.data or "",
                seen=form.seen.data or "",
                party=seat.party,
                by=seat.person,
            )
            flash(_("The minutes are kept; they can be changed until the review is closed."))
            return back(seat, found)
    form.seen.data = meetings.mark(found)
    return page(seat, found, minutes_form=form)


@blueprint.post("/agreements/<key>/reviews/<int:review_id>/holding")
@signed_in
def hold_review(key: str, review_id: int) -> str | Response:
    """Close the minutes; both parties are told."""
    seat = seats.of(key)
    found = reviews.review(seat.agreement, review_id)
    form = HeldForm(names=seat.names, attendees=found.attendees)
    if form.validate_on_submit():
        with http.refusals_on(form):
            meetings.hold(
                seat.ahead,
                found,
                held_on=form.held_on.data,
                attendees=form.attendees,
                party=seat.party,
                by=seat.person,
                at=seat.at,
            )
            flash(_("The review is closed. Both parties are told its minutes."))
            return back(seat, found)
    return page(seat, found, held_form=form)


def page(seat: Seat, found: Review, **forms: Any) -> str:
    """The page with the forms given, or fresh ones."""
    actions = reviews.actions([found.id])
    owners = people.people(
        {row.owner_id for row in actions if row.owner_id is not None}
        | {row.done_by_id for row in actions if row.done_by_id is not None}
        | {id for id in (found.arranged_by_id, found.held_by_id) if id is not None}
    )
    shown = {
        "review": found,
        "ahead": seat.ahead,
        "today": seat.ahead.today(seat.at),
        "actions": actions,
        "people": owners,
        "may_change": seat.may_act and found.held_at is None,
        **seat.shown,
    }
    return render_template("agenda/review.html", **{**shown, **_fresh(seat, found), **forms})


def back(seat: Seat, found: Review) -> Response:
    """To the review's page."""
    return redirect(url_for("agenda.review", key=seat.agreement.key, review_id=found.id), 303)


def _fresh(seat: Seat, found: Review) -> dict[str, Any]:
    """The forms as they are found."""
    zone, met_at = seat.agreement.zone, found.meeting_at
    attendees = found.attendees or _expected(seat)
    held_on = seat.ahead.today(met_at if met_at is not None and met_at <= seat.at else seat.at)
    return {
        "meeting_form": MeetingForm(
            zone=zone,
            names=seat.names,
            attendees=attendees,
            formdata=None,
            data={"meeting": _reading(met_at, zone), "place": found.place},
        ),
        "minutes_form": MinutesForm(
            formdata=None, data={"minutes": found.minutes, "seen": meetings.mark(found)}
        ),
        "held_form": HeldForm(
            names=seat.names, attendees=attendees, formdata=None, data={"held_on": held_on}
        ),
        "task_form": TaskForm(people=parties.speakers(seat.agreement), formdata=None),
    }


def _reading(at: datetime | None, zone: str) -> datetime | None:
    """What the clock of the zone reads at an instant, to the minute."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0) if at else None


def _expected(seat: Seat) -> list[dict[str, str]]:
    """Who comes by the agreement: the contacts of the roles that it names for reviews."""
    timetable = seat.ahead.timetable
    roles = timetable.review.attendees if timetable.review is not None else ()
    return [
        {"name": one.name, "party": one.party.value}
        for one in timetable.contacts
        if one.role in roles
    ]
