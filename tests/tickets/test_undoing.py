"""Undo of Send: the clocks, the status and the letter are as if nothing had been sent."""

from datetime import date, timedelta

import pytest

from app.clocks import queries as clocks
from app.clocks.models import Clock
from app.database import db, transaction
from app.errors import Refusal
from app.mail.models import Letter
from app.notices import gathering
from app.notices.models import Notice
from app.tickets import conversation, lifecycle, queries, reading, undoing
from app.tickets.conversation import Then
from app.tickets.models import Message, Ticket
from app.tickets.queries import for_change
from app.tickets.words import Channel, Status
from tests.cast import NOW, Cast
from tests.tickets.promises import clock

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
SENT_AT = NOW + 10 * MINUTE


def send(cast: Cast, ticket_id: int, then: Then = Then.NOTHING, *, undo_s: int = 10) -> int:
    with transaction():
        ticket = for_change(ticket_id)
        return conversation.reply(
            ticket, by=cast.mara, body="Wrong window.", at=SENT_AT, then=then, undo_s=undo_s
        ).id


def undo(cast: Cast, ticket_id: int, message_id: int, *, after: timedelta = 8 * SECOND) -> Ticket:
    with transaction():
        ticket = for_change(ticket_id)
        message = db.session.get_one(Message, message_id)
        undoing.undo(ticket, message, by=cast.mara, at=SENT_AT + after)
        return ticket


@pytest.mark.parametrize("then", list(Then))
def test_undo_restores_the_status_and_every_clock_of_that_send(cast, ticket_id, then):
    before = {c.measure: (c.state, c.due_at, c.budget_s) for c in clocks_of(ticket_id)}

    ticket = undo(cast, ticket_id, send(cast, ticket_id, then))

    after = {c.measure: (c.state, c.due_at, c.budget_s) for c in clocks_of(ticket_id)}
    assert {measure: after[measure] for measure in before} == before
    assert all(after[measure][0] == "cancelled" for measure in after.keys() - before.keys())
    assert (ticket.status, ticket.resolved_at, ticket.waiting_until) == (Status.NEW, None, None)
    assert ticket.snippet.startswith("Since half past three")


def test_a_hold_that_the_answer_ended_comes_back_with_its_day(cast, ticket_id):
    with transaction():
        lifecycle.hold(
            for_change(ticket_id), by=cast.mara, until=date(2026, 12, 1), reason="Parts", at=NOW
        )

    ticket = undo(cast, ticket_id, send(cast, ticket_id))

    assert (ticket.status, ticket.hold_until) == (Status.ON_HOLD, date(2026, 12, 1))
    assert ticket.why == "Parts"


def test_the_letter_of_an_undone_answer_is_never_written(cast, ticket_id):
    message_id = send(cast, ticket_id)
    held = db.session.query(Notice).filter_by(event=f"message:{message_id}").one()
    assert held.held_until == SENT_AT + 10 * SECOND

    undo(cast, ticket_id, message_id)

    with transaction():
        gathering.gather(SENT_AT + MINUTE)
    assert db.session.query(Letter).filter_by(kind="ticket-replied").count() == 0


def test_the_requester_never_sees_it_and_staff_see_it_as_taken_back(cast, ticket_id):
    message_id = send(cast, ticket_id)

    ticket = undo(cast, ticket_id, message_id)

    assert message_id not in {m.id for m in queries.messages_of(ticket, with_notes=False)}
    (seen,) = [m for m in queries.messages_of(ticket, with_notes=True) if m.id == message_id]
    assert (seen.taken_back_at, seen.taken_back_because) == (SENT_AT + 8 * SECOND, "undone")


def test_it_is_too_late_after_ten_seconds_and_once_it_was_opened_or_answered(cast, ticket_id):
    message_id = send(cast, ticket_id)
    with pytest.raises(Refusal, match="too late"):
        undo(cast, ticket_id, message_id, after=11 * SECOND)
    with transaction():
        reading.mark(for_change(ticket_id), upto=message_id, at=SENT_AT + SECOND)
    with pytest.raises(Refusal, match="opened it already"):
        undo(cast, ticket_id, message_id)

    second = send(cast, ticket_id)
    with transaction():
        conversation.requester_message(
            for_change(ticket_id),
            by=cast.elke,
            body="Which?",
            channel=Channel.PORTAL,
            at=SENT_AT + 3 * SECOND,
        )
    with pytest.raises(Refusal, match="written since"):
        undo(cast, ticket_id, second)


def test_what_was_undone_once_or_sent_without_an_undo_stays(cast, ticket_id):
    message_id = send(cast, ticket_id)
    undo(cast, ticket_id, message_id)
    with pytest.raises(Refusal, match="already"):
        undo(cast, ticket_id, message_id)
    with pytest.raises(Refusal, match="cannot be taken back"):
        undo(cast, ticket_id, send(cast, ticket_id, undo_s=0))


def test_a_letter_that_is_written_already_cannot_be_withdrawn(cast, ticket_id):
    message_id = send(cast, ticket_id)
    with transaction():
        db.session.query(Notice).filter_by(event=f"message:{message_id}").update(
            {"gathered_at": SENT_AT + SECOND}
        )

    with pytest.raises(Refusal, match="letter has left"):
        undo(cast, ticket_id, message_id)
    assert clock(ticket_id, "first_response").state == "met"


def clocks_of(ticket_id: int) -> list[Clock]:
    return list(clocks.clocks_of([ticket_id])[ticket_id])
