"""Changing many tickets at once: what it would do, doing it, what came of it, taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from secrets import token_urlsafe
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import DateField, Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app import http, languages, shell, wallclock
from app.catalogue.words import Priority
from app.database import db
from app.desk import places
from app.desk.blueprint import blueprint
from app.desk.places import Place
from app.errors import NotFound, Refusal
from app.http import agent_required
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people.naming import House, Named
from app.tickets import bulk, bulk_undoing, queries, queue
from app.tickets.bulk import Deed
from app.tickets.desk_models import BulkChange
from app.tickets.models import Ticket


class BulkForm(FlaskForm):
    """What is done to the selected tickets; an empty choice leaves things as they are."""

    assignee = SelectField(lazy_gettext("Assign to"), default="")
    team = SelectField(lazy_gettext("Team"), default="")
    status = SelectField(lazy_gettext("Status"), default="")
    priority = SelectField(lazy_gettext("Priority"), default="")
    tag = StringField(lazy_gettext("Put on the tag"), validators=[Length(max=60)])
    untag = StringField(lazy_gettext("Take off the tag"), validators=[Length(max=60)])
    until = DateField(lazy_gettext("On hold until"), validators=[Optional()])
    reason = StringField(lazy_gettext("Reason"), validators=[Length(max=500)])
    confirmed = HiddenField()
    once = HiddenField()

    @property
    def deed(self) -> Deed:
        """What is asked for."""
        return Deed(
            assignee=self.assignee.data or "",
            team=self.team.data or "",
            status=self.status.data or "",
            priority=self.priority.data or "",
            tag=(self.tag.data or "").strip(),
            untag=(self.untag.data or "").strip(),
            until=self.until.data.isoformat() if self.until.data else "",
            reason=(self.reason.data or "").strip(),
        )


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen for the selected tickets, by the fields of `BulkForm`."""

    assignee: Sequence[SelectChoice]
    team: Sequence[SelectChoice]
    status: Sequence[SelectChoice]
    priority: Sequence[SelectChoice]


def offered() -> Offered:
    """Agents, teams, statuses and priorities; to leave each as it is comes first."""
    house, me = shell.house(), http.person()
    leave = SelectChoice("", _("Leave as it is"))
    mine = SelectChoice(str(me.id), _("%(name)s (me)", name=me.name))
    nobody = SelectChoice(bulk.NOBODY, _("Nobody"))
    others = [_choice(one) for one in house.agents if one.id != me.id]
    return Offered(
        assignee=[leave, mine, nobody, *others],
        team=[leave, *map(_choice, house.teams)],
        status=[leave, *(SelectChoice(one.value, one.label) for one in bulk.STATUSES)],
        priority=[leave, *(SelectChoice(one.value, one.label) for one in Priority)],
    )


class Drawn(NamedTuple):
    """What can be chosen from the bar beneath the list, as options of its fields."""

    assignee: Markup
    status: Markup
    priority: Markup


def drawn() -> Drawn:
    """As `offered`; the same as long as the house is."""
    me = http.person()
    return _drawn(shell.house(), me.id, me.name, languages.spoken())


@lru_cache(maxsize=256)
def _drawn(_house: House, _id: int, _name: str, _language: str) -> Drawn:
    choices = offered()
    return Drawn(*map(_options, (choices.assignee, choices.status, choices.priority)))


def _options(choices: Sequence[SelectChoice]) -> Markup:
    option = Markup('<option value="{}">{}</option>')
    return Markup("").join([option.format(one.value, one.label) for one in choices])


def once() -> str:
    """A new mark by which one change is told from the same sent twice."""
    return token_urlsafe(16)


def _empty_form() -> BulkForm:
    form, choices = BulkForm(once=once()), offered()
    form.assignee.choices = list(choices.assignee)
    form.team.choices = list(choices.team)
    form.status.choices = list(choices.status)
    form.priority.choices = list(choices.priority)
    return form


@blueprint.post("/bulk-changes", endpoint="bulk")
@agent_required
def asked() -> str | Response:
    """Show what a change of the selected tickets would do; make it once that was confirmed."""
    form, here = _empty_form(), _place()
    ids = _selected(here)
    if form.validate_on_submit() and form.confirmed.data:
        with http.refusals_on(form):
            made = bulk.change(
                http.sight(),
                ids,
                form.deed,
                by=http.person(),
                now=wallclock.now,
                once=form.once.data or once(),
                undo_s=http.config().undo_s,
            )
            return _made(made, here)
    return _previewed(form, here, ids)


@blueprint.get("/bulk-changes/<int:change_id>", endpoint="bulk_change")
@agent_required
def report(change_id: int) -> str:
    """What came of a change: what could not be, and why."""
    made, at = _change(change_id), wallclock.now()
    failed = {each["ticket"]: each["error"] for each in made.results if each["error"]}
    tickets = queries.visible_to(http.sight()).where(Ticket.id.in_(failed))
    until = made.undo_until if made.undone_at is None else None
    return render_template(
        "desk/queue/bulk_change.html",
        change=made,
        sentence=bulk.sentence(made),
        failed=[(ticket, failed[ticket.id]) for ticket in db.session.scalars(tickets)],
        undo_s=int((until - at).total_seconds()) if until and until >= at else 0,
        list_url=_back(_place()),
    )


@blueprint.post("/bulk-changes/<int:change_id>/undoing")
@agent_required
def undo_bulk(change_id: int) -> Response:
    """Take a change of many tickets back."""
    here, made = _place(), _change(change_id)
    try:
        left = bulk_undoing.undo(made, by=http.person(), now=wallclock.now)
    except Refusal as refusal:
        flash(refusal.sentence)
        return redirect(_back(here), 303)
    flash(_("Taken back."))
    for _ticket_id, sentence in left:
        flash(sentence)
    return redirect(_back(here), 303)


def _previewed(form: BulkForm, here: Place, ids: list[int]) -> str:
    lines: list[bulk.Line] = []
    is_first_look = bool(request.form.get("more")) and form.deed.is_nothing and bool(ids)
    if not form.errors and not is_first_look:
        with http.refusals_on(form):
            bulk.refuse_nonsense(ids, form.deed)
            by = http.person()
            lines = bulk.preview(http.sight(), ids, form.deed, by=by, now=wallclock.now)
    missing = _missing(form, lines)
    good = [line for line in lines if line.error is None]
    return render_template(
        "desk/queue/bulk.html",
        form=form,
        place=here,
        back_url=_back(here),
        ids=ids,
        lines=lines,
        good=good,
        missing=missing,
        moving=sum(line.moves for line in good),
        changes=_said(form),
        zone=http.zone(),
        now=wallclock.now(),
    )


def _missing(form: BulkForm, lines: Sequence[bulk.Line]) -> list[Field]:
    """The fields that tickets wait for, each with its error: once, however many wait."""
    wanted = {line.field: line.error for line in lines if line.field and line.field in form}
    for name, error in wanted.items():
        form[name].errors = [error]
    return [form[name] for name in wanted]


def _said(form: BulkForm) -> list[str]:
    """What the form asks for, in words: ["Mara Lindt", "High priority"]."""
    chosen = (form.assignee, form.team, form.status, form.priority)
    said = [_label(field) for field in chosen if field.data]
    said += [f"+ {form.tag.data}"] if form.tag.data else []
    return said + ([f"− {form.untag.data}"] if form.untag.data else [])


def _label(field: SelectField) -> str:
    choices: list[Any] = list(field.choices or ())
    return next((str(one.label) for one in choices if one.value == field.data), "")


def _made(made: BulkChange, here: Place) -> Response:
    words, failed = bulk.sentence(made), len(made.results) - len(bulk.changed(made.results))
    back = _back(here)
    url = places.url_within(back, "desk.undo_bulk", change_id=made.id)
    toast: Any = {"words": words, "undo": url, "for_s": http.config().undo_s}
    if made.undo_until is not None and not failed:
        flash(toast, "undo")
    elif not failed:
        flash(words)
    if failed:
        report_url = places.url_within(back, "desk.bulk_change", change_id=made.id)
        return redirect(report_url, 303)
    return redirect(back, 303)


def _change(change_id: int) -> BulkChange:
    made = db.session.get(BulkChange, change_id)
    if made is None or made.person_id != http.person().id:
        raise NotFound("There is no such change.")
    return made


def _place() -> Place:
    return places.place_at(request.values.get("in") or url_for("desk.view", scope="all-open"))


def _back(here: Place) -> str:
    """The page of the list that the tickets were selected on."""
    return http.local_path(request.values.get("in")) or here.url


def _selected(here: Place) -> list[int]:
    """The tickets that were ticked, or all of the list; more than can be changed are refused."""
    if request.form.get("all"):
        at = wallclock.now()
        return queue.ids_of(http.sight(), here.chosen, at=at, limit=bulk.MOST + 1)
    said = [each for each in request.form.getlist("ticket") if each.isdecimal()]
    return list(dict.fromkeys(int(each) for each in said if len(each) < 19))[: bulk.MOST + 1]


def _choice(named: Named) -> SelectChoice:
    return SelectChoice(str(named.id), named.name)
