"""A message that needs no answer: the promise of one is cancelled with the reason."""

from datetime import timedelta

import pytest

from app.clocks import queries as clocks
from app.clocks.models import Clock
from app.database import transaction
from app.errors import Refusal
from app.tickets import conversation, unanswered
from app.tickets.history import page as history_of
from app.tickets.queries import for_change
from app.tickets.words import Channel
from tests.cast import NOW, Cast
from tests.factories import open_request

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ticket_id(cast: Cast) -> int:
    """Answered after five minutes; the requester says thanks after ten."""
    ticket_id = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    with transaction():
        ticket = for_change(ticket_id)
        conversation.reply(ticket, by=cast.mara, body="Try again.", at=NOW + 5 * MINUTE)
        thank(ticket, cast, at=NOW + 10 * MINUTE)
    return ticket_id


def thank(ticket, cast: Cast, *, at) -> None:
    conversation.requester_message(
        ticket, by=cast.elke, body="Thanks!", channel=Channel.PORTAL, at=at
    )


def next_responses(ticket_id: int) -> list[Clock]:
    return [c for c in clocks.clocks_of([ticket_id])[ticket_id] if c.measure == "next_response"]


def test_thanks_need_no_answer_and_the_promise_is_cancelled_with_the_reason(cast, ticket_id):
    with transaction():
        ticket = for_change(ticket_id)
        unanswered.needs_no_answer(ticket, by=cast.mara, reason="Thanks", at=NOW + 12 * MINUTE)

    (only,) = next_responses(ticket_id)
    assert (only.state, only.cancelled_reason) == ("cancelled", "needs no answer")
    assert history_of(ticket)[0].facts["reason"] == "Thanks"
    assert unanswered.find_waiting(ticket) is None


def test_a_message_after_that_is_owed_an_answer_again(cast, ticket_id):
    with transaction():
        ticket = for_change(ticket_id)
        unanswered.needs_no_answer(ticket, by=cast.mara, reason="Thanks", at=NOW + 12 * MINUTE)
        thank(ticket, cast, at=NOW + 20 * MINUTE)

    assert [clock.state for clock in next_responses(ticket_id)] == ["cancelled", "running"]


def test_it_asks_for_a_reason_and_for_a_message_that_waits(cast, ticket_id):
    with pytest.raises(Refusal, match="Say why"), transaction():
        unanswered.needs_no_answer(for_change(ticket_id), by=cast.mara, reason=" ", at=NOW)
    with transaction():
        conversation.reply(
            for_change(ticket_id), by=cast.mara, body="You are welcome.", at=NOW + 15 * MINUTE
        )
    with pytest.raises(Refusal, match="no message that waits"), transaction():
        unanswered.needs_no_answer(for_change(ticket_id), by=cast.mara, reason="So", at=NOW)
