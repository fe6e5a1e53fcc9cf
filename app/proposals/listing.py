"""The proposals of an agreement, newest first."""

from flask import render_template

from app import http, wallclock
from app.agreements import parties
from app.http import signed_in
from app.negotiations import queries
from app.proposals import loading, showing
from app.proposals.blueprint import blueprint

PAGE = 30


@blueprint.get("/agreements/<key>/proposals")
@signed_in
def proposals(key: str) -> str:
    """What was proposed, by whom, and what became of it."""
    at, seat = wallclock.now(), loading.seat(key)
    before = http.row_number("before")
    found = queries.page(seat.agreement, before=before, limit=PAGE)
    signed = queries.signed_among([version.id for _proposal, version, _person in found])
    rows = [
        (
            proposal,
            version,
            person,
            showing.state_of(
                proposal, seat.agreement, version, is_signed=version.id in signed, at=at
            ),
        )
        for proposal, version, person in found[:PAGE]
    ]
    return render_template(
        "proposals/proposals.html",
        agreement=seat.agreement,
        seat=seat,
        rows=rows,
        older=found[PAGE - 1][0].id if len(found) > PAGE else None,
        is_open=queries.open_proposal(seat.agreement) is not None,
        names=parties.names(seat.agreement),
        words_of=showing.words_of,
        zone=http.zone(),
        now=at,
    )
