"""What a rung does besides telling: it assigns, moves and raises the priority, once."""

import tomllib
from datetime import timedelta

import pytest

from app.agreements import loading
from app.catalogue.words import Priority
from app.clocks.models import EscalationState
from app.database import db, transaction
from app.tickets import classification, queries
from app.tickets.models import Ticket
from tests.escalation.conftest import MONDAY, SECOND, Fate, answered, fire, hear, hours


def sign(*targets: dict) -> None:
    """The client's agreement with deeds at 50 % of a resolution, as its next version; its first
    targets are these."""
    text = (loading.PRESETS / "managed-workplace.toml").read_text("utf-8")
    values = tomllib.loads(text)
    values["agreement"]["effective_from"] = (MONDAY - timedelta(days=7)).date()
    values["tiers"][0]["ladder"].insert(
        0,
        {
            "measure": "resolution",
            "at": "50 %",
            "tell": ["manager"],
            "actions": [
                {"do": "raise_priority", "to_priority": "urgent"},
                {"do": "assign", "to": "person:petra.weiss@halden.example"},
                {"do": "move", "to": "Service desk"},
            ],
        },
    )
    values["tiers"][0]["targets"][:0] = targets
    with transaction():
        loading.load(values, at=MONDAY - timedelta(days=8))


@pytest.fixture
def with_deeds(cast):
    """That agreement with its own targets."""
    sign()


@pytest.fixture
def fate(with_deeds, cast) -> Fate:
    return Fate(answered(cast))


def test_a_rung_assigns_moves_and_raises(fate, cast):
    fire(hours(2) + SECOND)

    ticket = db.session.get_one(Ticket, fate.ticket.id)
    assert ticket.priority is Priority.URGENT
    assert ticket.assignee_id == cast.petra.id
    assert ticket.team_id == cast.service_desk.id
    assert "raised to urgent priority" in fate.told_in_history()[-1]


def test_a_rung_that_moves_a_ticket_leaves_its_clock_its_target(cast):
    own = {"team": "Service desk", "clause": "4.2"}
    sign(
        {"measure": "resolution", "within": "40 h", **own},
        {"measure": "next_response", "within": "3 h", **own},
    )
    fate = Fate(answered(cast))
    target_id, due_at = fate.clock.target_id, fate.clock.due_at
    fire(hours(2) + SECOND)

    ticket = db.session.get_one(Ticket, fate.ticket.id)
    assert ticket.team_id == cast.service_desk.id
    assert (fate.clock.target_id, fate.clock.due_at) == (target_id, due_at)
    assert queries.terms_of(ticket).targets["resolution"].target_id != target_id


def test_a_raised_priority_keeps_the_target_of_its_clock_and_does_not_loop(fate, cast):
    target_id, due_at = fate.clock.target_id, fate.clock.due_at

    for minute in range(120, 400, 7):
        fire(hours(minute / 60) + SECOND)

    assert (fate.clock.target_id, fate.clock.due_at) == (target_id, due_at)
    assert [row.generation for row in fate.rows] == [1] * 5
    assert [row.state for row in fate.rows] == [EscalationState.FIRED] * 5
    assert fate.points(cast.jens) == ["50 %", "100 %", "1 h after due"]


def test_an_agent_who_lowers_it_again_is_not_overruled(fate, cast):
    fire(hours(2) + SECOND)
    with transaction():
        classification.prioritise(
            queries.for_change(fate.ticket.id),
            priority=Priority.NORMAL,
            reason="Only one person is concerned",
            by=cast.mara,
            at=hours(2.1),
        )
    fire(hours(40))

    ticket = db.session.get_one(Ticket, fate.ticket.id)
    assert ticket.priority is Priority.NORMAL


def test_what_the_higher_priority_leaves_behind_is_told_once_to_the_assignee(fate, cast):
    """An open question of the requester: its next response shrinks from an hour to 15 minutes."""
    hear(fate.ticket, cast.elke, hours(1.5))
    fire(hours(2) + SECOND)

    told = [note for note in fate.notices(cast.petra) if note.facts["measure"] == "next_response"]
    assert [note.facts["point"] for note in told] == ["75 %"]
    assert fire(hours(2) + SECOND).rungs == 0
