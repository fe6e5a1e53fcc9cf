"""Teams and their rotas: who is on call in a week, and changing shifts and swaps."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.errors import NotFound
from app.http import agent_required, lead_required
from app.languages import gettext as _
from app.languages import ngettext
from app.manage import local_time, rota_rows
from app.manage.blueprint import blueprint
from app.manage.rota_forms import ShiftForm, SwapForm
from app.measures.weeks import Week
from app.people import queries as people
from app.people import rostering, rota
from app.people.models import Person, RotaShift, Team

PAGE = "/manage/teams/<slug>/rota"


@blueprint.get("/manage/teams")
@agent_required
def teams() -> str:
    """Every team: its lead, its members, and who is on call now."""
    at = wallclock.now()
    return render_template(
        "manage/rota/teams.html", rows=rota_rows.teams(reader=http.person(), at=at)
    )


@blueprint.get(PAGE)
@agent_required
def team_rota(slug: str) -> str:
    """A team's week: who is on call, where nobody is, the shifts and swaps behind it."""
    return render_template("manage/rota/rota.html", **_context(_team_or_404(slug)))


@blueprint.route(f"{PAGE}/shift", methods=["GET", "POST"])
@lead_required
def add_shift(slug: str) -> str | Response:
    """Put somebody on call every week."""
    team = _changeable_or_403(slug)
    form = ShiftForm(members=people.team_members(team.id))
    if form.validate_on_submit():
        with http.refusals_on(form):
            added = rostering.add_shift(
                team,
                people.person(form.person.data),
                weekdays=form.weekdays.data,
                starts=f"{form.starts.data}",
                ends=f"{form.ends.data}",
                by=http.person(),
            )
            flash(_told(people.person(form.person.data), added))
            return redirect(url_for("manage.team_rota", slug=slug), 303)
    return render_template("manage/rota/shift.html", team=team, form=form)


@blueprint.post(f"{PAGE}/shifts/<int:shift_id>/removal")
@lead_required
def remove_shift(slug: str, shift_id: int) -> Response:
    """Take a weekly shift out."""
    shift = rostering.remove_shift(_changeable_or_403(slug), shift_id, by=http.person())
    flash(_("The shift on %(when)s is taken out.", when=rostering.words_of(shift)))
    return redirect(url_for("manage.team_rota", slug=slug), 303)


@blueprint.route(f"{PAGE}/swap", methods=["GET", "POST"])
@lead_required
def swap(slug: str) -> str | Response:
    """Let somebody take shifts over for a while."""
    team = _changeable_or_403(slug)
    form = SwapForm(members=people.team_members(team.id), zone=team.zone)
    if form.validate_on_submit():
        instead_of = form.instead_of.data
        with http.refusals_on(form):
            made = rostering.swap(
                team,
                people.person(form.person.data),
                instead_of=people.person(instead_of) if instead_of else None,
                starts_at=local_time.instant_of(form.starts.data, team.zone),
                ends_at=local_time.instant_of(form.ends.data, team.zone),
                reason=form.reason.data,
                by=http.person(),
                at=wallclock.now(),
            )
            flash(_("The swap stands in the rota."))
            week = Week.of(made.starts_at, team.zone).name
            return redirect(url_for("manage.team_rota", slug=slug, week=week), 303)
    return render_template("manage/rota/swap.html", team=team, form=form)


@blueprint.post(f"{PAGE}/swaps/<int:swap_id>/removal")
@lead_required
def remove_swap(slug: str, swap_id: int) -> Response:
    """Take a swap back, from now on."""
    team = _changeable_or_403(slug)
    rostering.remove_swap(team, swap_id, by=http.person(), at=wallclock.now())
    flash(_("The swap is taken back."))
    return redirect(url_for("manage.team_rota", slug=slug), 303)


def _context(team: Team) -> dict[str, Any]:
    at = wallclock.now()
    week = _week(team, at)
    return {
        "team": team,
        "week": week,
        "is_this_week": week == Week.of(at, team.zone),
        "shown": rota_rows.week(team, week.monday, at=at),
        "on_call": rota_rows.on_call_now(team, at=at),
        "lead": people.person(team.lead_id) if team.lead_id else None,
        "shifts": rota.shifts_of(team.id),
        "swaps": rota_rows.swaps(team, at=at),
        "may_change": rostering.may_change(team, http.person()),
        "words_of": rostering.words_of,
        "now": at,
    }


def _week(team: Team, at: datetime) -> Week:
    """The week that the URL names, else this one."""
    try:
        named = Week.parse(request.args.get("week", ""), team.zone)
    except ValueError:
        return Week.of(at, team.zone)
    is_near = abs(named.starts_at - at) < timedelta(days=366)
    return named if is_near else Week.of(at, team.zone)


def _team_or_404(slug: str) -> Team:
    found = people.find_team_by_slug(slug)
    if found is None:
        raise NotFound("There is no such team.")
    return found


def _changeable_or_403(slug: str) -> Team:
    """The team, if this person may change its rota."""
    team = _team_or_404(slug)
    rostering.check_may_change(team, http.person())
    return team


def _told(person: Person, added: Sequence[RotaShift]) -> str:
    first, others = rostering.words_of(added[0]), len(added) - 1
    if not others:
        return _("%(name)s is on call %(when)s.", name=person.name, when=first)
    return ngettext(
        "%(name)s is on call %(when)s and on %(num)s other day.",
        "%(name)s is on call %(when)s and on %(num)s other days.",
        others,
        name=person.name,
        when=first,
    )
