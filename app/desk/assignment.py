"""Taking and assigning a ticket."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app import http, wallclock
from app.desk import loading, previews
from app.desk.blueprint import blueprint
from app.desk.forms import AS_IT_IS, AssignmentForm
from app.http import agent_required
from app.languages import gettext as _
from app.people import queries as people
from app.people.models import Person, Team
from app.tickets import acknowledging, assignment, distribution, handing_over
from app.tickets.distribution import Hand
from app.tickets.models import Ticket


@blueprint.post("/tickets/<int:ref>/taking")
@agent_required
def take(ref: int) -> Response:
    """Make the ticket one's own."""
    ticket = loading.for_change(ref)
    assignment.take(ticket, by=http.person(), at=wallclock.now())
    flash(_("%(ref)s is yours.", ref=ticket.ref))
    return redirect(url_for("desk.ticket", ref=ref), 303)


@blueprint.post("/tickets/<int:ref>/in-hand")
@agent_required
def acknowledge_request(ref: int) -> Response:
    """Say that one has the request in hand; the requester is told who."""
    ticket = loading.for_change(ref)
    acknowledging.acknowledge(ticket, by=http.person(), at=wallclock.now())
    flash(_("The requester is told that you have %(ref)s in hand.", ref=ticket.ref))
    return redirect(url_for("desk.ticket", ref=ref), 303)


@blueprint.route("/tickets/<int:ref>/assignment", methods=["GET", "POST"])
@agent_required
def assign(ref: int) -> str | Response:
    """Choose an assignee and a team."""
    ticket = loading.ticket_or_404(ref)
    agents = {person.id: person for person in people.agents()}
    teams = {team.id: team for team in people.teams()}
    form = AssignmentForm(
        data={"assignee": AS_IT_IS if ticket.assignee_id else "", "team": ticket.team_id or ""}
    )
    hands = distribution.hands(
        list(agents.values()), at=wallclock.now(), service_id=ticket.service_id
    )
    if not any(hand.lacks for hand in hands):
        del form.despite
    effects = _effects(ticket, teams)
    if not effects:
        del form.reason
    form.assignee.choices = [
        *_as_it_is(ticket),
        SelectChoice("", _("Nobody")),
        *(SelectChoice(str(hand.person.id), _words_of(hand)) for hand in hands),
    ]
    form.team.choices = [
        *([] if ticket.team_id else [SelectChoice("", _("No team"))]),
        *(SelectChoice(str(id), team.name) for id, team in teams.items()),
    ]
    if form.validate_on_submit():
        with http.refusals_on(form):
            locked, team = loading.for_change(ticket.id), _chosen(teams, form.team.data)
            was_team = locked.team_id
            assignment.assign(
                locked,
                assignee=_assignee(locked, form, team, agents),
                team=team,
                by=http.person(),
                at=wallclock.now(),
                despite=(form.despite.data or "") if "despite" in form else "",
                reason=(form.reason.data or "") if "reason" in form else "",
            )
            new_team = teams.get(locked.team_id or 0) if locked.team_id != was_team else None
            flash(_told(locked, agents, new_team))
            return redirect(loading.url_of(ticket.id), 303)
    return render_template("desk/tickets/assign.html", ticket=ticket, form=form, effects=effects)


def _effects(ticket: Ticket, teams: Mapping[int, Team]) -> dict[str, str]:
    """By the name of each other team what it would do to the promises, where it does anything."""
    if not ticket.is_open:
        return {}
    at, zone = wallclock.now(), http.zone()
    found = {
        team.name: previews.sentence(handing_over.foresee(ticket, id, at=at), zone=zone)
        for id, team in teams.items()
        if id != ticket.team_id
    }
    return {name: said for name, said in found.items() if said}


def _words_of(hand: Hand) -> str:
    """A colleague in the list: whether they may and are there, and how much they have to do."""
    if hand.lacks:
        return _(
            "%(name)s, not qualified: %(lacks)s",
            name=hand.person.name,
            lacks=", ".join(hand.lacks),
        )
    if hand.is_absent:
        return _("%(name)s, absent", name=hand.person.name)
    if hand.is_full:
        return _("%(name)s, %(count)s to do: full", name=hand.person.name, count=hand.load)
    return _("%(name)s, %(count)s to do", name=hand.person.name, count=hand.load)


def _as_it_is(ticket: Ticket) -> list[SelectChoice]:
    """To name nobody anew, where somebody has the ticket."""
    if ticket.assignee is None:
        return []
    return [SelectChoice(AS_IT_IS, _("As it is: %(name)s", name=ticket.assignee.name))]


def _assignee(
    ticket: Ticket, form: AssignmentForm, team: Team | None, agents: Mapping[int, Person]
) -> Person | None:
    """Whom the form names, else who keeps the ticket with that team."""
    if form.assignee.data == AS_IT_IS:
        return assignment.keeper(ticket, team)
    return agents.get(int(form.assignee.data)) if form.assignee.data else None


def _told(ticket: Ticket, agents: Mapping[int, Person], new_team: Team | None) -> str:
    """Who has it now; somebody who is not of the team that it went to is named as that."""
    who = agents.get(ticket.assignee_id or 0)
    if who is None:
        return _("%(ref)s is with nobody.", ref=ticket.ref)
    if new_team is not None and new_team.id not in people.team_ids_of(who.id):
        return _(
            "%(ref)s is with %(name)s, who is not in %(team)s.",
            ref=ticket.ref,
            name=who.name,
            team=new_team.name,
        )
    return _("%(ref)s is with %(name)s.", ref=ticket.ref, name=who.name)


def _chosen(found: Mapping[int, Team], chosen: int | None) -> Team | None:
    return found.get(chosen) if chosen else None
