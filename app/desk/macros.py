"""Macros: listed, written and changed by whom they belong to."""

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app import http, wallclock
from app.catalogue.words import Priority
from app.desk.blueprint import blueprint
from app.http import agent_required
from app.languages import gettext, lazy_gettext
from app.people import queries as people
from app.people.models import Person
from app.tickets import macro_changes, macros, markdown, tagging, wording
from app.tickets.conversation import MAX_BODY, Then
from app.tickets.desk_models import Macro
from app.tickets.macro_changes import ME, NOBODY, VENDOR, Changes
from app.tickets.macros import LONGEST_NAME, Content

MINE, EVERYBODY = "mine", "everybody"


class MacroForm(FlaskForm):
    """A macro's words, what it changes, and whose it is."""

    name = StringField(
        lazy_gettext("Name"),
        validators=[DataRequired(lazy_gettext("Give it a name.")), Length(max=LONGEST_NAME)],
    )
    is_note = BooleanField(lazy_gettext("It is an internal note, not a reply"))
    body = TextAreaField(lazy_gettext("Words"), validators=[Length(max=MAX_BODY)])
    status = SelectField(
        lazy_gettext("Then"),
        choices=[
            SelectChoice("", lazy_gettext("No change")),
            SelectChoice(Then.WAIT.value, lazy_gettext("Wait for the requester")),
            SelectChoice(Then.RESOLVE.value, lazy_gettext("Resolve")),
            SelectChoice(VENDOR, lazy_gettext("Wait for a vendor")),
        ],
        default="",
    )
    priority = SelectField(lazy_gettext("Priority"), default="")
    tags = StringField(lazy_gettext("Add tags"), validators=[Length(max=500)])
    team = SelectField(lazy_gettext("Team"), default="")
    assignee = SelectField(lazy_gettext("Assignee"), default="")
    whose = SelectField(lazy_gettext("Whose it is"))
    is_active = BooleanField(lazy_gettext("In use: it is offered in the composer"))

    def offer(self, person: Person) -> "MacroForm":
        """Fill the lists with what ``person`` may choose."""
        unchanged = SelectChoice("", gettext("No change"))
        teams = people.teams()
        self.priority.choices = [
            unchanged,
            *(SelectChoice(each.value, each.label) for each in Priority),
        ]
        self.team.choices = [unchanged, *(SelectChoice(str(one.id), one.name) for one in teams)]
        self.assignee.choices = [
            unchanged,
            SelectChoice(ME, gettext("Whoever uses it")),
            SelectChoice(NOBODY, gettext("Nobody")),
            *(SelectChoice(str(one.id), one.name) for one in people.agents()),
        ]
        self.whose.choices = [
            SelectChoice(MINE, gettext("Mine alone")),
            *(
                SelectChoice(str(one.id), gettext("The team %(name)s", name=one.name))
                for one in macros.teams_for(person)
            ),
        ]
        if person.may_manage:
            self.whose.choices.append(SelectChoice(EVERYBODY, gettext("Everybody")))
        return self

    @property
    def content(self) -> Content:
        """What was written; raises `Refusal` for a tag that is none."""
        teams = {str(one.id): one for one in people.teams()}
        return Content(
            name=self.name.data or "",
            body=self.body.data or "",
            is_note=bool(self.is_note.data),
            changes=Changes(
                status=self.status.data or "",
                priority=Priority(self.priority.data) if self.priority.data else None,
                tags=tuple(tagging.named(tag) for tag in (self.tags.data or "").split()),
                team_id=int(self.team.data) if self.team.data else None,
                assignee=self.assignee.data or "",
            ),
            is_own=self.whose.data == MINE,
            team=teams.get(self.whose.data or ""),
            is_active=bool(self.is_active.data),
        )


@blueprint.get("/macros")
@agent_required
def macro_list() -> str:
    """Every macro that the reader may use, and what each says and changes."""
    person, teams = http.person(), {team.id: team.name for team in people.teams()}
    every = macros.offered_to(person, with_inactive=True)
    changeable = macros.changeable(every, person)
    changes = macro_changes.said_of([macro_changes.changes_of(macro) for macro in every])
    found = [
        {
            "macro": macro,
            "words": markdown.plain(macro.body),
            "changes": said,
            "whose": _whose(macro, teams),
            "may_change": macro.id in changeable,
        }
        for macro, said in zip(every, changes, strict=True)
    ]
    return render_template("desk/macros/macros.html", found=found)


@blueprint.route("/macros/new", methods=["GET", "POST"])
@agent_required
def new_macro() -> str | Response:
    """Write a macro."""
    form = MacroForm(data={"is_active": True, "whose": MINE}).offer(http.person())
    if form.validate_on_submit():
        with http.refusals_on(form):
            macro = macros.add(form.content, by=http.person(), at=wallclock.now())
            flash(gettext("The macro “%(name)s” can be used.", name=macro.name))
            return redirect(url_for("desk.macro_list"), 303)
    return _page(form, None)


@blueprint.route("/macros/<int:macro_id>", methods=["GET", "POST"])
@agent_required
def change_macro(macro_id: int) -> str | Response:
    """Change a macro, or put it away; who may not reads it."""
    person = http.person()
    found = macros.macro(macro_id, by=person)
    form = MacroForm(data=_as_form(found)).offer(person)
    if form.validate_on_submit():
        with http.refusals_on(form):
            macros.change(found, form.content, by=person, at=wallclock.now())
            flash(gettext("The macro “%(name)s” was changed.", name=found.name))
            return redirect(url_for("desk.macro_list"), 303)
    return _page(form, found)


def _page(form: MacroForm, macro: Macro | None) -> str:
    return render_template(
        "desk/macros/macro.html",
        form=form,
        macro=macro,
        variables=wording.VARIABLES,
        may_change=macro is None or macros.may_change(macro, http.person()),
        changes=macro_changes.said(macro_changes.changes_of(macro)) if macro else (),
    )


def _whose(macro: Macro, teams: dict[int, str]) -> str:
    if macro.owner_id is not None:
        return gettext("Yours")
    if macro.team_id is not None:
        return teams.get(macro.team_id, "")
    return gettext("Everybody's")


def _as_form(macro: Macro) -> dict[str, object]:
    changes = macro_changes.changes_of(macro)
    everybodys = str(macro.team_id) if macro.team_id else EVERYBODY
    return {
        "name": macro.name,
        "body": macro.body,
        "is_note": macro.is_note,
        "status": changes.status,
        "priority": changes.priority.value if changes.priority else "",
        "tags": " ".join(changes.tags),
        "team": str(changes.team_id or ""),
        "assignee": changes.assignee,
        "whose": MINE if macro.owner_id is not None else everybodys,
        "is_active": macro.is_active,
    }
