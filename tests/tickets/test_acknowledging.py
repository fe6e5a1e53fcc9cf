"""Somebody has a request in hand, and a way round until the solution: two further promises."""

from datetime import timedelta
from typing import Any

import pytest

from app.agreements import loading
from app.clocks import checking
from app.clocks.models import Clock
from app.database import db, transaction
from app.errors import Refusal
from app.notices.models import Notice
from app.people import access
from app.tickets import (
    acknowledging,
    assignment,
    bulk,
    bulk_undoing,
    calls,
    conversation,
    lifecycle,
    refolding,
    undoing,
)
from app.tickets.bulk import Deed
from app.tickets.conversation import Then
from app.tickets.models import Message, Ticket
from app.tickets.queries import for_change
from app.tickets.words import CallOutcome, Status
from tests.cast import NOW, Cast
from tests.factories import open_request
from tests.tickets.promises import clock
from tests.unit.agreements import papers

MINUTE = timedelta(minutes=1)
LETTER = "ticket-acknowledged"
OPEN = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def agreement() -> dict[str, Any]:
    """In hand in half an hour, answered in one, a way round in two, done in four."""
    values = papers.client()
    values["calendars"]["office"]["week"] = OPEN
    values["tiers"][0]["targets"] = papers.targets(
        'measure = "acknowledgement"; within = "30 min"',
        'measure = "first_response"; within = "1 h"',
        'measure = "workaround"; within = "2 h"',
        'measure = "resolution"; within = "4 h"',
    )
    return values


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A request of Sigrid's, under that agreement; nobody has it."""
    with transaction():
        loading.load(agreement(), at=NOW - timedelta(days=10))
    return open_request(cast.sigrid, cast.vpn_problem, at=NOW)


def told(ticket: Ticket) -> list[Notice]:
    """What the requester was told of who has it in hand."""
    return db.session.query(Notice).filter_by(ticket_id=ticket.id, kind=LETTER).all()


def states(ticket: Ticket) -> dict[str, str]:
    measures = ("acknowledgement", "first_response", "workaround", "resolution")
    return {measure: clock(ticket.id, measure).state for measure in measures}


def answer(cast: Cast, ticket: Ticket, minute: int, **more: Any) -> Message:
    with transaction():
        return conversation.reply(
            for_change(ticket.id),
            by=cast.mara,
            body="Use the old gateway until tomorrow.",
            at=NOW + minute * MINUTE,
            undo_s=600,
            **more,
        )


def test_the_button_keeps_the_acknowledgement_alone_and_the_requester_reads_who(cast, ticket):
    with transaction():
        acknowledging.acknowledge(for_change(ticket.id), by=cast.mara, at=NOW + 7 * MINUTE)

    assert states(ticket) == {
        "acknowledgement": "met",
        "first_response": "running",
        "workaround": "running",
        "resolution": "running",
    }
    assert (ticket.status, ticket.assignee_id) == (Status.OPEN, None)
    [notice] = told(ticket)
    assert (notice.person_id, notice.facts["name"]) == (cast.sigrid.id, "Mara Lindt")
    with pytest.raises(Refusal, match="acknowledged already"):
        acknowledging.acknowledge(for_change(ticket.id), by=cast.tomas, at=NOW + 8 * MINUTE)


@pytest.mark.parametrize("is_by_hand", [True, False])
def test_who_gives_it_to_somebody_acknowledges_it_and_a_rule_does_not(cast, ticket, is_by_hand):
    with transaction():
        assignment.assign(
            for_change(ticket.id),
            assignee=cast.tomas,
            team=None,
            by=cast.mara if is_by_hand else None,
            at=NOW + 7 * MINUTE,
        )

    assert ticket.status is Status.OPEN
    assert [notice.facts["name"] for notice in told(ticket)] == ["Tomás Rivera"] * is_by_hand
    assert clock(ticket.id, "acknowledgement").met_at == (NOW + 7 * MINUTE if is_by_hand else None)
    if is_by_hand:
        with transaction():
            assignment.take(for_change(ticket.id), by=cast.mara, at=NOW + 9 * MINUTE)
        assert len(told(ticket)) == 1


def test_a_change_of_many_tickets_that_is_undone_leaves_nothing_in_hand(cast, ticket):
    sight = access.sight_of(cast.mara)
    with transaction():
        deed = Deed(assignee=str(cast.tomas.id))
        made = bulk.change(
            sight, [ticket.id], deed, by=cast.mara, now=lambda: NOW, once="b", undo_s=10
        )
        assert clock(ticket.id, "acknowledgement").state == "met"
    with transaction():
        assert bulk_undoing.undo(made, by=cast.mara, now=lambda: NOW + timedelta(seconds=5)) == []

    db.session.expire_all()
    running = clock(ticket.id, "acknowledgement")
    assert (running.state, running.used_s, running.due_at) == ("running", 0, NOW + 30 * MINUTE)
    assert (ticket.status, ticket.assignee_id) == (Status.NEW, None)
    assert [notice.withdrawn_at is not None for notice in told(ticket)] == [True]


def test_an_answer_marked_as_a_workaround_keeps_that_promise_and_undo_takes_it_back(cast, ticket):
    sent = answer(cast, ticket, 20, workaround=True)
    assert states(ticket) == {
        "acknowledgement": "met",
        "first_response": "met",
        "workaround": "met",
        "resolution": "running",
    }
    assert sent.is_workaround

    with transaction():
        undoing.undo(for_change(ticket.id), sent, by=cast.mara, at=NOW + 25 * MINUTE)

    assert set(states(ticket).values()) == {"running"}
    answer(cast, ticket, 30)
    assert states(ticket)["workaround"] == "running"


def test_a_workaround_told_by_telephone_keeps_that_promise_as_of_the_call(cast, ticket):
    def call(outcome: CallOutcome):
        return calls.log_call(
            for_change(ticket.id),
            outcome=outcome,
            body="Use the old gateway.",
            happened_at=NOW + 20 * MINUTE,
            workaround=True,
            by=cast.mara,
            at=NOW + 35 * MINUTE,
        )

    with pytest.raises(Refusal, match="knows of no workaround") as refused, transaction():
        call(CallOutcome.NOT_REACHED)
    assert refused.value.field == "workaround"
    assert states(ticket)["workaround"] == "running"

    with transaction():
        said = call(CallOutcome.REACHED)

    assert said.is_workaround
    assert clock(ticket.id, "workaround").met_at == NOW + 20 * MINUTE
    assert clock(ticket.id, "first_response").met_at == NOW + 20 * MINUTE
    assert clock(ticket.id, "resolution").state == "running"


@pytest.mark.parametrize("is_given", [True, False])
def test_after_a_reopening_a_workaround_is_owed_unless_one_was_given(cast, ticket, is_given):
    if is_given:
        answer(cast, ticket, 20, workaround=True)
    answer(cast, ticket, 60, then=Then.RESOLVE)
    with transaction():
        lifecycle.reopen(
            for_change(ticket.id), by=cast.sigrid, reason="Again", at=NOW + 90 * MINUTE
        )

    workaround: Clock = clock(ticket.id, "workaround")
    assert (workaround.state, workaround.used_s) == (
        ("met", 20 * 60) if is_given else ("running", 60 * 60)
    )
    assert clock(ticket.id, "resolution").state == "running"
    assert checking.check([ticket.id], refolding.terms_of_all).drifts == ()
