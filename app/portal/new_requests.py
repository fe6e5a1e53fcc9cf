"""Asking for help: the form, with the promise shown before it is sent."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app import http, wallclock
from app.catalogue import queries as catalogue
from app.catalogue.queries import Tile
from app.catalogue.words import Priority
from app.errors import NotFound
from app.files.models import Attachment
from app.http import keeps_words, signed_in, takes_files, uploads
from app.portal import pledge, sheet, suggesting
from app.portal.blueprint import blueprint
from app.portal.choices import Choice, choices_of, default_of, fit
from app.portal.forms import RequestForm
from app.portal.pledge import Pledge
from app.portal.sheet import Sheet
from app.tickets import opening, queries
from app.tickets.conversation import MAX_BODY
from app.tickets.models import Ticket
from app.tickets.words import Channel


@blueprint.route("/portal/new/<key>", methods=["GET", "POST"])
@signed_in
@keeps_words("portal.new_request")
@takes_files
def new_request(key: str) -> str | Response:
    """Show the form and its promise; take the request in once, however often it is sent."""
    kind = catalogue.tile(key)
    choices = choices_of(kind)
    if request.method != "POST":
        follows = _followed(request.args.get("follows"))
        return _shown(kind, choices, sheet.blank(kind, choices, follows=follows))
    form = RequestForm()
    fit(form, kind, choices)
    follows = _followed(form.follows.data)
    made, files = _taken_in(form, kind) if uploads.come_along() else (None, ())
    if not form.show.data and form.validate():
        made = made or _open(form, kind, choices, follows, files)
        if made is not None:
            return redirect(url_for("portal.request", ref=made.id, received=1), 303)
    return _shown(kind, choices, sheet.returned(form, follows=follows))


@blueprint.get("/portal/new/<key>/promise")
@signed_in
def promise(key: str) -> str:
    """The promise card alone, for the priority in the URL, for the script that swaps it."""
    kind = catalogue.tile(key)
    wanted = request.args.get("priority")
    chosen = next((c for c in choices_of(kind) if c.priority.value == wanted), None)
    if chosen is None:
        raise NotFound("No choice of this request has that priority.")
    return render_template(
        "portal/new_requests/_promise.html", promise=_pledge(kind, chosen.priority)
    )


@blueprint.get("/portal/new/<key>/hints")
@signed_in
def hints(key: str) -> str:
    """What may already help with what is being typed, for the script that swaps it."""
    found = suggesting.hints_for(catalogue.tile(key), request.args.get("about"))
    return render_template("portal/new_requests/_hints.html", hints=found)


def _taken_in(form: RequestForm, kind: Tile) -> tuple[Ticket | None, Sequence[Attachment]]:
    """The files of the form, before it is judged; none twice: what it made already is answered."""
    made = _made_by(form.once.data)
    place = uploads.place("new", kind.key, form.once.data or "")
    return made, uploads.take_in(form, place) if made is None else ()


def _shown(kind: Tile, choices: tuple[Choice, ...], asked: Sheet) -> str:
    chosen = _chosen(choices, asked.choice.data)
    return render_template(
        "portal/new_requests/new.html",
        sheet=asked,
        most=MAX_BODY,
        shared_with=http.shared_with(),
        kind=kind,
        choices=choices,
        promise=_pledge(kind, chosen.priority),
        hints=suggesting.hints_for(kind, asked.subject.data),
    )


def _followed(named: str | None) -> Ticket | None:
    """The earlier request of this person that the new one follows, if it names one."""
    number = int(named) if named and named.isascii() and named.isdecimal() else 0
    if not 0 < number <= http.MAX_ROW:
        return None
    found = queries.find_ticket(http.sight().as_requester(), number)
    return found if found is not None and queries.takes_part(found, http.person()) else None


def _chosen(choices: tuple[Choice, ...], key: str | None) -> Choice:
    return next((choice for choice in choices if choice.key == key), default_of(choices))


def _made_by(once: str | None) -> Ticket | None:
    """What the form made already; somebody else's one-time id is none of theirs to use."""
    made = opening.find_made_by(once)
    if made is not None and made.requester_id != http.person().id:
        raise NotFound("There is no such request.")
    return made


def _open(
    form: RequestForm,
    kind: Tile,
    choices: tuple[Choice, ...],
    follows: Ticket | None,
    files: Sequence[Attachment],
) -> Ticket | None:
    """The new ticket, or the one that the form made before; None when it says why there is none."""
    person, ticket = http.person(), None
    try:
        with http.refusals_on(form, whole=not files):
            ticket = opening.open_ticket(
                requester=person,
                subject=form.subject.data,
                body=form.body.data,
                request_type=kind,
                priority=_chosen(choices, form.choice.data).priority,
                kind=kind.kind,
                channel=Channel.PORTAL,
                by=person,
                at=http.came_at(),
                once=form.once.data,
                follows=follows,
                files=files,
            )
    except IntegrityError:  # sent twice: the other one came first
        ticket = _made_by(form.once.data)
        if ticket is None:
            raise
    return ticket or _made_by(form.once.data)


def _pledge(kind: Tile, priority: Priority) -> Pledge:
    at = wallclock.now()
    outlook = opening.outlook(
        organisation_id=http.person().organisation_id,
        service_id=kind.service_id,
        priority=priority,
        kind=kind.kind,
        at=at,
        team_id=kind.team_id,
    )
    return pledge.of(outlook, kind=kind.kind, priority=priority, zone=http.zone(), at=at)
