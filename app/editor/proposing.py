"""The last step of a draft: why it is proposed, how it is carried out, and off it goes."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, FieldList, Form, FormField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app import http, wallclock
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.reading import AgreementErrors
from app.agreements.words import Party
from app.database import db
from app.editor import showing
from app.editor.blueprint import blueprint
from app.errors import Refusal
from app.http import signed_in
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.negotiations import checking, drafts, plans, proposing
from app.negotiations.checking import Weight
from app.negotiations.models import Draft
from app.people import grants
from app.people import queries as people
from app.people.models import GrantKind

MOST_STEPS = 40


class StepForm(Form):
    """One step of the plan."""

    what = StringField(lazy_gettext("What is done"), validators=[Length(max=300)])
    owner_id = SelectField(lazy_gettext("Who does it"), coerce=int, default=0)
    due_on = DateField(lazy_gettext("Until"), validators=[Optional()])


class ProposalForm(FlaskForm):
    """What is said with a proposal."""

    reason = TextAreaField(lazy_gettext("Why"), validators=[Length(max=10_000)])
    plan = FieldList(FormField(StepForm), max_entries=MOST_STEPS)
    check_on = DateField(lazy_gettext("Looked at again on"), validators=[Optional()])

    def offer(self, owners: dict[int, str]) -> None:
        """Fill in who can own a step."""
        for entry in self.plan:
            entry.owner_id.choices = [
                SelectChoice("0", _("Nobody yet")),
                *(SelectChoice(str(id), name) for id, name in owners.items()),
            ]

    def steps(self) -> list[dict[str, Any]]:
        """The rows that say something, as a draft keeps them."""
        return [
            {
                "what": (entry.what.data or "").strip(),
                "owner_id": entry.owner_id.data or None,
                "due_on": entry.due_on.data.isoformat() if entry.due_on.data else None,
            }
            for entry in self.plan
            if (entry.what.data or "").strip() or entry.due_on.data
        ]


@blueprint.route("/agreements/drafts/<int:draft_id>/proposal", methods=["GET", "POST"])
@signed_in
def propose(draft_id: int) -> str | Response:
    """Say why, and propose the draft to the other party."""
    draft = drafts.draft(draft_id, seen_by=http.person())
    owners = _owners(draft)
    form = _form(draft)
    pressed = request.form.get("do", "")
    if pressed == "add":
        form.plan.append_entry()
    elif pressed.startswith("remove:") and pressed[7:] in map(str, range(len(form.plan))):
        form.plan.entries.pop(int(pressed[7:]))
    form.offer(owners)
    if pressed in {"keep", "propose"} and form.validate_on_submit():
        with http.refusals_on(form):
            return _propose(form, draft_id, is_final=pressed == "propose")
    at = wallclock.now()
    found = checking.checked(draft, at=at)
    return render_template(
        "editor/propose.html",
        form=form,
        draft=draft,
        title=showing.title(draft),
        mistakes=[one for one in found if one.weight is Weight.MISTAKE],
        doubts=[one for one in found if one.weight is Weight.DOUBT],
    )


def _propose(form: ProposalForm, draft_id: int, *, is_final: bool) -> Response:
    """Keep what is said with the draft, and propose it; raises what stands against that."""
    draft = drafts.for_change(draft_id, by=http.person())
    drafts.explain(
        draft,
        reason=form.reason.data or "",
        check_on=form.check_on.data,
        plan=form.steps(),
        by=http.person(),
        at=wallclock.now(),
    )
    return _offer(draft) if is_final else _keep(draft)


def _keep(draft: Draft) -> Response:
    flash(_("Kept: propose it when you are ready."))
    return redirect(url_for("editor.draft", draft_id=draft.id), 303)


def _offer(draft: Draft) -> Response:
    try:
        proposal = proposing.propose_draft(draft, by=http.person(), at=wallclock.now())
    except AgreementErrors as errors:
        raise Refusal(" ".join(errors.mistakes)) from None
    agreement = db.session.get_one(Agreement, proposal.agreement_id)
    version = db.session.get_one(AgreementVersion, proposal.version_id)
    flash(_("“%(title)s” is proposed: both parties see it now.", title=showing.title(draft)))
    url = url_for("proposals.proposal", key=agreement.key, number=version.number)
    return redirect(url, 303)


def _form(draft: Draft) -> ProposalForm:
    kept = [
        {**row, "owner_id": row.get("owner_id") or 0, "due_on": _day(row.get("due_on"))}
        for row in draft.plan
    ]
    data = {"reason": draft.reason, "check_on": draft.check_on, "plan": kept}
    return ProposalForm(data=None if request.method == "POST" else data)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _owners(draft: Draft) -> dict[int, str]:
    """Who can own a step: as `plans.owners`; to a client those who act for the parties."""
    head = draft.values.get("agreement") or {}
    client = people.find_organisation_by_name(str(head.get("client") or ""))
    if draft.party is Party.PROVIDER:
        known = plans.owners(client.id if client else None)
    else:
        provider = people.provider()
        sides = [draft.organisation_id, provider.id if provider else None]
        known = [one for side in sides for one in grants.holders(side, *GrantKind)]
    return {person.id: person.name for person in sorted(known, key=lambda one: one.name)}
