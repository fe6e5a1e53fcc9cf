"""The live verbs write what the rules say, keep the deadline, and let each rung come once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select

from app.agreements import choosing, contracts
from app.agreements.terms import Terms
from app.clocks import checking, coming, queries, rows, running
from app.clocks.checking import Drift
from app.clocks.course import Course, Happening, What, happen
from app.clocks.explaining import explain
from app.clocks.keeping import Outcome
from app.clocks.models import Clock, ClockEvent, Deadline, Escalation, EscalationState, TicketCourse
from app.database import db
from app.errors import Refusal
from app.tickets import queries as tickets
from app.tickets import refolding
from app.tickets.models import Ticket
from tests import cast, factories
from tests.cast import Cast

MONDAY = datetime.fromisoformat("2026-11-16T08:00:00+00:00")
"""Nine o'clock in Berlin."""


def hours(number: float) -> datetime:
    return MONDAY + timedelta(hours=number)


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast.assemble()


@pytest.fixture
def ticket(people: Cast) -> Ticket:
    return factories.open_request(people.elke, people.vpn_problem, at=MONDAY)


class Live:
    """One ticket and the verbs on it, by an agent, at an instant."""

    def __init__(self, ticket: Ticket, people: Cast) -> None:
        self.ticket, self.people = ticket, people
        self.terms = tickets.terms_of(ticket)

    def do(self, verb, when: datetime, cause: str = "verb:test", **more) -> Outcome:
        more.setdefault("actor_id", self.people.mara.id)
        return verb(self.ticket.id, terms=self.terms, at=when, cause=cause, **more)

    def clock(self, measure: str = "resolution") -> Clock:
        found = queries.clocks_of([self.ticket.id])[self.ticket.id]
        return next(clock for clock in reversed(found) if clock.measure == measure)

    def deadline(self) -> Deadline | None:
        return db.session.get(Deadline, self.ticket.id)

    def fire(self, when: datetime) -> list[tuple[int | None, bool]]:
        running.settled(self.ticket.id, terms=self.terms, at=when)
        come = coming.come_due(self.ticket.id, terms=self.terms, at=when)
        coming.fired(
            self.ticket.id,
            [(one, [{"person": self.people.jens.id}]) for one in come],
            terms=self.terms,
            at=when,
        )
        return [(one.rung.percent, one.covered) for one in come if one.measure == "resolution"]

    def under(self, priority: str) -> Terms:
        self.terms = choosing.terms_of(
            self.ticket.version_id,
            organisation_id=self.ticket.organisation_id,
            service_id=self.ticket.service_id,
            priority=priority,
            kind=self.ticket.kind.value,
        )
        return self.terms


@pytest.fixture
def live(ticket: Ticket, people: Cast) -> Live:
    story = Live(ticket, people)
    assert {rung.measure for rung in story.terms.ladder} >= {"resolution"}
    return story


def drifting() -> tuple[Drift, ...]:
    found = list(db.session.scalars(select(Ticket.id)))
    return checking.check(found, refolding.terms_of_all).drifts


def test_an_opened_ticket_has_clocks_events_and_a_deadline(live):
    first = live.clock("first_response")

    assert live.deadline().clock_id == first.id
    assert live.deadline().due_at == live.deadline().order_at == first.due_at
    assert first.next_at is not None
    assert first.next_at <= first.due_at
    assert [event.kind for event in queries.events_of(first)] == ["started"]


def test_a_ticket_to_which_nothing_is_promised_goes_on(live):
    for model in (Deadline, ClockEvent, Clock, TicketCourse):
        db.session.execute(delete(model))
    db.session.expire_all()
    live.terms = replace(live.terms, targets={})
    live.do(running.opened, MONDAY, contact_at=MONDAY)

    live.do(running.status_changed, hours(1), status="waiting_vendor")

    assert live.deadline().clock_id is None


def test_rows_are_the_fold_of_their_events_through_a_long_story(live):
    live.do(running.responded, hours(0.2), "message:1")
    live.do(running.status_changed, hours(0.2), "message:1", status="waiting_requester")
    live.do(running.requester_wrote, hours(1), "message:2")
    live.under("low")
    live.do(running.retargeted, hours(1.5), reason="the finance team can go on")
    live.do(running.responded, hours(2), "message:3")
    live.do(running.resolved, hours(3), "message:4", text_sent=True)
    live.do(running.reopened, hours(5), by_requester=True)

    assert drifting() == ()
    assert live.clock().paused_s > 0
    assert live.deadline().clock_id == live.clock().id


def test_a_resolved_ticket_has_no_deadline_and_nothing_ahead(live):
    live.do(running.resolved, hours(0.2), "message:1", text_sent=True)

    assert live.deadline() is None
    assert live.clock().next_at is None


def test_a_paused_ticket_stands_last_in_the_queue(live):
    live.do(running.responded, hours(0.2), "message:1")
    live.do(running.status_changed, hours(0.2), "message:1", status="waiting_requester")

    assert live.deadline().due_at is None
    assert live.deadline().order_at == rows.LAST
    assert live.deadline().clock_id == live.clock().id


def test_what_the_rules_forbid_is_a_refusal(live):
    with pytest.raises(Refusal, match="no answer yet"):
        live.do(running.resolved, hours(1), text_sent=False)


def test_a_promise_moves_out_only_with_a_reason(live):
    live.under("low")

    with pytest.raises(Refusal) as refused:
        live.do(running.retargeted, hours(0.1), reason=None)
    assert refused.value.field == "reason"


def test_undo_across_requests_goes_back_to_the_very_row(live):
    before = rows.clock_row(rows.state_of(live.clock(), _calendar(live.clock())))
    live.do(running.responded, hours(0.2), "message:1")
    live.do(running.status_changed, hours(0.2), "message:1", status="waiting_requester")
    live.do(running.taken_back, hours(0.21), "verb:undo", undoes="message:1")

    assert rows.clock_row(rows.state_of(live.clock(), _calendar(live.clock()))) == before
    assert live.clock("first_response").state == "running"
    assert drifting() == ()


def _calendar(clock: Clock):
    return contracts.target_terms(clock.target_id, because="").calendar


def test_each_rung_comes_once_strictly_after_its_instant(live):
    live.do(running.responded, hours(0.1), "message:1")
    instant = live.clock().next_at

    assert live.fire(instant) == []
    assert len(live.fire(instant + timedelta(seconds=1))) == 1
    assert live.fire(instant + timedelta(seconds=2)) == []
    assert live.clock().next_at > instant


def test_the_worker_down_for_days_every_missed_rung_comes_rising_and_late(live):
    live.do(running.responded, hours(0.1), "message:1")
    when = hours(24 * 30)
    expected = [rung.percent for rung in live.terms.ladder if rung.measure == "resolution"]

    assert [percent for percent, _ in live.fire(when)] == expected
    assert live.clock().breached_at == live.clock().due_at
    assert live.clock().next_at is None
    fired = queries.escalations_of([live.clock().id])[live.clock().id]
    assert all(one.late_by_s == (when - one.instant_at).total_seconds() for one in fired)


def test_answered_late_while_the_worker_was_down_the_breach_stands_and_nobody_is_told(live):
    outcome = live.do(running.resolved, hours(24 * 30), "message:1", text_sent=True)

    assert live.clock().breached_at == live.clock().due_at
    assert {one.clock_id for one in outcome.not_told} >= {live.clock().id}
    assert all(
        clock.next_at is None for clock in queries.clocks_of([live.ticket.id])[live.ticket.id]
    )
    states = {one.state for one in db.session.scalars(select(Escalation))}
    assert states == {EscalationState.NOT_TOLD}


def test_what_was_not_told_comes_late_if_the_clock_runs_again(live):
    live.do(running.responded, hours(0.1), "message:1")
    ahead = live.clock().next_at
    live.do(running.status_changed, ahead + timedelta(seconds=9), status="waiting_requester")
    live.do(running.requester_wrote, ahead + timedelta(hours=2), "message:2")

    assert len(live.fire(ahead + timedelta(hours=2, seconds=1))) == 1


def test_a_shorter_target_covers_rungs_and_tells_of_it_once(live):
    live.do(running.responded, hours(0.1), "message:1")
    live.under("low")
    live.do(running.retargeted, hours(0.2), reason="later is fine")
    budget_s = live.clock().budget_s
    when = _used_up(live, budget_s // 3)
    live.under("urgent")
    live.do(running.retargeted, when, reason=None)

    come = coming.come_due(live.ticket.id, terms=live.terms, at=when + timedelta(seconds=1))
    assert come
    assert all(one.covered and one.moved for one in come if one.measure == "resolution")
    assert live.clock().next_at == when
    live.fire(when + timedelta(seconds=1))
    assert live.clock().next_at > when


def _used_up(live: Live, used_s: int) -> datetime:
    clock = live.clock()
    return _calendar(clock).add(clock.running_since, used_s - clock.used_s)


def test_a_fired_rung_that_lies_ahead_again_comes_again(live):
    live.do(running.responded, hours(0.1), "message:1")
    instant = live.clock().next_at
    live.fire(instant + timedelta(seconds=1))
    live.under("low")
    live.do(running.retargeted, instant + timedelta(minutes=1), reason="later is fine")
    come = coming.come_due(
        live.ticket.id, terms=live.terms, at=live.clock().next_at + timedelta(seconds=1)
    )

    again = [one for one in come if one.measure == "resolution"]
    assert [(one.generation, one.again) for one in again] == [(2, True)]


def test_an_imported_ticket_never_fires_unless_it_is_live_and_then_from_there_on(live, people):
    course = happen(Course(), Happening(What.OPENED, MONDAY), live.terms)
    other = factories.open_request(people.elke, people.vpn_problem, at=MONDAY)
    for table in (Deadline, TicketCourse):
        db.session.delete(db.session.get(table, other.id))
    for clock in queries.clocks_of([other.id])[other.id]:
        for event in db.session.scalars(select(ClockEvent).where(ClockEvent.clock_id == clock.id)):
            db.session.delete(event)
        db.session.flush()
        db.session.delete(clock)
    db.session.flush()
    imported = rows.rows_of(course, other.id, first_clock_id=9001)
    assert not imported.course["is_live"]
    assert all(clock["next_at"] is None for clock in imported.clocks)

    when = hours(3.5)
    made = rows.rows_of(
        course, other.id, first_clock_id=9001, live_from=when, ladder=live.terms.ladder
    )
    db.session.execute(insert(Clock), made.clocks)
    db.session.execute(insert(ClockEvent), made.events)
    db.session.execute(insert(TicketCourse), made.course)
    db.session.execute(insert(Deadline), made.deadline)
    db.session.execute(insert(Escalation), made.escalations)
    running.settled(other.id, terms=live.terms, at=when)
    assert made.escalations
    assert coming.come_due(other.id, terms=live.terms, at=when) == []
    assert all(
        clock.next_at is None or clock.next_at >= when
        for clock in queries.clocks_of([other.id])[other.id]
    )
    assert drifting() == ()


def test_the_explanation_reads_the_clause_and_adds_up(live, people):
    live.do(running.responded, hours(0.2), "message:1")
    live.do(
        running.status_changed, hours(1), "message:2", status="waiting_requester", reason="logs?"
    )
    live.do(running.requester_wrote, hours(2), "message:3")
    at = hours(3)
    others = {"Urgent": replace(live.terms, targets=live.under("urgent").targets)}
    why = explain(live.clock(), zone="Europe/Berlin", at=at, others=others)

    assert why.clause
    assert why.counted_s == rows.state_of(live.clock(), _calendar(live.clock())).used_at(at)
    assert why.paused_s == 3600
    assert why.spans[1].who == people.mara.name
    assert "Urgent" in [move.what for move in why.moves]
    assert people.mara.name not in repr(
        explain(live.clock().id, zone="Europe/Berlin", at=at, for_requester=people.elke.id)
    )


def test_merged_tickets_hold_one_promise(live, people):
    other = factories.open_request(people.elke, people.vpn_problem, at=hours(1))
    running.merged(
        live.ticket.id,
        other.id,
        source_terms=live.terms,
        terms=live.terms,
        at=hours(1.1),
        actor_id=people.mara.id,
        cause="verb:merge",
    )

    assert live.clock().cancelled_reason == "merged"
    assert live.deadline() is None
    assert drifting() == ()
