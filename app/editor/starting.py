"""How a draft begins: from a preset, a file, the version in force, or a proposal."""

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from app import http, wallclock
from app.agreements import parties
from app.agreements.models import AgreementVersion
from app.agreements.words import Party
from app.database import db
from app.editor.blueprint import blueprint
from app.editor.files import FileForm
from app.errors import Conflict, NotFound, Refusal
from app.http import signed_in
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.negotiations import drafts, starting, writers
from app.negotiations.models import Draft, Proposal
from app.negotiations.writers import Seat

FILE = "file"


class StartForm(FileForm):
    """What to begin with, and with whom the agreement is."""

    preset = RadioField(lazy_gettext("Begin with"))
    client = SelectField(lazy_gettext("Client"), coerce=int)

    def offer(self, seat: Seat) -> None:
        """Fill in what may be chosen."""
        self.preset.choices = [
            *(SelectChoice(one.key, one.title) for one in starting.presets()),
            SelectChoice(FILE, _("A file of mine")),
        ]
        clients = writers.clients() if seat.party is Party.PROVIDER else []
        self.client.choices = [SelectChoice("0", _("Choose …"))] + [
            SelectChoice(str(one.id), one.name) for one in clients
        ]
        if not clients:
            del self.client


@blueprint.route("/agreements/drafts/new", methods=["GET", "POST"])
@signed_in
def new_draft() -> str | Response:
    """A draft of a new agreement: after a preset, or what a file says."""
    seat = drafts.seat(http.person())
    form = StartForm()
    form.offer(seat)
    if form.validate_on_submit():
        with http.refusals_on(form):
            draft = _begin(form)
            return redirect(url_for("editor.draft", draft_id=draft.id), 303)
    return render_template(
        "editor/new.html",
        form=form,
        seat=seat,
        beneath={one.key: one.about for one in starting.presets()}
        | {FILE: _("In TOML, as a draft is handed out: choose it beneath, or paste its text.")},
    )


@blueprint.post("/agreements/<key>/drafts")
@signed_in
def start_change(key: str) -> Response:
    """A draft of the next version of an agreement, beginning as the newest signed one."""
    agreement, _party = parties.readable(key, seen_by=http.person())
    draft = starting.from_version(agreement, by=http.person(), at=wallclock.now())
    return redirect(url_for("editor.draft", draft_id=draft.id), 303)


@blueprint.post("/agreements/<key>/proposals/<int:number>/drafts")
@signed_in
def start_counter(key: str, number: int) -> Response:
    """A draft that answers a proposal, beginning as what was proposed."""
    agreement, _party = parties.readable(key, seen_by=http.person())
    proposal = db.session.scalar(
        select(Proposal)
        .join(AgreementVersion, AgreementVersion.id == Proposal.version_id)
        .where(Proposal.agreement_id == agreement.id, AgreementVersion.number == number)
    )
    if proposal is None:
        raise NotFound("There is no such proposal.")
    if proposal.decision is not None:
        raise Conflict(_("This proposal is decided: write a change of the agreement instead."))
    draft = starting.counter(proposal, by=http.person(), at=wallclock.now())
    return redirect(url_for("editor.draft", draft_id=draft.id), 303)


def _begin(form: StartForm) -> Draft:
    person, at = http.person(), wallclock.now()
    if form.preset.data == FILE:
        if form.is_empty:
            raise Refusal(_("Choose a file, or paste its text."), field="file")
        return starting.from_file(form.toml, by=person, at=at)
    chosen = form.client.data if "client" in form else 0
    client = {one.id: one for one in writers.clients()}.get(chosen) if chosen else None
    return starting.from_preset(form.preset.data, client=client, by=person, at=at)
