"""Who sees what: agents limited to their teams, organisations that share their requests."""

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import http
from app.errors import Refusal
from app.http import manager_required
from app.languages import gettext as _
from app.manage.blueprint import blueprint
from app.people import limiting
from app.people import queries as people

PAGE = 50


@blueprint.get("/manage/sight")
@manager_required
def sight() -> str:
    """Every agent with how far they see, and every client with who reads its requests."""
    after_id = http.row_number("after")
    clients = limiting.clients(after_id=after_id, limit=PAGE)
    return render_template(
        "manage/sight/sight.html",
        agents=limiting.agents(),
        clients=clients[:PAGE],
        is_first=after_id is None,
        after=clients[PAGE - 1].id if len(clients) > PAGE else None,
        form=FlaskForm(),
    )


@blueprint.post("/manage/sight/agents/<int:person_id>")
@manager_required
def limit(person_id: int) -> Response:
    """Limit an agent to their teams (``limited=yes``), or let them see every ticket."""
    person, is_limited = people.person(person_id), _is_yes("limited")
    limiting.limit(person, is_limited=is_limited, by=http.person())
    if is_limited:
        flash(_("%(name)s sees the tickets of their teams alone.", name=person.name))
    else:
        flash(_("%(name)s sees every ticket.", name=person.name))
    return redirect(url_for("manage.sight"), 303)


@blueprint.post("/manage/sight/organisations/<int:organisation_id>")
@manager_required
def share(organisation_id: int) -> Response:
    """Let an organisation's people read each other's requests (``shares=yes``), or not."""
    organisation = limiting.organisation(organisation_id)
    shares = _is_yes("shares")
    limiting.share(organisation, shares=shares, by=http.person())
    if shares:
        flash(_("The people of %(name)s read each other's requests.", name=organisation.name))
    else:
        flash(_("The people of %(name)s read their own requests alone.", name=organisation.name))
    return redirect(url_for("manage.sight"), 303)


def _is_yes(name: str) -> bool:
    """What the button says; anything but its two words changes nothing."""
    said = request.form.get(name)
    if said not in {"yes", "no"}:
        raise Refusal(_("Use one of the buttons of the page: nothing was changed."))
    return said == "yes"
