"""The queue: soonest deadline first, paged by key, the same rows whichever way one pages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.clocks import queries as clocks
from app.clocks.models import Deadline
from app.database import db, transaction
from app.people import access
from app.tickets import assignment, conversation, filters, queue, tagging
from app.tickets.conversation import Then
from app.tickets.filters import Field, Filter, Scope, Wanted
from app.tickets.queries import for_change
from app.tickets.queue import Key, Shown
from tests.cast import NOW, assemble
from tests.factories import open_request
from tests.statements import counted

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def cast(app):
    cast = assemble()
    for number in range(7):
        open_request(
            cast.elke, cast.vpn_problem, at=NOW + timedelta(minutes=number), subject=f"No. {number}"
        )
    return cast


@pytest.fixture
def sight(cast):
    return access.sight_of(cast.mara)


def subjects(page) -> list[str]:
    return [row.ticket.subject for row in page.rows]


def shown(sight, query: str) -> list[str]:
    return subjects(queue.page(sight, filters.read_query(query), at=LATER))


def ids(sight) -> list[int]:
    return queue.ids_of(sight, Filter(), at=LATER, limit=50)


def test_pages_by_key_show_every_ticket_once_in_both_directions(sight):
    first = queue.page(sight, Filter(), at=LATER, limit=3)
    second = queue.page(sight, Filter(), at=LATER, after=first.after, limit=3)
    third = queue.page(sight, Filter(), at=LATER, after=second.after, limit=3)
    back = queue.page(sight, Filter(), at=LATER, before=second.before, limit=3)

    assert subjects(first) + subjects(second) + subjects(third) == [f"No. {n}" for n in range(7)]
    assert subjects(back) == subjects(first)
    assert (first.before, third.after) == (None, None)


def test_a_paused_ticket_comes_last_and_only_where_it_is_asked_for(cast, sight):
    first = ids(sight)[0]
    with transaction():
        conversation.reply(for_change(first), by=cast.mara, body="Which?", at=LATER, then=Then.WAIT)

    assert queue.page(sight, Filter(), at=LATER).rows[-1].ticket.id == first
    assert queue.count(sight, Filter(Scope.NEEDS_AGENT), at=LATER) == 6
    assert queue.count(sight, Filter(Scope.WAITING_REQUESTER), at=LATER) == 1


def test_a_page_costs_one_statement_however_many_rows_and_all_counts_one_more(sight):
    with counted() as seen:
        queue.page(sight, Filter(), at=NOW)
        assert len(seen) == 1
        queue.counts(sight, [Filter(scope) for scope in Scope], at=NOW)
        assert len(seen) == 2


def test_counts_end_where_they_are_capped(sight):
    assert queue.count(sight, Filter(), at=LATER, cap=5) == 5
    assert queue.count(sight, Filter(), at=LATER) == 7


def test_at_risk_or_over_is_what_the_chips_say(cast, sight):
    first = queue.page(sight, Filter(), at=NOW).rows[0]
    due = db.session.get_one(Deadline, first.ticket.id)
    chosen = Filter(Scope.AT_RISK)

    assert due.risk_at < due.due_at
    assert queue.count(sight, chosen, at=due.risk_at - timedelta(seconds=1)) == 0
    assert queue.page(sight, chosen, at=due.risk_at).rows[0].ticket.id == first.ticket.id
    assert queue.count(sight, chosen, at=NOW + timedelta(days=30)) == 7
    for narrowed in (filters.read_query("scope=at-risk&priority=low"), Filter(Scope.AT_RISK)):
        limited = replace(sight, is_limited=True)
        assert queue.count(limited, narrowed, at=NOW + timedelta(days=30)) == 0
    high = filters.read_query("scope=at-risk&priority=high")
    assert queue.count(sight, high, at=NOW + timedelta(days=30)) == 7
    clock = clocks.clocks_of([first.ticket.id])[first.ticket.id][0]
    used = (due.risk_at - clock.running_since).total_seconds()
    assert used == 0.75 * clock.budget_s


def test_filters_narrow_are_turned_round_and_are_met_together(cast, sight):
    low, tagged = ids(sight)[:2]
    with transaction():
        assignment.take(for_change(low), by=cast.mara, at=LATER)
        tagging.tag(for_change(tagged), "vpn", by=cast.mara, at=LATER)

    assert shown(sight, "assignee=me") == ["No. 0"]
    assert len(shown(sight, "assignee=me&not=assignee")) == 6
    assert len(shown(sight, "assignee=nobody")) == 6
    assert shown(sight, "tag=VPN") == ["No. 1"]
    assert shown(sight, "tag=vpn&assignee=me") == []
    assert len(shown(sight, f"organisation={cast.brenner.id}&priority=high&priority=low")) == 7
    assert len(shown(sight, "status=open&not=status")) == 6


def test_a_filter_reads_what_it_writes_and_nonsense_is_none():
    chosen = Filter(
        Scope.UNASSIGNED,
        (
            Wanted(Field.STATUS, ("new", "open"), is_not=True),
            Wanted(Field.TEAM, ("3", "none")),
            Wanted(Field.TAG, ("a b",)),
        ),
    )

    assert filters.read_query(chosen.query) == chosen
    assert filters.read_query("status=closed&team=-1&assignee=x&organisation=²") == Filter()
    assert filters.read_query("&" * 500 + "status=new") == Filter()


def test_the_tickets_before_and_after_one_are_found_even_when_it_left_the_list(cast, sight):
    rows = queue.page(sight, Filter(), at=LATER).rows
    third = rows[2].key
    around = rows[1].key, rows[3].key
    assert queue.neighbours(sight, Filter(), third, at=LATER) == around
    with transaction():
        assignment.take(for_change(third.ticket_id), by=cast.mara, at=LATER)

    unassigned = Filter(Scope.UNASSIGNED)
    with counted() as seen:
        assert queue.neighbours(sight, unassigned, third, at=LATER) == around
    assert len(seen) == 1
    assert queue.neighbours(sight, Filter(), rows[0].key, at=LATER)[0] is None
    assert queue.neighbours(sight, Filter(), rows[-1].key, at=LATER)[1] is None


def test_only_what_came_between_the_ends_of_a_page_is_new_on_it(cast, sight):
    page = queue.page(sight, Filter(), at=LATER, limit=3)
    seen = Shown(tuple(row.ticket.id for row in page.rows), until=page.after)
    assert queue.come_since(sight, Filter(), seen, at=LATER) == []

    early = open_request(cast.elke, cast.vpn_problem, at=NOW, subject="Early")
    open_request(cast.elke, cast.vpn_problem, at=LATER, subject="Late")

    assert queue.come_since(sight, Filter(), seen, at=LATER) == [(early.id, early.priority)]


@pytest.mark.parametrize("text", [None, "", "x", "1-", "-1", "1;drop-2", "9" * 30 + "-1"])
def test_a_key_that_makes_no_sense_is_no_key(text):
    assert Key.parse(text) is None
