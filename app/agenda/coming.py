"""All that is coming of one's agreements, by month, and the link for one's own calendar."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from app import http, wallclock
from app.agenda.blueprint import blueprint
from app.agreements import outlook, parties
from app.agreements.outlook import Outlook
from app.errors import NotFound
from app.http import manager_required, signed_in
from app.languages import gettext as _
from app.languages import month
from app.negotiations import queries as negotiations
from app.obligations import coming as obligations
from app.obligations import feeds
from app.obligations.coming import Coming, What
from app.people import queries as people
from app.people.models import Person

AHEAD = timedelta(days=550)
"""How far ahead the page looks at first: a term and its notice are in it."""
MOST = 200
"""About how many dates stand on one page; days are never divided."""


@blueprint.get("/manage/reviews")
@manager_required
def reviews() -> str:
    """What is coming of the provider's agreements."""
    return render_template("agenda/coming.html", **_context())


@blueprint.get("/portal/agreement/dates")
@signed_in
def own_dates() -> str:
    """What is coming of a client's agreements; 404 for who reads none."""
    if not parties.readable_ids(http.person()):
        raise NotFound("There is no agreement that you may read.")
    return render_template("agenda/coming.html", **_context())


def rows_for(person: Person) -> list[Coming]:
    """What is coming of the agreements that this person reads, the first first."""
    at = wallclock.now()
    found = outlook.of(parties.readable_ids(person))
    return obligations.in_order([*obligations.of(found, at=at), *changes(found, at=at)])


def changes(found: Sequence[Outlook], *, at: datetime) -> list[Coming]:
    """What changes that both signed leave to do: steps of their plans, and to check them."""
    by_id = {one.agreement.id: one for one in found}
    steps = negotiations.steps_to_come(by_id)
    owners = people.people(step.owner_id for step, _id, _number in steps if step.owner_id)
    rows = [
        Coming(
            What.STEP,
            step.due_on,
            by_id[id].agreement,
            f"step-{step.id}",
            step.due_on < by_id[id].today(at),
            about=step.what,
            owner=owners.get(step.owner_id or 0),
            number=number,
        )
        for step, id, number in steps
    ]
    for proposal, number in negotiations.checks_to_come(by_id):
        if proposal.check_on is not None:
            one = by_id[proposal.agreement_id]
            is_late = proposal.check_on < one.today(at)
            key = f"check-{proposal.id}"
            rows.append(
                Coming(What.CHECK, proposal.check_on, one.agreement, key, is_late, number=number)
            )
    return rows


def _context() -> dict[str, Any]:
    at, person = wallclock.now(), http.person()
    rows = rows_for(person)
    start = _start()
    shown, following = _part(rows, start, until=(at + AHEAD).date())
    late = [row for row in shown if row.is_late]
    ahead = [row for row in shown if not row.is_late]
    return {
        "late": late,
        "months": [
            (first, list(each))
            for first, each in groupby(ahead, key=lambda row: row.on.replace(day=1))
        ],
        "following": following,
        "is_first": start is None,
        "words": obligations.words,
        "month_words": _month,
        "today": at.astimezone(ZoneInfo(http.zone())).date(),
        "What": What,
        "feed_since": feeds.made_at(person),
        "zone": http.zone(),
        "now": at,
    }


def _start() -> date | None:
    """The day with which this part of the list begins; None for the beginning."""
    try:
        return date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        return None


def _part(
    rows: Sequence[Coming], start: date | None, *, until: date
) -> tuple[list[Coming], date | None]:
    """The rows of whole days from ``start`` on, about `MOST`, and the day with which it goes on.

    The first part ends with ``until``: what lies further ahead is asked for.
    """
    ahead = [row for row in rows if start is None or row.on >= start]
    days = sorted({row.on for row in ahead})
    count = 0
    for day in days:
        if count >= MOST or (start is None and day > until):
            return [row for row in ahead if row.on < day], day
        count += sum(row.on == day for row in ahead)
    return ahead, None


def _month(first: date) -> str:
    """ "January 2027", in the reader's language."""
    return _("%(month)s %(year)s", month=month(first), year=first.year)
