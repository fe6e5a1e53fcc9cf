"""How a team's tickets find their assignee: by hand, in turn or by load, and how many at most."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.errors import NotFound
from app.http import lead_required
from app.languages import gettext as _
from app.manage.blueprint import blueprint
from app.manage.giving_out_forms import MEANINGS, form_of
from app.people import giving_out as settling
from app.people import queries as people
from app.people.models import Assigning
from app.tickets import distribution


@blueprint.route("/manage/teams/<slug>/assignment", methods=["GET", "POST"])
@lead_required
def giving_out(slug: str) -> str | Response:
    """Choose the rule of a team, and how many tickets each member is given at most."""
    team = people.find_team_by_slug(slug)
    if team is None:
        raise NotFound("There is no such team.")
    settling.check_may_settle(team, http.person())
    hands = distribution.hands_of(team, at=wallclock.now())
    members = [hand.person for hand in hands]
    form = form_of(team, members)
    if form.validate_on_submit():
        with http.refusals_on(form):
            settling.settle(
                team,
                rule=Assigning(form.rule.data),
                capacities=form.capacities(members),
                by=http.person(),
            )
            flash(_("From now on tickets of %(team)s are given out so.", team=team.name))
            return redirect(url_for("manage.giving_out", slug=slug), 303)
    return render_template(
        "manage/giving_out/giving_out.html",
        team=team,
        form=form,
        hands=hands,
        meanings={rule.value: said for rule, said in MEANINGS.items()},
        turn=distribution.next_of(team, hands),
        because=distribution.because,
    )
