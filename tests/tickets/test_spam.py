"""Spam is out of the ratios; what was none goes on without the span in between."""

from datetime import date, timedelta

import pytest

from app.clocks import queries as clocks
from app.database import transaction
from app.errors import Refusal
from app.people import access
from app.tickets import conversation, lifecycle, spam
from app.tickets.conversation import Then
from app.tickets.models import Ticket
from app.tickets.queries import for_change
from app.tickets.words import Status
from tests.cast import NOW, Cast
from tests.factories import open_request
from tests.tickets.promises import clock

MINUTE = timedelta(minutes=1)


def set_aside(cast: Cast, ticket_id: int, *, minutes: int = 10, reason: str = "Advert") -> None:
    with transaction():
        spam.set_aside(
            for_change(ticket_id), reason=reason, by=cast.mara, at=NOW + minutes * MINUTE
        )


def restore(cast: Cast, ticket_id: int, *, minutes: int = 40) -> Ticket:
    with transaction():
        ticket = for_change(ticket_id)
        spam.restore(ticket, reason="A client", by=cast.mara, at=NOW + minutes * MINUTE)
        return ticket


def test_spam_cancels_every_clock_and_no_spam_goes_on_without_the_span(cast, ticket_id):
    set_aside(cast, ticket_id)
    assert {(c.state, c.cancelled_reason) for c in clocks.clocks_of([ticket_id])[ticket_id]} == {
        ("cancelled", "spam")
    }

    restore(cast, ticket_id)

    first = clock(ticket_id, "first_response")
    assert (first.state, first.due_at) == ("running", NOW + 60 * MINUTE)


def test_it_comes_back_as_it_stood_with_its_day_or_waiting_anew(cast, ticket_id):
    with transaction():
        lifecycle.hold(
            for_change(ticket_id), by=cast.mara, until=date(2026, 12, 1), reason="Parts", at=NOW
        )
    set_aside(cast, ticket_id)
    ticket = restore(cast, ticket_id)
    assert (ticket.status, ticket.hold_until) == (Status.ON_HOLD, date(2026, 12, 1))

    with transaction():
        conversation.reply(
            for_change(ticket_id),
            by=cast.mara,
            body="Who are you?",
            at=NOW + 45 * MINUTE,
            then=Then.WAIT,
        )
    set_aside(cast, ticket_id, minutes=50)
    ticket = restore(cast, ticket_id, minutes=90)
    assert (ticket.status, ticket.waiting_since) == (
        Status.WAITING_REQUESTER,
        NOW + 90 * MINUTE,
    )


def test_spam_asks_for_a_reason_and_for_an_open_ticket(cast, ticket_id):
    with pytest.raises(Refusal, match="Say why"):
        set_aside(cast, ticket_id, reason=" ")
    with pytest.raises(Refusal, match="no spam"):
        restore(cast, ticket_id)
    set_aside(cast, ticket_id)
    with pytest.raises(Refusal, match="only an open ticket"):
        set_aside(cast, ticket_id)
    with pytest.raises(Refusal, match="is spam"), transaction():
        conversation.reply(for_change(ticket_id), by=cast.mara, body="Hello", at=NOW)


def test_what_is_set_aside_is_listed_the_newest_first(cast, ticket_id):
    other = open_request(cast.elke, cast.vpn_problem, at=NOW).id
    set_aside(cast, ticket_id, minutes=10)
    set_aside(cast, other, minutes=11)
    sight = access.sight_of(cast.mara)

    assert [one.id for one in spam.set_aside_ones(sight)] == [other, ticket_id]
    assert [one.id for one in spam.set_aside_ones(sight, before=(NOW + 11 * MINUTE, other))] == [
        ticket_id
    ]
