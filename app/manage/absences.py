"""Absences: everybody's for managers, their own for each agent, and who is told meanwhile.

The pages of one's own are at the desk's address, for there agents look; the verbs are the same.
"""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.escalation import chain
from app.http import agent_required, manager_required
from app.languages import gettext as _
from app.manage import absence_rows, local_time
from app.manage.absence_forms import AbsenceForm, SubstituteForm
from app.manage.blueprint import blueprint
from app.people import absences as verbs
from app.people import queries as people
from app.people.models import Absence, Person


@blueprint.get("/manage/absences")
@manager_required
def absences() -> str:
    """Everybody's absences, and whom a ladder reaches for whom."""
    at = wallclock.now()
    return render_template(
        "manage/absences/absences.html",
        rows=absence_rows.rows(verbs.current_and_coming(at=at), at=at),
        chains=[chain.chain_of(person, at=at) for person in people.agents()],
        **_shown(),
    )


@blueprint.get("/desk/absence")
@agent_required
def own_absence() -> str:
    """One's own absences, and whom a ladder reaches in one's place."""
    at, person = wallclock.now(), http.person()
    return render_template(
        "manage/absences/own.html",
        rows=absence_rows.rows(verbs.current_and_coming(at=at, person_id=person.id), at=at),
        chain=chain.chain_of(person, at=at),
        **_shown(),
    )


@blueprint.route("/manage/absences/new", methods=["GET", "POST"])
@manager_required
def new_absence() -> str | Response:
    """Note an absence of anybody."""
    form = AbsenceForm(staff=people.agents(), zone=http.zone())
    if form.validate_on_submit():
        with http.refusals_on(form):
            _note(form, people.person(form.person.data))
            return redirect(url_for("manage.absences"), 303)
    return render_template("manage/absences/new.html", form=form, back="manage.absences")


@blueprint.route("/desk/absence/new", methods=["GET", "POST"])
@agent_required
def new_own_absence() -> str | Response:
    """Note an absence of one's own."""
    form = AbsenceForm(staff=people.agents(), zone=http.zone())
    del form.person
    if form.validate_on_submit():
        with http.refusals_on(form):
            _note(form, http.person())
            return redirect(url_for("manage.own_absence"), 303)
    return render_template("manage/absences/new.html", form=form, back="manage.own_absence")


@blueprint.route("/manage/absences/<int:absence_id>/substitute", methods=["GET", "POST"])
@agent_required
def appoint_substitute(absence_id: int) -> str | Response:
    """Choose who stands in during an absence."""
    absence = verbs.absence(absence_id, seen_by=http.person())
    person = people.person(absence.person_id)
    form = SubstituteForm(staff=people.agents(), data={"substitute": absence.substitute_id or 0})
    if form.validate_on_submit():
        with http.refusals_on(form):
            chosen = _chosen(form.substitute.data)
            verbs.appoint(absence, substitute=chosen, by=http.person(), at=wallclock.now())
            _tell(_appointed(chosen, person), absence)
            return redirect(url_for(_back(person)), 303)
    return render_template(
        "manage/absences/substitute.html",
        form=form,
        row=absence_rows.rows([absence], at=wallclock.now())[0],
        back=_back(person),
        **_shown(),
    )


@blueprint.post("/manage/absences/<int:absence_id>/ending")
@agent_required
def end_absence(absence_id: int) -> Response:
    """End an absence now, or take back one that has not begun."""
    absence = verbs.absence(absence_id, seen_by=http.person())
    person = people.person(absence.person_id)
    verbs.end(absence, by=http.person(), at=wallclock.now())
    flash(
        _("%(name)s is back.", name=person.name)
        if people.present(person, wallclock.now())
        else _("Done.")
    )
    return redirect(url_for(_back(person)), 303)


def _note(form: AbsenceForm, person: Person) -> None:
    absence = verbs.note(
        person,
        starts_at=local_time.instant_of(form.starts.data, http.zone()),
        ends_at=local_time.instant_of(form.ends.data, http.zone()),
        substitute=_chosen(form.substitute.data),
        reason=form.reason.data or "",
        by=http.person(),
        at=wallclock.now(),
    )
    _tell(_("The absence of %(name)s is noted.", name=person.name), absence)


def _appointed(chosen: Person | None, person: Person) -> str:
    if chosen is None:
        return _("Nobody stands in for %(name)s.", name=person.name)
    return _("%(substitute)s stands in for %(name)s.", substitute=chosen.name, name=person.name)


def _tell(words: str, absence: Absence) -> None:
    flash(" ".join([words, *chain.doubts(absence)]))


def _chosen(person_id: int) -> Person | None:
    return people.person(person_id) if person_id else None


def _back(person: Person) -> str:
    """To whose list this person returns."""
    is_own = person.id == http.person().id
    return "manage.absences" if http.person().may_manage and not is_own else "manage.own_absence"


def _shown() -> dict[str, Any]:
    return {"zone": http.zone(), "now": wallclock.now()}
