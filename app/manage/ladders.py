"""Ladders: of every agreement to read, of the house agreement to change."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.agreements import amending, days, ladder_rows
from app.agreements.amending import Amendment
from app.agreements.models import AgreementVersion
from app.agreements.parts import Document
from app.agreements.reading import AgreementErrors
from app.catalogue import plans
from app.catalogue import queries as catalogue
from app.errors import Conflict
from app.escalation import foresight
from app.http import manager_required
from app.languages import gettext as _
from app.manage import ladder_list
from app.manage.blueprint import blueprint
from app.manage.ladder_forms import LadderForm, data_of
from app.people import queries as people


@blueprint.get("/manage/ladders")
@manager_required
def ladders() -> str:
    """The ladders of the agreements in force, and of versions to come."""
    at = wallclock.now()
    return render_template(
        "manage/ladders/ladders.html", agreements=ladder_list.agreements(at=at), now=at
    )


@blueprint.get("/manage/ladders/<int:tier_id>")
@manager_required
def ladder(tier_id: int) -> str:
    """One ladder as it was signed."""
    return render_template(
        "manage/ladders/ladder.html",
        shown=ladder_list.ladder(tier_id),
        zone=http.zone(),
        now=wallclock.now(),
    )


@blueprint.route("/manage/ladders/<int:tier_id>/change", methods=["GET", "POST"])
@manager_required
def change_ladder(tier_id: int) -> str | Response:
    """Change a ladder of the house agreement: the next version, from a day to come on."""
    tier = ladder_list.tier_of_the_house(tier_id)
    agreement = amending.house()
    newest = amending.newest_version(agreement)
    form = _form(newest, tier.key, wallclock.now())
    amended = None
    if not _changes_rows(form) and form.validate_on_submit():
        amended = _read(form, newest, tier.key)
        if amended is not None and request.form.get("do") == "save":
            with http.refusals_on(form):
                saved = _amend(form, tier.key, newest)
                flash(
                    _(
                        "Version %(number)s is signed and holds from %(first)s.",
                        number=saved.number,
                        first=days.briefly(saved.effective_from),
                    )
                )
                shown = ladder_list.tier_id_in(saved, tier.key)
                return redirect(url_for("manage.ladder", tier_id=shown), 303)
    return render_template("manage/ladders/change.html", **_context(form, newest, tier, amended))


def _changes_rows(form: LadderForm) -> bool:
    """Add or take out the row that the pressed button asks for; whether there was one."""
    asked = request.form.get("do", "")
    if asked == "add":
        form.add_rung()
    elif asked.startswith("remove:") and asked[7:].isdecimal():
        form.take_out(int(asked[7:]))
    else:
        return False
    return True


def _form(newest: AgreementVersion, tier: str, at: datetime) -> LadderForm:
    clauses = amending.clauses_of(newest)
    form = LadderForm(
        teams=people.teams(),
        plans=[plan for plan in plans.plans() if plan.is_active],
        services=catalogue.services(),
        data=None
        if request.method == "POST"
        else {
            "based_on": str(newest.number),
            "rungs": data_of(ladder_rows.ladder_in(newest.source, tier)),
            "clauses": "\n\n".join(clauses or ()),
            "effective_from": max(amending.tomorrow(amending.house(), at), newest.effective_from),
            "service": next((one.id for one in catalogue.services() if one.team_id), 0),
        },
    )
    if clauses is None:
        del form.clauses
    return form


def _amendment(form: LadderForm, tier: str) -> Amendment:
    return Amendment(
        tier=tier,
        ladder=form.rows(),
        clauses=form.clause_list() if "clauses" in form else None,
        effective_from=form.effective_from.data,
    )


def _read(form: LadderForm, newest: AgreementVersion, tier: str) -> Document | None:
    """The version as it would read; None after every mistake is put at its field."""
    try:
        return amending.read(newest, _amendment(form, tier), at=wallclock.now())
    except AgreementErrors as errors:
        form.put(errors.mistakes)
        return None


def _amend(form: LadderForm, tier: str, newest: AgreementVersion) -> AgreementVersion:
    """Save; after a conflict the form is about the newest version and keeps what was typed."""
    based_on = form.based_on.data or ""
    try:
        return amending.amend(
            amending.house(),
            _amendment(form, tier),
            based_on=int(based_on) if based_on.isdecimal() else 0,
            by=http.person(),
            at=wallclock.now(),
        )
    except Conflict as conflict:
        form.based_on.data = str(newest.number)
        kept = _("What you typed is kept: look at that version, then save again to replace it.")
        raise Conflict(f"{conflict.sentence} {kept}") from None


def _context(
    form: LadderForm, newest: AgreementVersion, tier: Any, amended: Document | None
) -> dict[str, Any]:
    at = wallclock.now()
    return {
        "form": form,
        "newest": newest,
        "tier": tier,
        "samples": _samples(form, newest, tier.key, amended, at) if amended else [],
        "is_to_come": newest.effective_from >= amending.tomorrow(amending.house(), at),
        "zone": http.zone(),
        "now": at,
    }


def _samples(
    form: LadderForm, newest: AgreementVersion, tier: str, amended: Document, at: datetime
) -> list[foresight.Sample]:
    """The preview: the ladder as typed on the targets as they stand."""
    part = next(one for one in amended.tiers if one.key == tier)
    chosen = {one.id: one for one in catalogue.services()}.get(form.service.data)
    rows = ladder_list.tier_rows(newest, tier)
    zone = http.zone()
    return foresight.samples(rows, part.ladder, service=chosen, zone=zone, at=at)
