"""The pages of saved views: keep a filter under a name, share it, order it, open it first."""

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app import http, shell, wallclock
from app.database import db
from app.desk import narrowing
from app.desk.blueprint import blueprint
from app.desk.places import Place
from app.errors import NotFound
from app.http import agent_required
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people.models import Team
from app.tickets import filters, views
from app.tickets.desk_models import SavedView
from app.tickets.filters import Filter, Scope

MINE, EVERYBODY = "mine", "everybody"


class ViewForm(FlaskForm):
    """A view's name, what it shows and who may open it."""

    name = StringField(
        lazy_gettext("Name"),
        validators=[
            DataRequired(lazy_gettext("Give the view a name.")),
            Length(max=views.LONGEST_NAME),
        ],
    )
    readers = RadioField(lazy_gettext("Who may open it?"), validators=[InputRequired()])
    query = HiddenField(validators=[Length(max=views.LONGEST_QUERY)])

    @property
    def team(self) -> Team | None:
        """The team that it is shared with."""
        chosen = self.readers.data or ""
        return db.session.get(Team, int(chosen)) if chosen.isdecimal() else None


@blueprint.get("/views", endpoint="views")
@agent_required
def listed() -> str:
    """Every view that this person may open, and which of them opens first."""
    found, me = shell.saved_views(), http.person()
    house, default = shell.house(), views.default_of(http.sight(), me)
    return render_template(
        "desk/views/views.html",
        own=[view for view in found if view.owner_id == me.id],
        shared=[view for view in found if view.owner_id != me.id],
        scopes=list(Scope),
        default=default.id if isinstance(default, SavedView) else default,
        changeable={view.id for view in found if views.may_change(view, me)},
        team_names={team.id: team.name for team in house.teams},
        owner_names={agent.id: agent.name for agent in house.agents},
        shows={view.id: _shows(view.query) for view in found},
    )


@blueprint.route("/views/new", methods=["GET", "POST"])
@agent_required
def new_view() -> str | Response:
    """Keep a filter or a search as a view."""
    form = _form(ViewForm(data={"query": request.args.get("query", ""), "readers": MINE}))
    if form.validate_on_submit():
        with http.refusals_on(form):
            made = views.save(
                name=form.name.data,
                query=form.query.data or "",
                is_shared=form.readers.data != MINE,
                team=form.team,
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("“%(name)s” is saved.", name=made.name))
            return redirect(url_for("desk.saved_view", view_id=made.id), 303)
    return render_template("desk/views/view.html", form=form, view=None, shows=_shows_of(form))


@blueprint.route("/views/<int:view_id>/settings", methods=["GET", "POST"])
@agent_required
def change_view(view_id: int) -> str | Response:
    """Give a view another name, filter or readers."""
    view = _changeable(view_id)
    readers = str(view.team_id) if view.team_id else EVERYBODY if view.is_shared else MINE
    query = request.args.get("query") or view.query
    form = _form(ViewForm(data={"name": view.name, "query": query, "readers": readers}))
    if form.validate_on_submit():
        with http.refusals_on(form):
            views.change(
                view,
                name=form.name.data,
                query=form.query.data or view.query,
                is_shared=form.readers.data != MINE,
                team=form.team,
                by=http.person(),
            )
            flash(_("“%(name)s” is changed.", name=view.name))
            return redirect(url_for("desk.saved_view", view_id=view.id), 303)
    return render_template("desk/views/view.html", form=form, view=view, shows=_shows_of(form))


@blueprint.post("/views/<int:view_id>/removal")
@agent_required
def delete_view(view_id: int) -> Response:
    """Delete a view; its tickets stay where they are."""
    view = _changeable(view_id)
    views.delete(view, by=http.person())
    flash(_("“%(name)s” is deleted.", name=view.name))
    return redirect(url_for("desk.views"), 303)


@blueprint.post("/views/<int:view_id>/place")
@agent_required
def move_view(view_id: int) -> Response:
    """Move one of one's own views a place up or down."""
    up = request.form.get("towards") == "up"
    views.move(_view(view_id), towards="up" if up else "down", by=http.person())
    return redirect(url_for("desk.views"), 303)


@blueprint.post("/views/default")
@agent_required
def default_view() -> Response:
    """Choose the view that the desk opens first."""
    chosen = request.form.get("view", "")
    me = http.person()
    if chosen in list(Scope):
        views.make_default(Scope(chosen), by=me)
    elif chosen.isdecimal() and len(chosen) < 19:
        views.make_default(_view(int(chosen)), by=me)
    else:
        views.make_default(None, by=me)
    return redirect(url_for("desk.views"), 303)


def _view(view_id: int) -> SavedView:
    view = views.find(http.sight(), view_id)
    if view is None:
        raise NotFound("There is no such view.")
    return view


def _changeable(view_id: int) -> SavedView:
    view = _view(view_id)
    views.refuse_unless_allowed(view, http.person())
    return view


def _form(form: ViewForm) -> ViewForm:
    form.readers.choices = [
        SelectChoice(MINE, _("Only me")),
        SelectChoice(EVERYBODY, _("Everybody at the desk")),
        *(SelectChoice(str(team.id), team.name) for team in shell.house().teams),
    ]
    return form


def _shows_of(form: ViewForm) -> list[str]:
    return _shows(views.canonical(form.query.data or ""))


def _shows(query: str) -> list[str]:
    """What a view shows, in words: the ready-made view, then each filter."""
    searched = views.searched_in(query)
    if searched:
        return [_("Search: %(words)s", words=searched)]
    chosen = filters.read_query(query)
    place = Place("", chosen, Filter(scope=chosen.scope), "desk.view", {"scope": chosen.scope})
    return [chosen.scope.label, *(one.sentence for one in narrowing.narrowed(place))]
