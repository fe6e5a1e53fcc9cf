"""Reopening by the version's rule: it goes on, begins anew, or cannot be."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.agreements.models import Tier
from app.agreements.words import ReopenRule
from app.clocks import queries as clocks
from app.clocks.models import Clock
from app.database import db, transaction
from app.errors import Refusal
from app.tickets import conversation, lifecycle
from app.tickets.queries import for_change
from app.tickets.words import Channel, Status
from tests.cast import NOW, Cast
from tests.factories import open_request

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def under(cast: Cast, rule: ReopenRule) -> int:
    """A ticket resolved after half an hour under a version with that rule."""
    with transaction():
        db.session.execute(update(Tier).values(reopen_rule=rule))
    ticket_id = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    with transaction():
        lifecycle.resolve(
            for_change(ticket_id), by=cast.mara, solution="Done", at=NOW + 30 * MINUTE
        )
    return ticket_id


def answer(cast: Cast, ticket_id: int, *, after: timedelta) -> None:
    with transaction():
        conversation.requester_message(
            for_change(ticket_id),
            by=cast.elke,
            body="No.",
            channel=Channel.PORTAL,
            at=NOW + 30 * MINUTE + after,
        )


def resolutions(ticket_id: int) -> list[Clock]:
    return [c for c in clocks.clocks_of([ticket_id])[ticket_id] if c.measure == "resolution"]


def test_resume_goes_on_with_the_same_clock(cast):
    ticket_id = under(cast, ReopenRule.RESUME)

    answer(cast, ticket_id, after=10 * MINUTE)

    assert [(c.sequence, c.state) for c in resolutions(ticket_id)] == [(1, "running")]


def test_restart_begins_a_new_clock_and_both_count(cast):
    ticket_id = under(cast, ReopenRule.RESTART)

    answer(cast, ticket_id, after=10 * MINUTE)

    assert [(c.sequence, c.state) for c in resolutions(ticket_id)] == [(1, "met"), (2, "running")]


def test_final_means_solved_means_solved(cast):
    ticket_id = under(cast, ReopenRule.FINAL)

    with pytest.raises(Refusal, match="solved means solved"):
        answer(cast, ticket_id, after=10 * MINUTE)
    assert for_change(ticket_id).status is Status.RESOLVED


def test_the_window_ends_seven_days_of_wall_time_after_the_end(cast):
    ticket_id = under(cast, ReopenRule.RESUME)

    with pytest.raises(Refusal, match="more than 7 days ago"):
        answer(cast, ticket_id, after=7 * DAY + timedelta(seconds=1))
    answer(cast, ticket_id, after=7 * DAY)
    assert for_change(ticket_id).status is Status.OPEN


def test_what_its_requester_withdrew_goes_on_without_the_span_in_between(cast):
    ticket_id = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    with transaction():
        lifecycle.close(for_change(ticket_id), by=cast.elke, at=NOW + 10 * MINUTE)
    assert {c.cancelled_reason for c in clocks.clocks_of([ticket_id])[ticket_id]} == {"withdrawn"}

    answer(cast, ticket_id, after=30 * MINUTE)

    first = [c for c in clocks.clocks_of([ticket_id])[ticket_id] if c.measure == "first_response"]
    assert (first[-1].state, first[-1].due_at) == ("running", NOW + 80 * MINUTE)
