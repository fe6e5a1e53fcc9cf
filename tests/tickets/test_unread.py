"""Unread: somebody outside has written, and nobody at the desk has answered."""

from datetime import timedelta

import pytest

from app.database import db, transaction
from app.tickets import assignment, calls, conversation, lifecycle, queries, unanswered, undoing
from app.tickets.conversation import Then
from app.tickets.models import Message, Ticket
from app.tickets.words import CallOutcome, Channel
from tests.cast import NOW

MINUTE = timedelta(minutes=1)
LATER = NOW + 5 * MINUTE


def is_unread(ticket_id: int) -> bool:
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket_id).agent_unread


def answer(one: Ticket, cast) -> None:
    conversation.reply(one, by=cast.mara, body="Try again.", at=LATER)


def ask_back(one: Ticket, cast) -> None:
    conversation.reply(one, by=cast.mara, body="Which one?", at=LATER, then=Then.WAIT)


def solve(one: Ticket, cast) -> None:
    lifecycle.resolve(one, by=cast.mara, solution="Replaced.", at=LATER)


def reach(one: Ticket, cast) -> None:
    call(one, cast, CallOutcome.REACHED)


def miss(one: Ticket, cast) -> None:
    call(one, cast, CallOutcome.NOT_REACHED)


def call(one: Ticket, cast, outcome: CallOutcome) -> None:
    calls.log_call(
        one, outcome=outcome, body="About it.", happened_at=LATER, by=cast.mara, at=LATER
    )


def take(one: Ticket, cast) -> None:
    assignment.take(one, by=cast.mara, at=LATER)


def note(one: Ticket, cast) -> None:
    conversation.note(one, by=cast.mara, body="A known fault.", at=LATER)


def withdraw(one: Ticket, cast) -> None:
    lifecycle.close(one, by=cast.elke, at=LATER)


@pytest.mark.parametrize("deed", [answer, ask_back, solve, reach, withdraw])
def test_an_answer_reads_it_and_so_does_taking_it_back(cast, ticket_id, deed):
    assert is_unread(ticket_id)
    with transaction():
        deed(queries.for_change(ticket_id), cast)

    assert not is_unread(ticket_id)


@pytest.mark.parametrize("deed", [miss, take, note])
def test_what_answers_nothing_leaves_it_unread(cast, ticket_id, deed):
    with transaction():
        deed(queries.for_change(ticket_id), cast)

    assert is_unread(ticket_id)


def test_it_is_unread_again_once_they_write(cast, ticket_id):
    with transaction():
        one = queries.for_change(ticket_id)
        answer(one, cast)
        conversation.requester_message(
            one, by=cast.elke, body="No.", channel=Channel.PORTAL, at=LATER + MINUTE
        )
    assert is_unread(ticket_id)
    with transaction():
        one = queries.for_change(ticket_id)
        unanswered.needs_no_answer(one, by=cast.mara, reason="Thanks", at=LATER + 2 * MINUTE)

    assert not is_unread(ticket_id)


def test_undo_leaves_it_as_unread_as_it_was(cast, ticket_id):
    for was_read in (False, True):
        with transaction():
            one = queries.for_change(ticket_id)
            if was_read:
                answer(one, cast)
            sent = conversation.reply(one, by=cast.mara, body="No.", at=LATER, undo_s=10)
        with transaction():
            one, sent = queries.for_change(ticket_id), db.session.get_one(Message, sent.id)
            undoing.undo(one, sent, by=cast.mara, at=LATER)

        assert is_unread(ticket_id) is not was_read
