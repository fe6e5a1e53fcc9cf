"""The bell's page: what one was told of, and marking it as read."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import http, wallclock
from app.account.blueprint import blueprint
from app.agreements import parties
from app.http import signed_in
from app.mail.kinds import FOR_REQUESTERS
from app.mail.proposal_kinds import OF_PROPOSALS
from app.notices import bell, words
from app.notices.models import Notice

PAGE = 50


@dataclass(frozen=True)
class Row:
    """A notice as the page shows it."""

    notice: Notice
    words: str
    subject: str


@blueprint.get("/notices")
@signed_in
def notices() -> str:
    """What one was told of, the newest first."""
    at = wallclock.now()
    found = bell.page(http.person(), at=at, before_id=http.row_number("before"), most=PAGE + 1)
    rows = [Row(one, words.sentence(one), words.subject(one)) for one in found[:PAGE]]
    more = len(found) > PAGE
    return render_template(
        "account/notices.html",
        rows=rows,
        older=url_for("account.notices", before=rows[-1].notice.id) if more else None,
        has_unread=any(row.notice.read_at is None for row in rows),
        zone=http.zone(),
        now=at,
    )


@blueprint.post("/notices/reading")
@signed_in
def read_notices() -> Response:
    """Mark as read what the page showed, and nothing that came since."""
    up_to = request.form.get("up_to", type=int)
    if up_to is not None and 0 < up_to <= http.MAX_ROW:
        bell.read_all(http.person(), up_to_id=up_to, at=wallclock.now())
    return redirect(url_for("account.notices"), 303)


@blueprint.post("/notices/<int:notice_id>/reading")
@signed_in
def read_notice(notice_id: int) -> Response:
    """Mark one as read, and go where it leads."""
    notice = bell.read(http.person(), notice_id, at=wallclock.now())
    return redirect(_place_of(notice), 303)


def _place_of(notice: Notice) -> str:
    """What it is about: a dispute, an agreement one may read, or the ticket, in the portal or on
    the desk, as the event concerned the person.
    """
    if notice.kind == "dispute":
        return url_for("hearings.dispute", dispute_id=notice.facts["dispute"])
    if notice.ticket_id is None:
        key = str(notice.facts.get("key", ""))
        if notice.kind == "agreement-step" and "step" in notice.facts:
            place = {name: notice.facts[name] for name in ("number", "step")}
            return url_for("proposals.step", key=key, **place)
        if not key or not parties.may_read(key, http.person()):
            return url_for("account.notices")
        if notice.kind in OF_PROPOSALS:
            return url_for("proposals.proposal", key=key, number=notice.facts["number"])
        return url_for("manage.agreement", key=key)
    page = "portal.request" if notice.kind in FOR_REQUESTERS else "desk.ticket"
    return url_for(page, ref=notice.ticket_id)
