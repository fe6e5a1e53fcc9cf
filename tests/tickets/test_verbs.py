"""Verbs of tickets on a real database: what each does to the ticket, its clocks and its people."""

from datetime import timedelta

import pytest

from app.catalogue.words import Priority
from app.database import db, transaction
from app.errors import Refusal
from app.notices.models import Notice
from app.people import access
from app.tickets import assignment, classification, conversation, lifecycle, queries
from app.tickets.conversation import Then
from app.tickets.queries import for_change
from app.tickets.words import Channel, Status
from tests.cast import NOW
from tests.tickets.promises import clock

MINUTE = timedelta(minutes=1)


def told(kind: str) -> list[int]:
    return [notice.person_id for notice in db.session.query(Notice).filter_by(kind=kind)]


def test_a_ticket_inherits_its_targets_from_the_tier_of_its_agreement(ticket_id):
    first, resolution = clock(ticket_id, "first_response"), clock(ticket_id, "resolution")

    assert (first.budget_s, first.due_at) == (30 * 60, NOW + 30 * MINUTE)
    assert resolution.budget_s == 4 * 3600
    assert resolution.due_at == NOW + timedelta(hours=18)  # 3 h 40 today, 20 m from 08:00


def test_an_answer_meets_the_first_response_at_the_instant_of_send(cast, ticket_id):
    with transaction():
        ticket = for_change(ticket_id)
        conversation.reply(ticket, by=cast.mara, body="On it.", at=NOW + 10 * MINUTE)

    assert clock(ticket_id, "first_response").met_at == NOW + 10 * MINUTE
    assert ticket.status is Status.OPEN
    assert told("ticket-replied") == [cast.elke.id]


def test_asking_back_stops_the_resolution_and_the_answer_resumes_it(cast, ticket_id):
    with transaction():
        ticket = for_change(ticket_id)
        conversation.reply(
            ticket, by=cast.mara, body="Which?", at=NOW + 10 * MINUTE, then=Then.WAIT
        )
    assert clock(ticket_id, "resolution").due_at is None

    with transaction():
        conversation.requester_message(
            for_change(ticket_id),
            by=cast.elke,
            body="This one.",
            channel=Channel.PORTAL,
            at=NOW + 70 * MINUTE,
        )
    resolution = clock(ticket_id, "resolution")
    assert (resolution.used_s, resolution.due_at) == (600, NOW + timedelta(hours=19))
    assert clock(ticket_id, "next_response").state == "running"
    assert db.session.get_one(type(ticket), ticket_id).status is Status.OPEN


def test_a_note_moves_no_clock_and_is_hidden_from_the_requester(cast, ticket_id):
    with transaction():
        ticket = for_change(ticket_id)
        conversation.note(ticket, by=cast.mara, body="Gateway 2, I think.", at=NOW + MINUTE)

    assert clock(ticket_id, "first_response").state == "running"
    assert len(queries.messages_of(ticket, with_notes=False)) == 1
    assert len(queries.messages_of(ticket, with_notes=True)) == 2


def test_a_lower_priority_needs_a_reason_and_changes_the_target(cast, ticket_id):
    with pytest.raises(Refusal, match="say why"), transaction():
        classification.prioritise(
            for_change(ticket_id), priority=Priority.LOW, reason="", by=cast.mara, at=NOW
        )
    with transaction():
        classification.prioritise(
            for_change(ticket_id),
            priority=Priority.URGENT,
            reason="",
            by=cast.mara,
            at=NOW + MINUTE,
        )
    assert clock(ticket_id, "resolution").budget_s == 2 * 3600


def test_assigning_opens_a_new_ticket_and_tells_the_assignee(cast, ticket_id):
    with transaction():
        assignment.assign(
            for_change(ticket_id), assignee=cast.tomas, team=None, by=cast.mara, at=NOW
        )

    assert for_change(ticket_id).status is Status.OPEN
    assert told("assigned") == [cast.tomas.id]
    assert clock(ticket_id, "first_response").state == "running"


def test_a_requester_cannot_be_given_a_ticket(cast, ticket_id):
    with pytest.raises(Refusal, match="works no tickets"), transaction():
        assignment.assign(
            for_change(ticket_id), assignee=cast.martin, team=None, by=cast.mara, at=NOW
        )


def test_resolving_needs_words_and_the_requester_may_open_it_again(cast, ticket_id):
    with pytest.raises(Refusal, match="what solved it"), transaction():
        lifecycle.resolve(for_change(ticket_id), by=cast.mara, solution=" ", at=NOW)
    with transaction():
        lifecycle.resolve(
            for_change(ticket_id), by=cast.mara, solution="New certificate.", at=NOW + 20 * MINUTE
        )
    assert clock(ticket_id, "resolution").met_at == NOW + 20 * MINUTE

    with transaction():
        conversation.requester_message(
            for_change(ticket_id),
            by=cast.elke,
            body="It is back.",
            channel=Channel.PORTAL,
            at=NOW + 60 * MINUTE,
        )
    reopened = clock(ticket_id, "resolution")
    assert (reopened.state, reopened.used_s) == ("running", 1200)
    assert told("ticket-resolved") == [cast.elke.id]


def test_after_the_window_a_ticket_stays_closed(cast, ticket_id):
    with transaction():
        lifecycle.resolve(for_change(ticket_id), by=cast.mara, solution="Done.", at=NOW)
    with pytest.raises(Refusal, match="new request"), transaction():
        lifecycle.reopen(
            for_change(ticket_id), by=cast.elke, reason="again", at=NOW + timedelta(days=8)
        )


def test_waiting_for_a_vendor_stops_the_clock_where_the_agreement_says_so(cast, ticket_id):
    with transaction():
        lifecycle.wait_for_vendor(
            for_change(ticket_id), by=cast.mara, reason="the carrier", at=NOW + MINUTE
        )

    assert clock(ticket_id, "resolution").state == "paused"
    assert clock(ticket_id, "first_response").state == "running"


def test_a_requester_sees_their_own_tickets_only(cast, ticket_id):
    assert queries.find_ticket(access.sight_of(cast.elke), ticket_id) is not None
    assert queries.find_ticket(access.sight_of(cast.sigrid), ticket_id) is None
    assert queries.find_ticket(access.sight_of(cast.mara), ticket_id) is not None
