"""One's own requests: the list, and one of them with its conversation and promises."""

from typing import Any

from flask import render_template, request

from app import http, wallclock
from app.clocks import queries as clocks
from app.http import signed_in
from app.portal import loading, promises, standing, talk
from app.portal.blueprint import blueprint
from app.portal.forms import AnswerForm
from app.tickets import queries, reading
from app.tickets.models import Ticket
from app.tickets.queue import Key

PAGE = 25


@blueprint.get("/portal/requests")
@signed_in
def requests() -> str:
    """What one asked for: open ones, or all with ``?show=all``; the newest change first."""
    open_only = request.args.get("show") != "all"
    key = Key.parse(request.args.get("before"))
    found = queries.requests_of(
        http.sight(),
        open_only=open_only,
        before=(int(key.order_at.timestamp()), key.ticket_id) if key else None,
        limit=PAGE,
    )
    shown = found[:PAGE]
    after = Key(shown[-1].updated_at, shown[-1].id) if len(found) > PAGE else None
    return render_template(
        "portal/requests/list.html",
        rows=promises.rows_of(shown, zone=http.zone(), at=wallclock.now()),
        open_only=open_only,
        is_first=key is None,
        after=after,
    )


@blueprint.get("/portal/requests/<int:ref>", endpoint="request")
@signed_in
def one(ref: int) -> str:
    """One request: what was said, what was promised, and what can be done."""
    ticket = loading.request_or_404(ref)
    return render_template("portal/requests/one.html", **context(ticket, AnswerForm.blank()))


def context(ticket: Ticket, form: AnswerForm) -> dict[str, Any]:
    """All that the page of one request shows, with ``form`` as it was filled in."""
    at, zone, person = wallclock.now(), http.zone(), http.person()
    rows = clocks.clocks_of([ticket.id]).get(ticket.id, [])
    stands = standing.of(ticket, zone=zone, at=at)
    return {
        "ticket": ticket,
        "form": form,
        "status": promises.status_words(ticket, may_reopen=stands.reopens),
        "standing": stands,
        "agreed": standing.agreed_words(ticket, zone=zone, at=at),
        "unread_upto": reading.newest_unopened(ticket)
        if ticket.requester_id == person.id
        else None,
        "vows": promises.vows_of(ticket, rows, zone=zone, at=at),
        "terms": standing.terms_words(ticket, rows, zone=zone, at=at),
        "talk": talk.of(
            queries.messages_of(ticket, with_notes=False),
            reader=person,
            house=http.config().house_name,
            first=next((clock for clock in rows if clock.measure == "first_response"), None),
            pauses=standing.pauses_of(rows, zone=zone, at=at),
            zone=zone,
            at=at,
        ),
        "others": promises.rows_of(
            queries.open_of(http.sight().as_requester(), person, besides=ticket, limit=4),
            zone=zone,
            at=at,
        ),
    }
