"""A change of priority or team that is undone at once rings nobody: the ladder stands as before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.catalogue.words import Priority
from app.clocks import checking
from app.clocks.models import EscalationState
from app.database import db, transaction
from app.desk import story
from app.notices.models import Notice
from app.people import access
from app.tickets import (
    bulk,
    bulk_undoing,
    conversation,
    macro_changes,
    macros,
    queries,
    refolding,
    undoing,
)
from app.tickets.bulk import Deed
from app.tickets.history import page as history_of
from app.tickets.macro_changes import Changes
from app.tickets.macros import Content
from app.tickets.models import Message
from tests.escalation.conftest import SECOND, fire, hours


class Slip:
    """Mara changes the ticket among many, at the hour, and may take it back."""

    def __init__(self, cast, ticket_id, at):
        self.cast, self.ticket_id, self.at = cast, ticket_id, at

    def make(self, **deed):
        with transaction():
            self.made = bulk.change(
                access.sight_of(self.cast.mara),
                [self.ticket_id],
                Deed(reason="A slip", **deed),
                by=self.cast.mara,
                now=lambda: self.at,
                once=f"slip {self.at}",
                undo_s=10,
            )
        assert [each["error"] for each in self.made.results] == [None]
        return self

    def undo(self, *, after=5):
        at = self.at + after * SECOND
        with transaction():
            assert bulk_undoing.undo(self.made, by=self.cast.mara, now=lambda: at) == []


def ladder(fate):
    """How the ladder stands: every row, generations, when the worker looks again."""
    db.session.expire_all()
    rows = [(one.rung_id, one.generation, one.nth, one.state, len(one.told)) for one in fate.rows]
    clock = fate.clock
    return rows, clock.memory.get("generations", {}), clock.due_at, clock.budget_s, clock.target_id


def told(fate):
    return len(db.session.scalars(select(Notice).where(Notice.ticket_id == fate.ticket.id)).all())


@pytest.mark.parametrize("hour", [0.5, 1.8, 3.1, 3.7, 4.5])
@pytest.mark.parametrize("priority", ["low", "urgent"])
def test_an_undone_slip_tells_nobody_and_changes_no_rung(fate, cast, hour, priority):
    fire(hours(hour))
    before, heard = ladder(fate), told(fate)
    slip = Slip(cast, fate.ticket.id, hours(hour)).make(priority=priority)
    fire(hours(hour) + 4 * SECOND)
    slip.undo()
    fire(hours(hour) + 6 * SECOND)
    fire(hours(hour) + 60 * SECOND)

    assert ladder(fate) == before
    assert told(fate) == heard
    assert checking.check([fate.ticket.id], refolding.terms_of_all).drifts == ()


def test_what_comes_later_comes_as_if_nothing_had_been(fate, cast):
    fire(hours(3) + SECOND)
    Slip(cast, fate.ticket.id, hours(3.1)).make(priority="low").undo()
    fire(hours(3.6) + SECOND)

    assert [(row.state, row.generation) for row in fate.rows] == [(EscalationState.FIRED, 1)] * 2
    assert not any("again" in line for line in fate.told_in_history())


def test_what_a_change_left_behind_is_told_once_its_undo_has_lapsed(fate, cast):
    Slip(cast, fate.ticket.id, hours(1.8)).make(priority="urgent")
    fire(hours(1.8) + 10 * SECOND)
    assert fate.points(cast.mara) == []

    fire(hours(1.8) + 11 * SECOND)

    assert fate.points(cast.mara) == ["75 %"]
    why = "because the priority was raised to urgent by Mara Lindt: “A slip”"
    assert why in fate.told_in_history()[-1]


def test_what_was_told_of_a_change_that_stood_is_not_told_again(fate, cast):
    Slip(cast, fate.ticket.id, hours(1.8)).make(priority="urgent")
    fire(hours(1.8) + 11 * SECOND)
    before, heard = ladder(fate), told(fate)
    Slip(cast, fate.ticket.id, hours(1.85)).make(priority="low").undo()
    fire(hours(1.86))

    assert (ladder(fate), told(fate)) == (before, heard)


def test_a_rung_told_again_names_the_change_that_stands(fate, cast):
    fire(hours(3) + SECOND)
    Slip(cast, fate.ticket.id, hours(3.1)).make(priority="low")
    fire(hours(3.2))
    Slip(cast, fate.ticket.id, hours(3.3)).make(priority="urgent").undo()

    fire(fate.clock.next_at + SECOND)

    assert "again, because the priority was lowered to low" in fate.told_in_history()[-1]


def test_the_history_says_that_it_was_taken_back(fate, cast):
    Slip(cast, fate.ticket.id, hours(1)).make(priority="low").undo()

    newest = story.told(history_of(fate.ticket, limit=5))[0]
    assert newest.words == "Mara Lindt took a change of priority back: high again"
    assert newest.reason == ""


@pytest.mark.parametrize("priority", [Priority.LOW, Priority.URGENT])
def test_the_changes_of_a_macro_wait_and_go_back_with_its_answer(fate, cast, priority):
    at = hours(1.8)
    before, heard = ladder(fate), told(fate)
    changes = Changes(priority=priority, assignee=str(cast.tomas.id))
    content = Content(
        name="Many", body="We know.", is_own=False, is_note=False, is_active=True, changes=changes
    )
    with transaction():
        macro = macros.add(content, by=cast.jens, at=at - timedelta(hours=1))
        one = queries.for_change(fate.ticket.id)
        macro_changes.apply(one, macro, by=cast.mara, at=at, undo_s=10)
        sent = conversation.reply(one, by=cast.mara, body="We know.", at=at, undo_s=10)
    fire(at + 4 * SECOND)
    with transaction():
        one, sent = queries.for_change(fate.ticket.id), db.session.get_one(Message, sent.id)
        undoing.undo(one, sent, by=cast.mara, at=at + 5 * SECOND)
    fire(at + 60 * SECOND)

    assert ladder(fate) == before
    waiting = select(Notice).where(
        Notice.ticket_id == fate.ticket.id, Notice.withdrawn_at.is_(None)
    )
    assert len(db.session.scalars(waiting).all()) == heard


def test_a_covered_rung_that_an_undone_change_put_ahead_stays_covered(fate, cast):
    Slip(cast, fate.ticket.id, hours(1.8)).make(priority="urgent")
    fire(hours(1.8) + 11 * SECOND)
    Slip(cast, fate.ticket.id, hours(1.9)).make(priority="high").undo()

    assert [row.state for row in fate.rows] == [EscalationState.COVERED]
    assert len(fate.rows[0].told) == 1
