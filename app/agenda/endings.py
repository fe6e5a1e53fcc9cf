"""The end of an agreement: giving notice, ending it for cause, taking that back, what is left."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http
from app.agenda import seats
from app.agenda.blueprint import blueprint
from app.agenda.forms import OwnerForm, TaskForm, TerminationForm, WithdrawalForm
from app.agenda.seats import Seat
from app.agreements import parties, terminating
from app.agreements.models import TerminationKind
from app.agreements.terminating import End
from app.errors import Forbidden, Refusal
from app.http import knows_password, row_number, signed_in
from app.languages import gettext as _
from app.obligations import leaving, tasks
from app.people import queries as people

TICKETS = 50


@blueprint.route("/agreements/<key>/termination", methods=["GET", "POST"])
@signed_in
def termination(key: str) -> str | Response:
    """End the agreement, or see how it ends: tasks, open tickets, what covers afterwards."""
    seat = seats.of(key)
    if seat.ahead.termination is not None:
        return _ended(seat)
    form = _form(seat)
    if form.validate_on_submit() and knows_password(form.current):
        with http.refusals_on(form):
            _terminate(seat, form)
            flash(_("The agreement is terminated. Both parties are told."))
            return _back(seat)
    return render_template("agenda/terminate.html", form=form, **_left(seat), **seat.shown)


@blueprint.get("/agreements/<key>/tickets")
@signed_in
def open_tickets(key: str) -> str:
    """The open tickets under any version of the agreement, as far as the reader sees them."""
    seat = seats.of(key)
    return render_template("agenda/tickets.html", **_tickets(seat), **seat.shown)


@blueprint.post("/agreements/<key>/termination/withdrawal")
@signed_in
def withdraw_termination(key: str) -> str | Response:
    """Take the termination back: the agreement goes on."""
    seat = seats.of(key)
    form = WithdrawalForm()
    if form.validate_on_submit() and knows_password(form.current):
        with http.refusals_on(form):
            terminating.withdraw(
                seat.agreement,
                reason=form.reason.data or "",
                party=seat.party,
                by=seat.person,
                at=seat.at,
            )
            flash(_("The agreement goes on. Both parties are told."))
            return redirect(url_for("agenda.dates", key=key), 303)
    return _ended(seat, withdrawal_form=form)


@blueprint.post("/agreements/<key>/termination/tasks")
@signed_in
def add_exit_task(key: str) -> str | Response:
    """Note what has to be done before the end."""
    seat = seats.of(key)
    given = seat.ahead.termination
    if given is None:
        raise Refusal(_("This agreement is not terminated."))
    if not seat.may_act:
        raise Forbidden(_("Only who writes or signs for a party notes what is to be done."))
    form = TaskForm(people=parties.speakers(seat.agreement))
    if form.validate_on_submit():
        with http.refusals_on(form):
            tasks.add_exit_task(
                given,
                form.what.data or "",
                owner=people.person(form.owner.data) if form.owner.data else None,
                due_on=form.due_on.data,
            )
            return _back(seat)
    return _ended(seat, task_form=form)


@blueprint.post("/agreements/<key>/termination/tasks/<int:task_id>/owner")
@signed_in
def give_exit_task(key: str, task_id: int) -> str | Response:
    """Let somebody have a task of the end, by a day."""
    seat = seats.of(key)
    if not seat.may_act:
        raise Forbidden(_("Only who writes or signs for a party gives tasks."))
    form = OwnerForm(people=parties.speakers(seat.agreement))
    if form.validate_on_submit():
        with http.refusals_on(form):
            owner = people.person(form.owner.data) if form.owner.data else None
            tasks.give(seat.agreement, task_id, owner=owner, due_on=form.due_on.data)
            return _back(seat)
    return _ended(seat, owner_form=form)


def _form(seat: Seat) -> TerminationForm:
    timetable, today = seat.ahead.timetable, seat.ahead.today(seat.at)
    return TerminationForm(
        clauses=timetable.clauses,
        data={
            "kind": TerminationKind.NOTICE.value,
            "clause": timetable.term.clause or timetable.termination_clause,
            "effective_on": timetable.span.earliest_end(today),
            "tasks": "\n".join(str(usual) for usual in tasks.USUAL),
        },
    )


def _terminate(seat: Seat, form: TerminationForm) -> None:
    given = terminating.terminate(
        seat.agreement,
        End(
            TerminationKind(form.kind.data),
            form.clause.data,
            form.reason.data or "",
            form.effective_on.data,
        ),
        party=seat.party,
        by=seat.person,
        at=seat.at,
    )
    for what in form.wanted_tasks:
        tasks.add_exit_task(given, what, owner=None, due_on=given.effective_on)


def _ended(seat: Seat, **forms: Any) -> str:
    """The page of an agreement that is terminated, with the forms given or fresh ones."""
    given = seat.ahead.termination
    if given is None:
        raise Refusal(_("This agreement is not terminated."))
    rows = tasks.exit_tasks(given)
    named = people.people(
        {row.owner_id or row.done_by_id or 0 for row in rows} | {given.given_by_id}
    )
    fresh = {
        "task_form": TaskForm(
            people=parties.speakers(seat.agreement),
            formdata=None,
            data={"due_on": given.effective_on},
        ),
        "withdrawal_form": WithdrawalForm(formdata=None),
        "owner_form": OwnerForm(people=(), formdata=None),
    }
    shown = {"given": given, "tasks": rows, "people": named, **_left(seat), **seat.shown}
    return render_template("agenda/ending.html", **{**shown, **fresh, **forms})


def _left(seat: Seat) -> dict[str, Any]:
    """What the end leaves behind: open tickets that the reader sees, and what covers then."""
    ahead = seat.ahead
    today = ahead.today(seat.at)
    last_on = ahead.last_on or ahead.timetable.span.earliest_end(today)
    return {
        "ahead": ahead,
        "today": today,
        "last_on": last_on,
        "covers": leaving.covers_after(seat.agreement, last_on),
        **_tickets(seat),
    }


def _tickets(seat: Seat) -> dict[str, Any]:
    """A page of the open tickets under the agreement, and how many there are."""
    found = leaving.open_tickets(
        seat.agreement, http.sight(), after_id=row_number("after"), most=TICKETS
    )
    return {
        "tickets": found[:TICKETS],
        "numbers": leaving.numbers(seat.agreement),
        "after": found[TICKETS - 1].id if len(found) > TICKETS else None,
        "count": leaving.count_open(seat.agreement, http.sight()),
        "cap": leaving.CAP,
    }


def _back(seat: Seat) -> Response:
    return redirect(url_for("agenda.termination", key=seat.agreement.key), 303)
