"""Who writes, signs and is told for which organisation: read by managers, given by some."""

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import http, wallclock
from app.errors import Forbidden, NotFound, Refusal
from app.http import manager_required
from app.languages import gettext as _
from app.people import grants as verbs
from app.people import limiting
from app.people import queries as people
from app.people.models import GrantKind, Organisation
from app.proposals.blueprint import blueprint
from app.proposals.forms import KINDS, GrantForm

PAGE = 30


@blueprint.get("/manage/grants")
@manager_required
def grants() -> str:
    """Every organisation with who holds what, the provider first."""
    after = http.row_number("after")
    clients = limiting.clients(after_id=after, limit=PAGE)
    provider = people.provider()
    shown = [*([provider] if provider and after is None else []), *clients[:PAGE]]
    return render_template(
        "proposals/grants.html",
        rows=[(one, verbs.grants_of(one.id)) for one in shown],
        after=clients[PAGE - 1].id if len(clients) > PAGE else None,
        kinds=KINDS,
    )


@blueprint.get("/manage/grants/<int:organisation_id>")
@manager_required
def grants_of(organisation_id: int) -> str:
    """Who holds what for one organisation, and what was given and taken."""
    return _page(organisation_id, GrantForm(formdata=None))


@blueprint.post("/manage/grants/<int:organisation_id>/new")
@manager_required
def give_grant(organisation_id: int) -> str | Response:
    """Let somebody of the organisation write, sign, or be its contact."""
    organisation, form = limiting.organisation(organisation_id), GrantForm()
    form.offer(offered := _offered(organisation))
    if not offered:
        raise Forbidden(_("Only administrators give and take grants of a client."))
    if form.validate_on_submit():
        with http.refusals_on(form):
            person = people.find_person_by_address(form.address.data or "")
            if person is None:
                raise Refusal(_("Nobody here has this address."), field="address")
            try:
                verbs.give(
                    person,
                    organisation,
                    GrantKind(form.kind.data),
                    by=http.person(),
                    at=wallclock.now(),
                )
            except Refusal as refusal:
                field = "address" if refusal.field == "person" else refusal.field
                raise type(refusal)(refusal.sentence, field=field) from None
            flash(_("%(name)s: given.", name=person.name))
            return redirect(url_for("proposals.grants_of", organisation_id=organisation_id), 303)
    return _page(organisation_id, form)


@blueprint.post("/manage/grants/<int:organisation_id>/<int:person_id>/<kind>/taken")
@manager_required
def take_grant(organisation_id: int, person_id: int, kind: str) -> Response:
    """Take a grant back."""
    organisation, person = limiting.organisation(organisation_id), people.person(person_id)
    if kind not in set(GrantKind):
        raise NotFound("There is no such grant.")
    if FlaskForm().validate_on_submit():
        verbs.take(person, organisation, GrantKind(kind), by=http.person(), at=wallclock.now())
        flash(_("%(name)s: taken back. What was signed by it stays signed.", name=person.name))
    return redirect(url_for("proposals.grants_of", organisation_id=organisation_id), 303)


def _offered(organisation: Organisation) -> list[GrantKind]:
    """What the reader gives and takes there."""
    return [kind for kind in KINDS if verbs.may_give(http.person(), organisation, kind)]


def _page(organisation_id: int, form: GrantForm) -> str:
    organisation = limiting.organisation(organisation_id)
    offered = _offered(organisation)
    form.offer(offered)
    before = http.row_number("before")
    events = verbs.page(organisation_id, before=before, limit=PAGE)
    return render_template(
        "proposals/grants_of.html",
        form=form,
        organisation=organisation,
        held=verbs.grants_of(organisation_id),
        events=events[:PAGE],
        older=events[PAGE - 1][0].id if len(events) > PAGE else None,
        kinds=KINDS,
        offered=offered,
        givers={kind: verbs.givers(organisation, kind) for kind in KINDS},
        zone=http.zone(),
        now=wallclock.now(),
    )
