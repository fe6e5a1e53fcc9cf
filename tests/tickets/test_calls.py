"""A logged call: an answer when it reached the requester, at the instant of the call."""

from datetime import timedelta

import pytest

from app.clocks import queries as clocks
from app.database import transaction
from app.errors import Refusal
from app.tickets import calls, conversation
from app.tickets.queries import for_change
from app.tickets.words import CallOutcome, Status
from tests.cast import NOW, Cast
from tests.tickets.promises import clock

MINUTE = timedelta(minutes=1)
REACHED, NOT_REACHED = CallOutcome.REACHED, CallOutcome.NOT_REACHED


def call(cast: Cast, ticket_id: int, outcome: CallOutcome, *, happened: int, known: int, **more):
    with transaction():
        return calls.log_call(
            for_change(ticket_id),
            outcome=outcome,
            body="Spoke about the gateway.",
            by=cast.mara,
            happened_at=NOW + happened * MINUTE,
            at=NOW + known * MINUTE,
            **more,
        )


def test_a_call_that_reached_them_is_an_answer_at_the_time_of_the_call(cast, ticket_id):
    message = call(cast, ticket_id, REACHED, happened=20, known=28)

    first = clock(ticket_id, "first_response")
    assert (first.state, first.met_at, first.breached_at) == ("met", NOW + 20 * MINUTE, None)
    assert clocks.events_of(first)[-1].known_at == NOW + 28 * MINUTE
    assert (message.at, message.happened_at) == (NOW + 20 * MINUTE, NOW + 20 * MINUTE)
    assert for_change(ticket_id).status is Status.OPEN


def test_a_call_known_after_the_breach_keeps_it_and_excludes_the_clock(cast, ticket_id):
    call(cast, ticket_id, REACHED, happened=20, known=50)

    first = clock(ticket_id, "first_response")
    assert (first.state, first.breached_at) == ("met", NOW + 30 * MINUTE)
    assert first.excluded_because == "known late"


def test_a_call_counts_never_from_before_the_last_event_of_the_ticket(cast, ticket_id):
    with transaction():
        conversation.note(for_change(ticket_id), by=cast.mara, body="Hm.", at=NOW + 25 * MINUTE)

    message = call(cast, ticket_id, REACHED, happened=20, known=50)

    assert clock(ticket_id, "first_response").met_at == NOW + 25 * MINUTE
    assert (message.at, message.happened_at) == (NOW + 25 * MINUTE, NOW + 20 * MINUTE)


def test_not_reached_waits_without_being_an_answer(cast, ticket_id):
    message = call(cast, ticket_id, NOT_REACHED, happened=10, known=10, waits=True)

    ticket = for_change(ticket_id)
    assert (ticket.status, message.is_response) == (Status.WAITING_REQUESTER, False)
    assert ticket.waiting_until is not None
    assert clock(ticket_id, "first_response").state == "running"
    assert clock(ticket_id, "resolution").state == "paused"


def test_not_reached_alone_moves_nothing(cast, ticket_id):
    call(cast, ticket_id, NOT_REACHED, happened=10, known=10)

    assert for_change(ticket_id).status is Status.NEW
    assert clock(ticket_id, "first_response").state == "running"


@pytest.mark.parametrize(
    ("happened", "sentence"), [(60, "lies ahead"), (-24 * 60, "24 hours, not later")]
)
def test_a_call_lies_neither_ahead_nor_long_ago(cast, ticket_id, happened, sentence):
    with pytest.raises(Refusal, match=sentence):
        call(cast, ticket_id, REACHED, happened=happened, known=50)


def test_a_call_that_reaches_them_ends_waiting_as_a_written_answer_does(cast, ticket_id):
    call(cast, ticket_id, NOT_REACHED, happened=10, known=10, waits=True)
    call(cast, ticket_id, REACHED, happened=30, known=30)

    ticket = for_change(ticket_id)
    assert (ticket.status, ticket.waiting_until) == (Status.OPEN, None)
    assert clock(ticket_id, "resolution").state == "running"
