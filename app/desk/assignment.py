"""Taking and assigning a ticket."""

from collections.abc import Mapping
from typing import TypeVar

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app import http, wallclock
from app.desk import loading
from app.desk.blueprint import blueprint
from app.desk.forms import AssignmentForm
from app.http import agent_required
from app.people import queries as people
from app.people.models import Person, Team
from app.tickets import assignment

Chosen = TypeVar("Chosen", Person, Team)


@blueprint.post("/tickets/<int:ref>/taking")
@agent_required
def take(ref: int) -> Response:
    """Make the ticket one's own."""
    ticket = loading.for_change(ref)
    assignment.take(ticket, by=http.person(), at=wallclock.now())
    flash(f"{ticket.ref} is yours.")
    return redirect(url_for("desk.ticket", ref=ref), 303)


@blueprint.route("/tickets/<int:ref>/assignment", methods=["GET", "POST"])
@agent_required
def assign(ref: int) -> str | Response:
    """Choose an assignee and a team."""
    ticket = loading.ticket_or_404(ref)
    agents = {person.id: person for person in people.agents()}
    teams = {team.id: team for team in people.teams()}
    form = AssignmentForm(data={"assignee": ticket.assignee_id or "", "team": ticket.team_id or ""})
    form.assignee.choices = [
        SelectChoice("", "Nobody"),
        *(SelectChoice(str(id), who.name) for id, who in agents.items()),
    ]
    form.team.choices = [
        SelectChoice("", "No team"),
        *(SelectChoice(str(id), team.name) for id, team in teams.items()),
    ]
    if form.validate_on_submit():
        with http.refusals_on(form):
            assignment.assign(
                loading.for_change(ticket.id),
                assignee=_chosen(agents, form.assignee.data),
                team=_chosen(teams, form.team.data),
                by=http.person(),
                at=wallclock.now(),
            )
            flash(f"{ticket.ref} is assigned.")
            return redirect(loading.url_of(ticket.id), 303)
    return render_template("desk/tickets/assign.html", ticket=ticket, form=form)


def _chosen(found: Mapping[int, Chosen], chosen: int | None) -> Chosen | None:
    return found.get(chosen) if chosen else None
