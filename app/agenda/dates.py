"""The dates of one agreement: its term, what comes next, its reviews and its contacts."""

from itertools import groupby

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.agenda import seats
from app.agenda.blueprint import blueprint
from app.agenda.coming import changes
from app.agenda.seats import Seat
from app.agreements import contacts, outlook
from app.agreements.outlook import Outlook
from app.agreements.parts import ContactPart
from app.agreements.words import Party
from app.errors import Forbidden, Refusal
from app.http import row_number, signed_in
from app.languages import gettext as _
from app.obligations import coming, leaving, reviews
from app.obligations.coming import What

HELD = 12
"""Reviews on a page of those that were held."""


@blueprint.get("/agreements/<key>/dates")
@signed_in
def dates(key: str) -> str:
    """When something is due, who is told, and what was said at the reviews."""
    seat = seats.of(key)
    ahead = outlook.find(seat.agreement)
    if ahead is None:
        return render_template("agenda/nothing_signed.html", **seat.shown)
    before = reviews.due_day(row_number("before"), seat.agreement)
    held = reviews.held(seat.agreement, before=before, most=HELD)
    return render_template(
        "agenda/dates.html",
        ahead=ahead,
        rows=coming.in_order([*coming.of([ahead], at=seat.at), *changes([ahead], at=seat.at)]),
        words=coming.words,
        What=What,
        today=ahead.today(seat.at),
        may_arrange=_may_arrange(seat, ahead),
        held=held[:HELD],
        older=held[HELD - 1].id if len(held) > HELD else None,
        contacts=_by_role(seat, ahead.timetable.contacts),
        told=contacts.recent(seat.agreement),
        because=leaving.because(ahead),
        **seat.shown,
    )


@blueprint.post("/agreements/<key>/reviews")
@signed_in
def open_review(key: str) -> Response:
    """Take up the next review before it comes near."""
    seat = seats.of(key)
    if not seat.may_act:
        raise Forbidden(_("Only who writes or signs for a party sees to its reviews."))
    review = reviews.prepare(seat.ahead, at=seat.at, early=True)
    if review is None:
        raise Refusal(_("The agreement asks for no review that is still to come."))
    flash(_("The review can be arranged now."))
    return redirect(url_for("agenda.review", key=key, review_id=review.id), 303)


def _may_arrange(seat: Seat, ahead: Outlook) -> bool:
    """Whether the next review can be taken up: one is to come, and none is open."""
    id = seat.agreement.id
    if not seat.may_act or ahead.has_ended(seat.at) or id in reviews.open_reviews([id]):
        return False
    return reviews.next_due(ahead, reviews.last_held([id]).get(id)) is not None


def _by_role(
    seat: Seat, found: tuple[ContactPart, ...]
) -> list[tuple[str, str, list[ContactPart]]]:
    """The contacts by party and role, in the order in which they are told."""
    in_order = sorted(found, key=lambda one: (list(Party).index(one.party), one.role))
    return [
        (seat.names[party], role, list(each))
        for (party, role), each in groupby(in_order, key=lambda one: (one.party, one.role))
    ]
