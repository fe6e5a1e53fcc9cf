"""Contesting a promise: choose it, say what is wrong with it and why."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.agreements import parties
from app.agreements.models import Agreement
from app.clocks import words
from app.clocks.models import Clock
from app.disputes import queries
from app.disputes import raising as verbs
from app.disputes.models import Subject
from app.errors import Refusal
from app.hearings import evidence
from app.hearings.blueprint import blueprint
from app.hearings.forms import ContestForm, TicketForm
from app.http import signed_in
from app.languages import gettext as _
from app.tickets.models import Ticket


@blueprint.route("/agreements/<key>/disputes/ticket", methods=["GET", "POST"])
@signed_in
def find_promise(key: str) -> str | Response:
    """Choose the promise by the number of its request."""
    agreement, _party = parties.readable(key, seen_by=http.person())
    form = TicketForm()
    found: list[tuple[Clock, Ticket]] = []
    if form.validate_on_submit():
        with http.refusals_on(form):
            found = queries.promises_of(agreement, form.ticket.data or 0)
            if not found:
                raise Refusal(
                    _("This agreement promises nothing on a request of that number."),
                    field="ticket",
                )
    return render_template(
        "hearings/find.html",
        agreement=agreement,
        form=form,
        found=found,
        subjects=queries.subjects([ticket.id for _clock, ticket in found], http.sight()),
        zone=http.zone(),
        now=wallclock.now(),
    )


@blueprint.route("/agreements/<key>/disputes/new", methods=["GET", "POST"])
@signed_in
def contest(key: str) -> str | Response:
    """Say what is wrong with a promise (``?promise=``), seen beside its explanation."""
    agreement, _party = parties.readable(key, seen_by=http.person())
    clock_id = http.row_number("promise") or request.form.get("promise", type=int)
    if clock_id is None or not 0 < clock_id <= http.MAX_ROW:
        return redirect(url_for("hearings.find_promise", key=key), 303)
    clock, ticket = queries.promise(agreement, clock_id)
    form = ContestForm(subjects=_subjects(clock))
    at = wallclock.now()
    if form.validate_on_submit():
        with http.refusals_on(form):
            name, _sign, number = (form.subject.data or "").partition(":")
            made = verbs.contest(
                agreement,
                clock,
                ticket,
                subject=Subject(name),
                pause_number=int(number) if number else None,
                claim=form.claim.data or "",
                by=http.person(),
                at=at,
            )
            flash(_("The dispute is raised; the other side is told."))
            return redirect(url_for("hearings.dispute", dispute_id=made.id), 303)
    return render_template(
        "hearings/contest.html",
        agreement=agreement,
        clock=clock,
        ticket=ticket,
        subjects=queries.subjects([ticket.id], http.sight()),
        form=form,
        evidence=evidence.read(verbs.evidence_of(clock, agreement, at=at)),
        other=_other(agreement),
        zone=http.zone(),
        now=at,
    )


def _subjects(clock: Clock) -> list[tuple[str, str]]:
    """What can be contested about this promise, by value and words."""
    at, zone = wallclock.now(), http.zone()
    found = []
    if queries.is_broken(clock, at=at):
        found.append((Subject.BREACH.value, _("It was not broken, or should not count as broken")))
    found += [
        (
            f"{Subject.PAUSE.value}:{pause.number}",
            _("The pause from %(when)s was wrong", when=words.instant(pause.at, zone, at)),
        )
        for pause in queries.pauses_of(clock)
    ]
    began = words.instant(clock.started_at, zone, at)
    found.append((Subject.START.value, _("It did not start %(when)s", when=began)))
    return found


def _other(agreement: Agreement) -> str:
    """The other side's name."""
    mine = parties.party_of(agreement, http.person())
    return next(name for side, name in parties.names(agreement).items() if side is not mine)
