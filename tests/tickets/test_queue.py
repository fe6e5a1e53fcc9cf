"""The queue: soonest deadline first, paged by key, the same rows whichever way one pages."""

from datetime import timedelta

import pytest

from app.database import db, transaction
from app.people import access
from app.tickets import conversation, queue
from app.tickets.conversation import Then
from app.tickets.queries import for_change
from app.tickets.queue import Filter, Key, Scope
from tests.cast import NOW, assemble
from tests.factories import open_request


@pytest.fixture
def cast(app):
    cast = assemble()
    for number in range(7):
        open_request(
            cast.elke, cast.vpn_problem, at=NOW + timedelta(minutes=number), subject=f"No. {number}"
        )
    return cast


def subjects(page) -> list[str]:
    return [row.ticket.subject for row in page.rows]


def test_pages_by_key_show_every_ticket_once_in_both_directions(cast):
    sight, at = access.sight_of(cast.mara), NOW + timedelta(hours=1)
    first = queue.page(sight, Filter(), at=at, limit=3)
    second = queue.page(sight, Filter(), at=at, after=first.after, limit=3)
    third = queue.page(sight, Filter(), at=at, after=second.after, limit=3)
    back = queue.page(sight, Filter(), at=at, before=second.before, limit=3)

    assert subjects(first) + subjects(second) + subjects(third) == [f"No. {n}" for n in range(7)]
    assert subjects(back) == subjects(first)
    assert (first.before, third.after) == (None, None)


def test_a_paused_ticket_comes_last_and_only_where_it_is_asked_for(cast):
    sight, at = access.sight_of(cast.mara), NOW + timedelta(hours=1)
    first = queue.page(sight, Filter(), at=at).rows[0].ticket.id
    with transaction():
        conversation.reply(for_change(first), by=cast.mara, body="Which?", at=at, then=Then.WAIT)

    assert queue.page(sight, Filter(), at=at).rows[-1].ticket.id == first
    assert queue.count(sight, Filter(Scope.NEEDS_AGENT), at=at) == 6
    assert queue.count(sight, Filter(Scope.WAITING_REQUESTER), at=at) == 1


def test_a_page_costs_one_statement_however_many_rows(cast, session):
    from sqlalchemy import event

    sight, seen = access.sight_of(cast.mara), []
    event.listen(db.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    queue.page(sight, Filter(), at=NOW)

    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 1


@pytest.mark.parametrize("text", [None, "", "x", "1-", "-1", "1;drop-2", "9" * 30 + "-1"])
def test_a_key_that_makes_no_sense_is_no_key(text):
    assert Key.parse(text) is None
