"""What came into a list since it was shown, and who is at its tickets: asked for now and then.

Rows are never pushed under the pointer: the page says "4 new" and a link shows them. The answer
has an ETag, so that nothing is drawn while nothing happens. Source: product.md, "The queue page".
"""

import hashlib
from datetime import UTC, datetime

from flask import Response, make_response, render_template, request

from app import http, wallclock
from app.catalogue.words import Priority
from app.clocks import words
from app.desk import lines, places
from app.desk.blueprint import blueprint
from app.desk.places import Place
from app.http import agent_required
from app.tickets import presence, queue
from app.tickets.queue import Key, Page, Shown

MOST_IDS = 100


@blueprint.get("/news", endpoint="news")
@agent_required
def told() -> Response:
    """What is new on a page of a list, as a piece of that page; 304 while that is the same."""
    http.unattended()
    here = places.place_at(request.args.get("in", ""))
    at, sight, shown = wallclock.now(), http.sight(), _shown()
    come = queue.come_since(sight, here.chosen, shown, at=at)
    visible = queue.visible_ids(sight, shown.ids)
    present = presence.here(visible, besides=http.person().id, at=at)
    tag = hashlib.sha256(repr((come, sorted(present.items()))).encode()).hexdigest()[:32]
    if tag in request.if_none_match:
        answer = make_response("", 304)
    else:
        answer = make_response(
            render_template(
                "desk/queue/_news.html",
                count=len(come),
                cap=queue.CAP,
                urgent=sum(priority is Priority.URGENT for _, priority in come),
                since=_since(at),
                url=_page_shown(here, shown),
                present=[lines.viewers(here, id_) for id_, here in present.items()],
            )
        )
    answer.set_etag(tag)
    return answer


def url_for_page(here: Place, page: Page, *, after: Key | None, at: datetime) -> str:
    """Where a page of a list asks what is new on it."""
    asked = {
        "ids": "-".join(str(row.ticket.id) for row in page.rows),
        "after": str(after) if after and page.before else None,
        "until": str(page.after) if page.after else None,
        "since": str(int(at.timestamp())),
    }
    said = {name: value for name, value in asked.items() if value}
    return places.url_within(here.url, "desk.news", **said)


def _shown() -> Shown:
    said = request.args.get("ids", "").split("-")[:MOST_IDS]
    ids = tuple(int(each) for each in said if each.isdecimal() and len(each) < 19)
    return Shown(ids, Key.parse(request.args.get("after")), Key.parse(request.args.get("until")))


def _page_shown(here: Place, shown: Shown) -> str:
    return here.url_of(here.chosen, after=str(shown.after)) if shown.after else here.url


def _since(at: datetime) -> str:
    since = request.args.get("since", type=int) or 0
    known = since if 0 < since < at.timestamp() else int(at.timestamp())
    return words.instant(datetime.fromtimestamp(known, UTC), http.zone(), at, with_zone=False)
