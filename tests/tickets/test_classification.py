"""Corrections of what a ticket is and whose: targets chosen anew, each in the right version."""

from datetime import timedelta

import pytest

from app.catalogue import queries as catalogue
from app.catalogue.words import Kind, Priority
from app.database import transaction
from app.errors import Refusal
from app.tickets import classification, conversation, lifecycle
from app.tickets.conversation import Then
from app.tickets.models import Ticket
from app.tickets.queries import for_change
from tests.cast import NOW, Cast
from tests.tickets.promises import clock

MINUTE = timedelta(minutes=1)


def correct(cast: Cast, ticket_id: int, kind: Kind, *, reason: str = "It is no failure") -> Ticket:
    with transaction():
        ticket = for_change(ticket_id)
        classification.correct(
            ticket,
            kind=kind,
            service_id=ticket.service_id,
            request_type=None,
            reason=reason,
            by=cast.mara,
            at=NOW + 10 * MINUTE,
        )
        return ticket


def test_a_correction_of_the_kind_chooses_the_targets_anew_in_the_same_version(cast, ticket_id):
    before = for_change(ticket_id)
    was, foreseen = clock(ticket_id, "resolution").target_id, {}
    wanted = classification.Class(
        before.version_id,
        before.organisation_id,
        before.service_id,
        None,
        Kind.REQUEST,
        before.priority,
    )
    for one in classification.foresee(before, wanted, at=NOW + 10 * MINUTE):
        foreseen[one.measure] = one.then and one.then.due_at
    assert clock(ticket_id, "resolution").target_id == was

    ticket = correct(cast, ticket_id, Kind.REQUEST)

    resolution = clock(ticket_id, "resolution")
    assert (ticket.kind, ticket.version_id) == (Kind.REQUEST, cast.workplace.version.id)
    assert resolution.target_id != was
    assert foreseen["resolution"] == resolution.due_at


def test_a_correction_asks_for_a_reason_and_for_something_to_correct(cast, ticket_id):
    with pytest.raises(Refusal, match="Say why"):
        correct(cast, ticket_id, Kind.REQUEST, reason=" ")
    with pytest.raises(Refusal, match="classified so already"), transaction():
        classification.correct(
            for_change(ticket_id),
            kind=Kind.INCIDENT,
            service_id=None,
            request_type=catalogue.request_type("vpn"),
            reason="Why not",
            by=cast.mara,
            at=NOW,
        )


def test_the_right_organisations_version_of_then_is_pinned_with_the_requester(cast, ticket_id):
    with transaction():
        ticket = for_change(ticket_id)
        classification.correct_requester(
            ticket,
            requester=cast.sigrid,
            reason="She called for Fjordbank",
            by=cast.mara,
            at=NOW + 10 * MINUTE,
        )

    assert (ticket.requester_id, ticket.organisation_id) == (cast.sigrid.id, cast.fjordbank.id)
    assert ticket.version_id == cast.house.version.id
    assert clock(ticket_id, "resolution").version_id == cast.house.version.id


def test_a_colleague_of_the_same_organisation_changes_no_promise(cast, ticket_id):
    before = clock(ticket_id, "resolution").due_at
    with transaction():
        classification.correct_requester(
            for_change(ticket_id),
            requester=cast.martin,
            reason="He asked, she typed",
            by=cast.mara,
            at=NOW + 10 * MINUTE,
        )

    assert clock(ticket_id, "resolution").due_at == before


def test_what_changes_while_resolved_applies_at_the_reopening(cast, ticket_id):
    with transaction():
        ticket = for_change(ticket_id)
        conversation.reply(
            ticket, by=cast.mara, body="Solved.", at=NOW + 5 * MINUTE, then=Then.RESOLVE
        )
        classification.prioritise(
            ticket, priority=Priority.URGENT, reason="", by=cast.mara, at=NOW + 10 * MINUTE
        )
    assert clock(ticket_id, "resolution").budget_s == 4 * 3600

    with transaction():
        lifecycle.reopen(for_change(ticket_id), by=cast.mara, reason="No", at=NOW + 20 * MINUTE)

    resolution = clock(ticket_id, "resolution")
    assert (resolution.state, resolution.budget_s) == ("running", 2 * 3600)
