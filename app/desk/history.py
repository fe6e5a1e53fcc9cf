"""Everything that happened to a ticket, by whom and why; narrowed by kind and by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import render_template, request, url_for

from app import http, wallclock
from app.desk import loading, story
from app.desk.blueprint import blueprint
from app.http import agent_required
from app.tickets import history as entries
from app.tickets.models import HistoryEntry

PAGE = 100
LAST = 253_402_300_799
"""The last second of the year 9999."""


@dataclass(frozen=True)
class Narrowed:
    """What of the history is shown; empty and None for everything."""

    kind: str
    actor_id: int | None


@blueprint.get("/tickets/<int:ref>/history")
@agent_required
def history(ref: int) -> str:
    """The history, newest first; ``kind`` and ``who`` narrow it, ``before`` pages it."""
    ticket = loading.ticket_or_404(ref)
    kind, who = request.args.get("kind", ""), http.row_number("who")
    has_who = request.args.get("who", "").isdecimal()
    chosen = Narrowed(kind if kind in story.KINDS else "", (who or 0) if has_who else None)
    found = entries.page(
        ticket,
        verbs=story.KINDS.get(chosen.kind, ()),
        actor_id=chosen.actor_id,
        before=_before(request.args.get("before", "")),
        limit=PAGE,
    )
    shown = found[:PAGE]
    return render_template(
        "desk/tickets/history.html",
        ticket=ticket,
        entries=story.told(shown),
        chosen=chosen,
        kinds=story.kinds(),
        actors=entries.actors_of(ticket),
        older=_older(ref, shown, chosen) if len(found) > PAGE else None,
        zone=http.zone(),
        now=wallclock.now(),
    )


def _older(ref: int, shown: Sequence[HistoryEntry], chosen: Narrowed) -> str:
    last = shown[-1]
    before = f"{int(last.at.timestamp())}-{last.id}"
    kind, who = chosen.kind or None, chosen.actor_id
    return url_for("desk.history", ref=ref, kind=kind, who=who, before=before)


def _before(value: str) -> tuple[datetime, int] | None:
    """The key of the page before, "1763472000-17"; None for anything else."""
    at, _, number = value.partition("-")
    if not (at.isascii() and at.isdecimal() and number.isascii() and number.isdecimal()):
        return None
    if len(at) > 11 or int(at) > LAST or int(number) > http.MAX_ROW:
        return None
    return datetime.fromtimestamp(int(at), UTC), int(number)
