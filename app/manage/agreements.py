"""Agreements to be read: the list, each version as a document, what differs, what happened.

Both parties read the same pages: the provider comes by /manage/agreements, a client's people
who hold a grant by /portal/agreement. Source: product.md, "Every page" and row 14.
"""

from typing import Any

from flask import render_template, request

from app import http, wallclock
from app.agreements import history
from app.disputes import queries as disputes
from app.errors import NotFound
from app.http import manager_required, signed_in
from app.manage import agreement_shelf
from app.manage.blueprint import blueprint
from app.obligations import leaving
from app.papers import comparing, shelf, telling
from app.people import grants
from app.people.models import GrantKind

PAGE = 50
ENTRIES = 50
DISPUTES = 5
"""Open ones that stand beside the document; their own page has all."""


@blueprint.get("/manage/agreements")
@manager_required
def agreements() -> str:
    """Every agreement of the provider, with what holds of it."""
    return _list()


@blueprint.get("/portal/agreement")
@signed_in
def own_agreements() -> str:
    """The client's agreement; a list where there are several."""
    found = shelf.rows(http.person(), at=wallclock.now(), after=None, limit=1)
    if len(found) == 1:
        return _holding(found[0].agreement.key)
    if not found:
        raise NotFound("There is no agreement that you may read.")
    return _list()


@blueprint.get("/agreements/<key>")
@signed_in
def agreement(key: str) -> str:
    """The agreement as it holds now."""
    return _holding(key)


@blueprint.get("/agreements/<key>/versions/<int:number>")
@signed_in
def agreement_version(key: str, number: int) -> str:
    """One version, whatever became of it."""
    return _page(agreement_shelf.volume(key, number, seen_by=http.person(), at=wallclock.now()))


@blueprint.get("/agreements/<key>/differences")
@signed_in
def agreement_differences(key: str) -> str:
    """What differs between two versions, ``from`` and ``to`` of the URL."""
    person, at = http.person(), wallclock.now()
    later = agreement_shelf.volume(key, http.row_number("to"), seen_by=person, at=at)
    number = http.row_number("from") or later.number_before
    earlier = agreement_shelf.volume(key, number, seen_by=person, at=at)
    return render_template(
        "manage/agreements/differences.html",
        volume=later,
        earlier=earlier,
        comparison=comparing.compare(earlier.document, later.document, services=later.services),
        **_shown(later),
    )


@blueprint.get("/agreements/<key>/history")
@signed_in
def agreement_history(key: str) -> str:
    """What happened to the agreement, newest first."""
    volume = agreement_shelf.volume(key, None, seen_by=http.person(), at=wallclock.now())
    entries = history.page(volume.agreement, before=http.row_number("before"), limit=ENTRIES)
    return render_template(
        "manage/agreements/history.html",
        volume=volume,
        lines=[telling.line(entry, volume.names) for entry in entries[:ENTRIES]],
        before=entries[ENTRIES - 1].event.id if len(entries) > ENTRIES else None,
        is_first="before" not in request.args,
        **_shown(volume),
    )


def _holding(key: str) -> str:
    return _page(agreement_shelf.volume(key, None, seen_by=http.person(), at=wallclock.now()))


def _list() -> str:
    after, reader = http.row_number("after"), http.person()
    found = shelf.rows(reader, at=wallclock.now(), after=after, limit=PAGE)
    return render_template(
        "manage/agreements/agreements.html",
        rows=found[:PAGE],
        after=found[PAGE - 1].agreement.id if len(found) > PAGE else None,
        is_first=after is None,
        may_write=grants.holds(reader, reader.organisation_id, GrantKind.AGREEMENT_EDITOR),
        **_of_reader(),
    )


def _page(volume: agreement_shelf.Volume) -> str:
    return render_template(
        "manage/agreements/agreement.html",
        volume=volume,
        open_tickets=leaving.count_open(volume.agreement, http.sight()),
        many=leaving.CAP,
        disputes=disputes.open_of(volume.agreement, most=DISPUTES),
        **_shown(volume),
    )


def _shown(volume: agreement_shelf.Volume) -> dict[str, Any]:
    """What every page of an agreement shows: its bar with versions and tabs."""
    return {"agreement": volume.agreement, **_of_reader()}


def _of_reader() -> dict[str, Any]:
    """The reader's zone and the instant."""
    return {"zone": http.zone(), "now": wallclock.now()}
