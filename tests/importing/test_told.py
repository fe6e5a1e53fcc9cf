"""Every verb that moves a clock is told as events that give the same promises again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.agreements import loading
from app.catalogue import plans
from app.catalogue.words import Kind, Priority
from app.database import db, transaction
from app.importing import writing
from app.importing.writing import Refused
from app.tickets import (
    acknowledging,
    assignment,
    calls,
    classification,
    conversation,
    lifecycle,
    merging,
    opening,
    planning,
    spam,
    unanswered,
    undoing,
)
from app.tickets.conversation import Then
from app.tickets.models import Ticket
from app.tickets.opening import How
from app.tickets.queries import for_change
from app.tickets.words import CallOutcome, Channel
from tests.cast import NOW, Cast, assemble
from tests.factories import open_request
from tests.importing.logs import promised, replayed, written
from tests.tickets.test_acknowledging import agreement

MINUTE = timedelta(minutes=1)
START = NOW - 120 * MINUTE
Story = Callable[[Ticket, Cast], object]


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def no_answer(ticket: Ticket, cast: Cast) -> None:
    conversation.reply(ticket, by=cast.mara, body="Done?", at=START + 5 * MINUTE)
    conversation.requester_message(
        ticket, by=cast.elke, body="Yes!", channel=Channel.PORTAL, at=START + 6 * MINUTE
    )
    unanswered.needs_no_answer(ticket, by=cast.mara, reason="Thanks", at=START + 7 * MINUTE)


def undone(ticket: Ticket, cast: Cast) -> None:
    sent = conversation.reply(
        ticket, by=cast.mara, body="No", at=START + 5 * MINUTE, then=Then.RESOLVE, undo_s=10
    )
    undoing.undo(ticket, sent, by=cast.mara, at=START + 5 * MINUTE)
    conversation.reply(ticket, by=cast.mara, body="Yes", at=START + 8 * MINUTE)


def corrected(ticket: Ticket, cast: Cast) -> None:
    classification.correct(
        ticket,
        kind=Kind.REQUEST,
        service_id=None,
        request_type=None,
        reason="Nothing is broken",
        by=cast.mara,
        at=START + 5 * MINUTE,
    )
    classification.correct_requester(
        ticket, requester=cast.sigrid, reason="Hers", by=cast.mara, at=START + 9 * MINUTE
    )


def called(ticket: Ticket, cast: Cast) -> None:
    for outcome, minutes in ((CallOutcome.NOT_REACHED, 5), (CallOutcome.REACHED, 9)):
        calls.log_call(
            ticket,
            outcome=outcome,
            body="About the gateway",
            happened_at=START + minutes * MINUTE,
            waits=outcome is CallOutcome.NOT_REACHED,
            by=cast.mara,
            at=START + minutes * MINUTE,
        )


def no_spam(ticket: Ticket, cast: Cast) -> None:
    spam.set_aside(ticket, reason="Odd", by=cast.mara, at=START + 5 * MINUTE)
    spam.restore(ticket, reason="Hers", by=cast.mara, at=START + 9 * MINUTE)


def gone_into_another(ticket: Ticket, cast: Cast) -> None:
    into = open_request(cast.elke, cast.vpn_problem, at=START + 3 * MINUTE)
    merging.merge(
        *merging.for_both(ticket.id, into.id),
        reason="The same",
        by=cast.mara,
        at=START + 5 * MINUTE,
    )


def written_down_late(ticket: Ticket, cast: Cast) -> None:
    opening.open_ticket(
        requester=cast.elke,
        subject="Late",
        body="She called.",
        priority=Priority.HIGH,
        kind=Kind.INCIDENT,
        by=cast.mara,
        channel=Channel.PHONE,
        at=START + 10 * MINUTE,
        how=How.REACHED,
        contact_at=START,
        late_because="On the road",
    )


def planned(ticket: Ticket, cast: Cast) -> None:
    plan = plans.add("vpn-outage", title="VPN outage", service=None, steps=["Call the line"])
    planning.start(ticket, plan, because="it is down", by=None, at=START + 5 * MINUTE)


def in_hand(ticket: Ticket, cast: Cast) -> None:
    loading.load(agreement(), at=START - timedelta(days=10))
    mine, other = (open_request(cast.sigrid, cast.vpn_problem, at=START) for _ in range(2))
    acknowledging.acknowledge(for_change(mine.id), by=cast.mara, at=START + 5 * MINUTE)
    assignment.take(for_change(other.id), by=cast.mara, at=START + 6 * MINUTE)
    conversation.reply(
        for_change(mine.id),
        by=cast.mara,
        body="Use the old one.",
        workaround=True,
        at=START + 9 * MINUTE,
    )


def solved_and_opened_again(ticket: Ticket, cast: Cast) -> None:
    solved = open_request(cast.elke, cast.vpn_problem, at=START)
    for one in (solved, ticket):
        lifecycle.resolve(
            for_change(one.id), by=cast.mara, solution="New line.", at=START + 5 * MINUTE
        )
    lifecycle.reopen(ticket, by=cast.mara, reason="Not yet", at=START + 9 * MINUTE)


def withdrawn(ticket: Ticket, cast: Cast) -> None:
    lifecycle.close(ticket, by=cast.elke, at=START + 5 * MINUTE)


def undone_after_a_colleague_answered(ticket: Ticket, cast: Cast) -> None:
    sent = conversation.reply(ticket, by=cast.mara, body="No", at=START + 5 * MINUTE, undo_s=60)
    conversation.reply(ticket, by=cast.petra, body="Yes", at=START + 5 * MINUTE)
    undoing.undo(ticket, sent, by=cast.mara, at=START + 5 * MINUTE)


def undone_and_left(ticket: Ticket, cast: Cast) -> None:
    for then in Then:
        sent = conversation.reply(
            ticket, by=cast.mara, body="No", at=START + 5 * MINUTE, then=then, undo_s=10
        )
        undoing.undo(ticket, sent, by=cast.mara, at=START + 5 * MINUTE)


def ours(ticket: Ticket, cast: Cast) -> None:
    opening.open_ticket(
        requester=cast.elke,
        subject="Your gateway",
        body="It is replaced tonight.",
        priority=Priority.HIGH,
        kind=Kind.INCIDENT,
        by=cast.mara,
        channel=Channel.DESK,
        at=START,
        how=How.OURS,
    )


STORIES: list[Story] = [
    solved_and_opened_again,
    withdrawn,
    undone_after_a_colleague_answered,
    undone_and_left,
    ours,
    in_hand,
    planned,
    no_answer,
    undone,
    corrected,
    called,
    no_spam,
    gone_into_another,
    written_down_late,
]


def unread() -> list[tuple[str, bool]]:
    """Which tickets are unread, as where they stand and the mark."""
    query = select(Ticket.status, Ticket.agent_unread)
    return [(status.value, mark) for status, mark in db.session.execute(query)]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_what_was_done_here_gives_the_same_promises_elsewhere(cast, tmp_path, story: Story):
    ticket_id = open_request(cast.elke, cast.vpn_problem, at=START).id
    with transaction():
        story(for_change(ticket_id), cast)
    before, marked = promised(), unread()

    told = list(writing.lines())

    assert [line for line in told if isinstance(line, Refused)] == []
    account = replayed(written(tmp_path / "in.csv", told), as_of=NOW)
    assert account.problems == []
    assert sorted(promised()) == sorted(before * 2)
    assert sorted(unread()) == sorted(marked * 2)
