"""One's own requests: the list, and one of them with its conversation and promises."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for

from app import http, wallclock
from app.clocks import queries as clocks
from app.http import signed_in, uploads
from app.languages import gettext as _
from app.people.models import Person
from app.portal import doors, files, promises, standing, talk
from app.portal.blueprint import blueprint
from app.portal.doors import Door
from app.portal.forms import AnswerForm, CopyForm, RatingForm
from app.portal.promises import Row
from app.tickets import attachments, queries, rating, reading, recipients
from app.tickets.models import Ticket
from app.tickets.parts import Part
from app.tickets.queue import Key

PAGE = 25


@blueprint.get("/portal/requests")
@signed_in
def requests() -> str:
    """What one asked for or reads along, or with ``?whose=all`` the whole organisation.

    Open ones, or all with ``?show=all``; the newest change first.
    """
    sight = http.sight().as_requester()
    of_organisation = sight.shares_requests and request.args.get("whose") == "all"
    open_only = request.args.get("show") != "all"
    key = Key.parse(request.args.get("before"))
    found = queries.requests_of(
        sight,
        open_only=open_only,
        of_organisation=of_organisation,
        before=(int(key.order_at.timestamp()), key.ticket_id) if key else None,
        limit=PAGE,
    )
    shown = found[:PAGE]
    after = Key(shown[-1].updated_at, shown[-1].id) if len(found) > PAGE else None
    return render_template(
        "portal/requests/list.html",
        rows=promises.rows_of(shown, reader=http.person(), zone=http.zone(), at=wallclock.now()),
        open_only=open_only,
        of_organisation=of_organisation,
        is_shared=sight.shares_requests,
        is_first=key is None,
        after=after,
    )


@blueprint.get("/portal/requests/<int:ref>", endpoint="request")
@signed_in
def one(ref: int) -> str:
    """One request: what was said, what was promised, and what can be done.

    ``?received=1`` is where its form leads: it says once more that we have it.
    """
    door = doors.of_request(ref)
    return render_template(
        "portal/requests/one.html", **context(door), receipt=_receipt(door.ticket, door.part)
    )


def _receipt(ticket: Ticket, part: Part) -> str | None:
    """What somebody reads who has just asked for help."""
    if part is not Part.OWN or "received" not in request.args:
        return None
    return _("We have your request. It is %(ref)s.", ref=ticket.ref)


def home_of(door: Door) -> str:
    """Where somebody goes who has nothing more to do with a request."""
    return url_for("portal.sign_in" if door.is_guest else "portal.requests")


def context(
    door: Door,
    form: AnswerForm | None = None,
    *,
    copy_form: CopyForm | None = None,
    rating_form: RatingForm | None = None,
) -> dict[str, Any]:
    """All that the page of one request shows, with the forms as they came back if refused."""
    ticket = door.look_again() if request.method == "POST" else door.ticket
    at, zone, person = wallclock.now(), door.zone, door.person
    rows = clocks.clocks_of([ticket.id]).get(ticket.id, [])
    sources = queries.sources_of(ticket.id)
    readers = recipients.of(ticket, sources=sources)
    others = [one.name for one in (*readers.to, *readers.copies) if one.id != person.id]
    stands = standing.of(ticket, door.part, copies=others, zone=zone, at=at)
    is_own = door.part is Part.OWN
    form = form or AnswerForm.blank()
    uploads.recall((form, files.place_of(door)))
    messages = queries.messages_of(
        ticket, with_notes=False, merged=[source.id for source in sources]
    )
    return {
        "ticket": ticket,
        "door": door,
        "form": form,
        "attachments": attachments.of_messages(messages),
        "copy_form": copy_form or CopyForm(formdata=None),
        "rating_form": rating_form or RatingForm(formdata=None),
        "status": promises.status_words(ticket, reader=person, may_reopen=stands.reopens),
        "standing": stands,
        "agreed": standing.agreed_words(ticket, zone=zone, at=at),
        "unread_upto": reading.newest_unopened(ticket)
        if ticket.requester_id == person.id
        else None,
        "vows": promises.vows_of(ticket, rows, reader=person, zone=zone, at=at),
        "in_hand": standing.in_hand_words(ticket, rows, door.part, zone=zone, at=at),
        "paused": standing.paused_words(ticket, rows, reader=person),
        "terms": standing.terms_words(ticket, rows, zone=zone, at=at),
        "talk": talk.of(
            messages,
            reader=person,
            asker=promises.asker_of(ticket, person),
            house=http.config().house_name,
            first=next((clock for clock in rows if clock.measure == "first_response"), None),
            pauses=standing.pauses_of(rows, zone=zone, at=at),
            zone=zone,
            at=at,
        ),
        "copies": readers.copies,
        "shared_with": standing.shared_with(ticket),
        "may_copy": is_own and not door.is_guest and stands.takes_copies,
        "is_muted": person.id in readers.muted,
        "rated": rating.find_rating(ticket) if ticket.resolved_at else None,
        "may_rate": rating.may_rate(ticket, person, at=at),
        "scores": rating.SCORES,
        "others": _others(door, zone=zone, person=person),
    }


def _others(door: Door, *, zone: str, person: Person) -> Sequence[Row]:
    """What else is open with us from them; nothing for a guest, who sees this request alone."""
    if door.is_guest:
        return ()
    found: Sequence[Ticket] = queries.open_of(door.sight, person, besides=door.ticket, limit=4)
    return promises.rows_of(found, reader=person, zone=zone, at=wallclock.now())
