"""The first pages: ``/`` by role, and the portal's home with the catalogue."""

from itertools import groupby

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType, Service
from app.http import public, signed_in
from app.portal import promises
from app.portal.blueprint import blueprint
from app.tickets import queries


@blueprint.get("/")
@public
def root() -> Response:
    """Lead everybody to where their work is."""
    person = http.find_person()
    if person is None:
        return redirect(url_for("portal.sign_in"), 302)
    return redirect(url_for("desk.queue" if person.is_agent else "portal.portal"), 302)


@blueprint.get("/portal")
@signed_in
def portal() -> str:
    """What can be asked for, and what is open."""
    rows = promises.rows_of(
        queries.open_of(http.sight().as_requester(), http.person()),
        reader=http.person(),
        zone=http.zone(),
        at=wallclock.now(),
    )
    return render_template("portal/home/home.html", offered=_by_service(), requests=rows)


def _by_service() -> list[tuple[Service, list[RequestType]]]:
    """The catalogue's requests under their services, in the catalogue's order."""
    groups = groupby(catalogue.request_types(), key=lambda kind: kind.service)
    return [(service, list(kinds)) for service, kinds in groups]
