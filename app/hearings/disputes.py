"""The lists of disputes and the page of one: statements, evidence, decision."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import http, wallclock
from app.agreements import parties
from app.agreements.models import Agreement
from app.agreements.words import Party
from app.clocks.models import Clock
from app.database import db
from app.disputes import deciding, queries
from app.disputes.models import Dispute, Outcome
from app.hearings import evidence
from app.hearings.blueprint import blueprint
from app.hearings.forms import DeciderForm, DecisionForm, StatementForm, WithdrawalForm
from app.http import manager_required, signed_in
from app.languages import gettext as _
from app.people import grants
from app.people import queries as people
from app.people.models import GrantKind, Person

RECENT = timedelta(days=92)
"""Broken promises of the last quarter are offered to be contested."""


@blueprint.get("/disputes")
@manager_required
def disputes() -> str:
    """The disputes of every agreement of the provider, newest first."""
    found, after = queries.page(
        queries.agreements_of_provider(http.person()), before_id=http.row_number("before")
    )
    return render_template(
        "hearings/disputes.html",
        found=found,
        subjects=_subjects([one.dispute.ticket_id for one in found]),
        older=url_for("hearings.disputes", before=after) if after else None,
        **_shown(),
    )


@blueprint.get("/agreements/<key>/disputes")
@signed_in
def disputes_of(key: str) -> str:
    """The disputes of one agreement, and the broken promises that could be contested."""
    agreement, party = parties.readable(key, seen_by=http.person())
    found, after = queries.page([agreement.id], before_id=http.row_number("before"))
    at = wallclock.now()
    broken, next_key = queries.broken(agreement, since=at - RECENT, at=at, before=_key())
    return render_template(
        "hearings/of_agreement.html",
        agreement=agreement,
        party=party,
        may_contest=agreement.client_id is not None
        and parties.may_sign(agreement, http.person(), party),
        found=found,
        broken=broken,
        subjects=_subjects(
            [*(one.dispute.ticket_id for one in found), *(one.ticket_id for one in broken)]
        ),
        older=url_for("hearings.disputes_of", key=key, before=after) if after else None,
        further=url_for("hearings.disputes_of", key=key, due=_written(next_key))
        if next_key
        else None,
        **_shown(),
    )


@blueprint.get("/disputes/<int:dispute_id>")
@signed_in
def dispute(dispute_id: int) -> str:
    """One dispute: what is contested, what was said, and how each side decided."""
    return _page(*queries.dispute(dispute_id, seen_by=http.person()))


@blueprint.post("/disputes/<int:dispute_id>/statements")
@signed_in
def say(dispute_id: int) -> str | Response:
    """Add a statement."""
    found, agreement, party = _for_change(dispute_id)
    form = StatementForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            deciding.say(
                found,
                agreement,
                form.body.data or "",
                with_evidence=bool(form.with_evidence.data),
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("Your statement is added; the other side is told."))
            return _back(found)
    return _page(found, agreement, party, statement=form)


@blueprint.post("/disputes/<int:dispute_id>/decision")
@signed_in
def decide(dispute_id: int) -> str | Response:
    """Decide for one's side."""
    found, agreement, party = _for_change(dispute_id)
    form = DecisionForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            is_over = deciding.decide(
                found,
                agreement,
                Outcome(form.outcome.data),
                reason=form.reason.data or "",
                by=http.person(),
                at=wallclock.now(),
            )
            flash(
                _("Both sides decided alike: the dispute is over.")
                if is_over
                else _("Your decision is kept. It is over once both sides decide alike.")
            )
            return _back(found)
    return _page(found, agreement, party, decision=form)


@blueprint.post("/disputes/<int:dispute_id>/decider")
@signed_in
def name_decider(dispute_id: int) -> str | Response:
    """Say who decides for one's own side."""
    found, agreement, party = _for_change(dispute_id)
    form = DeciderForm(people=_signatories(agreement, party))
    if form.validate_on_submit():
        with http.refusals_on(form):
            person = people.person(form.decider.data)
            deciding.name_decider(found, agreement, person, by=http.person(), at=wallclock.now())
            flash(_("%(name)s decides for your side.", name=person.name))
            return _back(found)
    return _page(found, agreement, party, decider=form)


@blueprint.post("/disputes/<int:dispute_id>/withdrawal")
@signed_in
def withdraw(dispute_id: int) -> str | Response:
    """Give the dispute up."""
    found, agreement, party = _for_change(dispute_id)
    form = WithdrawalForm()
    if form.validate_on_submit():
        with http.refusals_on(form):
            deciding.withdraw(
                found,
                agreement,
                reason=form.reason.data or "",
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("The dispute is given up: what was measured stands."))
            return _back(found)
    return _page(found, agreement, party, withdrawal=form)


def _for_change(dispute_id: int) -> tuple[Dispute, Agreement, Party]:
    """The dispute locked, where the reader may read it."""
    _found, agreement, party = queries.dispute(dispute_id, seen_by=http.person())
    return queries.for_change(dispute_id), agreement, party


def _page(found: Dispute, agreement: Agreement, party: Party, **forms: FlaskForm) -> str:
    """The page; ``forms`` are those that came back with mistakes."""
    signatories = _signatories(agreement, party)
    stands = {"decider": deciding.decider_id(found, party)}
    offered: Mapping[str, FlaskForm] = {
        "statement": StatementForm(formdata=None),
        "decision": DecisionForm(formdata=None),
        "decider": DeciderForm(people=signatories, formdata=None, data=stands),
        "withdrawal": WithdrawalForm(formdata=None),
        **forms,
    }
    return render_template(
        "hearings/dispute.html",
        dispute=found,
        agreement=agreement,
        party=party,
        names=parties.names(agreement),
        clock=db.session.get(Clock, found.clock_id) if found.clock_id else None,
        subjects=_subjects([found.ticket_id]),
        raised_by=people.person(found.raised_by_id),
        deciders={side: people.person(deciding.decider_id(found, side)) for side in Party},
        decisions=queries.decisions_of(found),
        evidence=evidence.read(found.evidence),
        statements=[
            (statement, name, evidence.read(statement.evidence))
            for statement, name in queries.statements_of(found)
        ],
        may_sign=parties.may_sign(agreement, http.person(), party),
        is_decider=http.person().id == deciding.decider_id(found, party),
        is_open=found.decided_at is None and found.withdrawn_at is None,
        forms=offered,
        **_shown(),
    )


def _subjects(ticket_ids: Sequence[int | None]) -> dict[int, str]:
    return queries.subjects(ticket_ids, http.sight())


def _signatories(agreement: Agreement, party: Party) -> list[Person]:
    organisation_id = parties.organisation_id_of(agreement, party)
    return list(grants.holders(organisation_id, GrantKind.SIGNATORY))


def _back(found: Dispute) -> Response:
    return redirect(url_for("hearings.dispute", dispute_id=found.id), 303)


def _key() -> tuple[datetime, int] | None:
    """Where the list of broken promises goes on: ``?due=<epoch seconds>-<id>``."""
    first, _sign, second = request.args.get("due", "").partition("-")
    whole = all(part.isascii() and part.isdigit() for part in (first, second))
    if not whole or len(first) > 11 or len(second) > 18:
        return None
    return datetime.fromtimestamp(int(first), UTC), int(second)


def _written(key: tuple[datetime, int]) -> str:
    return f"{int(key[0].timestamp())}-{key[1]}"


def _shown() -> dict[str, Any]:
    return {"zone": http.zone(), "now": wallclock.now()}
