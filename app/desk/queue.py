"""The queue: open tickets, soonest deadline first, filters in the URL, and the next one to take."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, shell, wallclock
from app.desk import bulk, filter_menu, horizon, lines, narrowing, news, places, rows
from app.desk.blueprint import blueprint
from app.desk.places import Place
from app.errors import Refusal
from app.http import agent_required
from app.languages import gettext as _
from app.languages import zone_name
from app.people.models import Density
from app.tickets import presence, queue, taking, views
from app.tickets.desk_models import SavedView
from app.tickets.queue import Key


@blueprint.get("", endpoint="queue")
@agent_required
def queue_home() -> Response:
    """Go to the person's default view."""
    chosen = views.default_of(http.sight(), http.person())
    if isinstance(chosen, SavedView):
        return redirect(url_for("desk.saved_view", view_id=chosen.id), 302)
    return redirect(url_for("desk.view", scope=chosen.value), 302)


@blueprint.get("/views/<scope>")
@agent_required
def view(scope: str) -> str:
    """One of the ready-made views."""
    return _page()


@blueprint.get("/views/<int:view_id>")
@agent_required
def saved_view(view_id: int) -> str | Response:
    """A saved view; one that keeps a search opens the search."""
    found = next((each for each in shell.saved_views() if each.id == view_id), None)
    searched = views.searched_in(found.query) if found else None
    if searched:
        return redirect(url_for("desk.search", q=searched), 302)
    return _page()


@blueprint.get("/queues/<slug>")
@agent_required
def team_queue(slug: str) -> str:
    """The open tickets of one team."""
    return _page()


@blueprint.post("/taking")
@agent_required
def take_next() -> Response:
    """Take the ticket of this list that is due first and that nobody has."""
    here = places.place_at(request.form.get("in") or url_for("desk.view", scope="needs-agent"))
    try:
        ticket = taking.take_next(http.sight(), here.chosen, by=http.person(), now=wallclock.now)
    except Refusal as refusal:
        flash(refusal.sentence)
        return redirect(here.url, 303)
    flash(_("%(ref)s is yours.", ref=ticket.ref))
    key = queue.find_key(ticket.id)
    url = places.ticket_urls(here.url)(ticket.id, key) if key else None
    return redirect(url or url_for("desk.ticket", ref=ticket.id), 303)


@blueprint.post("/density")
@agent_required
def density() -> Response:
    """Give the rows of one's queue more air or less."""
    wanted = request.form.get("density")
    if wanted in list(Density):
        http.person().density = Density(wanted)
    return redirect(http.local_path(request.form.get("in")) or url_for("desk.queue"), 303)


@blueprint.post("/shortcuts")
@agent_required
def shortcuts() -> Response:
    """Switch one's keys on or off."""
    http.person().uses_shortcuts = request.form.get("keys") == "on"
    return redirect(http.local_path(request.form.get("in")) or url_for("desk.queue"), 303)


def _page() -> str:
    here = places.place(
        request.endpoint or "", request.view_args or {}, request.args.items(multi=True)
    )
    count = shell.current(here.chosen).asked
    context = _context(here, is_long=shell.is_capped(count))
    return render_template("desk/queue/queue.html", count=count, **context)


def _on_page() -> dict[str, str]:
    """Which page of the list it is, as its URL says."""
    return {name: request.args[name] for name in ("after", "before") if name in request.args}


def _context(here: Place, *, is_long: bool) -> dict[str, Any]:
    at, zone, sight = wallclock.now(), http.zone(), http.sight()
    after, before = Key.parse(request.args.get("after")), Key.parse(request.args.get("before"))
    found = queue.page(sight, here.chosen, at=at, after=after, before=before, is_long=is_long)
    ids = [row.ticket.id for row in found.rows]
    present = presence.here(ids, besides=http.person().id, at=at) if ids else {}
    shown = rows.shown(found.rows, list_url=here.url, present=present, zone=zone, at=at)
    return {
        "place": here,
        "page_url": here.url_of(here.chosen, **_on_page()),
        "rows": shown,
        "lines": lines.of_queue(shown),
        "page": found,
        "horizon": horizon.of(shown, zone=zone, at=at),
        "zone_name": zone_name(at.astimezone(ZoneInfo(zone)).tzname() or zone),
        "narrowed": list(narrowing.narrowed(here)),
        "filters": filter_menu.drawn(here),
        "hidden": narrowing.hidden(here),
        "news_url": news.url_for_page(here, found, after=after, at=at),
        "may_save": here.saved is None or here.is_narrowed,
        "may_change_view": here.saved is not None and views.may_change(here.saved, http.person()),
        "densities": list(Density),
        "bulk_choices": bulk.drawn(),
        "bulk_once": bulk.once(),
    }
