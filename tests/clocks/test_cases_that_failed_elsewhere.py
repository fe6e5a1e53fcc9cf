"""The cases of clocks.md that went wrong in other products, each through the live verbs.

What is not about clocks alone is tested where it happens; `ELSEWHERE` says where.
"""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.clocks import checking, coming, queries, running
from app.clocks.coming import Come
from app.clocks.keeping import Outcome
from app.clocks.models import Clock
from app.clocks.state import Kind
from app.database import db
from tests.clocks import stage
from tests.clocks.telling import terms
from tests.clocks.worlds import Variant

BERLIN = Variant("Europe/Berlin", updates=False)
"""From Monday 19 October 2026; Thursday is a holiday, in the night to Sunday 25 the clock goes
back. Hours of the office: 9:00 to 12:30 and 13:30 to 17:00."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ELSEWHERE = {
    "agreement ended while escalated": (
        "escalation/test_ladder_rules.py",
        "test_an_agreement_that_ends_goes_on_escalating_what_it_promised",
    ),
    "requester answers by portal while waiting": (
        "tickets/test_waiting.py",
        "test_an_answer_ends_the_waiting_and_asking_back_begins_it_anew",
    ),
    "a rung one hour before due on a split day": (
        "escalation/test_ladder_rules.py",
        "test_a_point_in_closed_hours_comes_at_the_next_opening_before_due",
    ),
    "worker down three hours over many dues": (
        "escalation/test_process.py",
        "test_e12_away_for_three_hours_it_catches_up_in_order_though_it_is_stopped_on_the_way",
    ),
    "two workers at once": (
        "escalation/test_firing.py",
        "test_e15_two_workers_at_once_fire_each_once",
    ),
    "closed tickets imported": (
        "importing/test_cli.py",
        "test_going_live_covers_what_has_passed_and_tells_nobody",
    ),
    "holiday added inside a running window": (
        "tickets/test_recalculating.py",
        "test_a_holiday_added_inside_a_running_window_moves_what_is_left",
    ),
    "agreed date plus pause": (
        "tickets/test_agreeing.py",
        "test_no_promise_moves_and_none_is_hidden",
    ),
    "a rung that raises the priority": (
        "escalation/test_deeds.py",
        "test_a_raised_priority_keeps_the_target_of_its_clock_and_does_not_loop",
    ),
}


class Line:
    """A ticket under a version, told with the wall clock of its zone: ``on("Tue 10:00")``."""

    def __init__(self, variant: Variant, numbers) -> None:
        self.variant, self.numbers = variant, numbers
        self.level, self.edition, self.causes = "high", 0, 0
        self.now = variant.begins
        self.ticket_id = stage.open_row(variant, numbers, 0)

    @property
    def terms(self):
        return terms(self.variant, self.level, self.edition, self.numbers)

    def at(self, text: str) -> datetime:
        day, clock = text.split()
        name, _, weeks = day.partition("+")
        on = self.variant.begins.date() + timedelta(DAYS.index(name), weeks=int(weeks or 0))
        local = datetime.combine(on, time.fromisoformat(clock), ZoneInfo(self.variant.zone))
        return local.astimezone(UTC)

    def on(self, text: str) -> "Line":
        self.now = self.at(text)
        return self

    def do(self, verb, **more) -> Outcome:
        self.causes += 1
        more = {"actor_id": None, "cause": f"line:{self.causes}", **more}
        return verb(self.ticket_id, terms=self.terms, at=self.now, **more)

    def opens(self, level: str = "high") -> "Line":
        self.level = level
        self.do(running.opened, contact_at=self.now)
        return self

    def wrote(self, **more) -> Outcome:
        return self.do(running.requester_wrote, **more)

    def answers(self, **more) -> Outcome:
        return self.do(running.responded, **more)

    def asks(self, cause: str = "message:asks") -> None:
        self.answers(cause=cause)
        self.do(running.status_changed, status="waiting_requester", cause=cause)

    def resolves(self, **more) -> Outcome:
        return self.do(running.resolved, text_sent=True, **more)

    def becomes(self, level: str) -> None:
        self.level = level
        self.do(running.retargeted, reason="It is another matter.")

    def reopens(self, *, by_requester: bool = True) -> None:
        self.do(running.reopened, by_requester=by_requester)

    def bounces(self, cause: str) -> None:
        self.do(running.taken_back, undoes=cause, bounced=True)

    def settles(self) -> None:
        running.settled(self.ticket_id, terms=self.terms, at=self.now)

    def clock(self, measure: str = "resolution") -> Clock:
        found = queries.clocks_of([self.ticket_id])[self.ticket_id]
        return [clock for clock in found if clock.measure == measure][-1]

    def events(self, measure: str = "resolution") -> list[Kind]:
        return [event.kind for event in queries.events_of(self.clock(measure))]

    def told(self) -> list[Come]:
        return coming.come_due(self.ticket_id, terms=self.terms, at=self.now)


@pytest.fixture
def begin(app: Flask):
    """Tickets of versions, each version written once."""
    provider_id, known = stage.prepare(), {}

    def line(variant: Variant = BERLIN) -> Line:
        if variant not in known:
            known[variant] = stage.sign(variant, provider_id, f"world-{len(known)}")
        return Line(variant, known[variant])

    yield line
    ids = list(db.session.scalars(db.select(Clock.ticket_id).distinct()))
    for drift in checking.check(ids, lambda _: {}).drifts:
        found = {one.column for one in drift.differences} - {"next_at"}
        assert not found, drift
    db.session.rollback()


def test_paused_then_raised_and_resumed_with_more_used_than_the_new_target(begin):
    ticket = begin().on("Mon 09:00").opens("high")
    ticket.on("Mon 16:00").asks()
    ticket.on("Mon 16:30").becomes("urgent")
    ticket.on("Tue 10:00").wrote()

    assert ticket.clock().used_s == 6 * 3600
    assert ticket.clock().budget_s == 7 * 3600
    assert ticket.clock().due_at == ticket.at("Tue 11:00")


def test_from_waiting_to_resolved_in_one_change(begin):
    ticket = begin().on("Mon 09:00").opens()
    ticket.on("Mon 10:00").asks()
    ticket.on("Tue 11:00").resolves()

    assert ticket.clock().met_at == ticket.at("Tue 11:00")
    assert ticket.clock().used_s == 3600
    assert ticket.clock().due_at == ticket.at("Wed 11:00")
    assert ticket.clock().breached_at is None


def test_two_clocks_breach_on_one_day_each_at_its_own_instant(begin):
    ticket = begin().on("Mon 09:00").opens("urgent")
    ticket.on("Mon 20:00").settles()

    assert ticket.clock("first_response").breached_at == ticket.at("Mon 10:00")
    assert ticket.clock().breached_at == ticket.at("Mon 13:00")
    assert ticket.events().count("breached") == 1


def test_answered_late_while_the_worker_was_down(begin):
    ticket = begin().on("Mon 09:00").opens("high")
    outcome = ticket.on("Mon 12:00").answers()

    first = ticket.clock("first_response")
    assert (first.breached_at, first.met_at) == (ticket.at("Mon 11:00"), ticket.at("Mon 12:00"))
    assert first.excluded_because is None
    assert {one.measure for one in outcome.not_told} == {"first_response"}
    assert [one.measure for one in ticket.told()] == []
    assert [one.measure for one in ticket.on("Mon 12:30").told()] == []


def test_an_answer_known_late_keeps_the_breach_and_is_excluded_with_or_without_a_worker(begin):
    with_worker = begin().on("Mon 09:00").opens("high")
    with_worker.on("Mon 11:30").settles()
    without = begin().on("Mon 09:00").opens("high")

    for ticket in (with_worker, without):
        ticket.on("Mon 12:00").answers(happened_at=ticket.at("Mon 10:00"))
        first = ticket.clock("first_response")
        assert (first.met_at, first.breached_at) == (ticket.at("Mon 10:00"), ticket.at("Mon 11:00"))
        assert first.excluded_because == "known late"


def test_an_answer_exactly_at_due_is_in_time(begin):
    ticket = begin().on("Mon 09:00").opens("high")
    ticket.on("Mon 11:00").answers()

    assert ticket.clock("first_response").breached_at is None


def test_reopened_after_due_it_goes_on_without_the_closed_span(begin):
    ticket = begin().on("Mon 09:00").opens("high")
    ticket.on("Mon 16:30").resolves()
    ticket.on("Wed 10:00").reopens()

    assert ticket.clock().breached_at is None
    assert ticket.clock().budget_s == (6 * 60 + 30 + 120) * 60
    assert ticket.clock().due_at == ticket.at("Wed 12:00")


def test_by_an_agent_reopening_grants_nothing(begin):
    ticket = begin().on("Mon 09:00").opens("high")
    ticket.on("Mon 16:30").resolves()
    ticket.on("Wed 10:00").reopens(by_requester=False)

    assert ticket.clock().due_at == ticket.at("Wed 11:30")


def test_an_older_ticket_merged_into_a_younger_brings_its_smaller_remainder(begin):
    older = begin().on("Mon 09:00").opens("high")
    younger = begin().on("Mon 15:00").opens("high")
    younger.on("Mon 16:00")
    running.merged(
        older.ticket_id,
        younger.ticket_id,
        source_terms=older.terms,
        terms=younger.terms,
        at=younger.now,
        actor_id=None,
        cause="merge",
    )

    assert older.clock().cancelled_reason == "merged"
    assert younger.clock().due_at == younger.at("Tue 10:00")
    handed = younger.clock("first_response")
    assert (handed.breached_at, handed.due_at) == (younger.at("Mon 11:00"), younger.at("Mon 11:00"))
    assert older.clock("first_response").excluded_because == "merged", "it counts once"


def test_half_past_eleven_in_the_evening_before_the_clock_goes_back(begin):
    ticket = begin().on("Sat 23:30").opens("urgent")

    assert ticket.clock().due_at == ticket.at("Sat 23:30") + timedelta(hours=4)
    assert ticket.clock().due_at == ticket.at("Sun 02:30") + timedelta(hours=1)


def test_three_zones_have_three_due_times(begin):
    dues = set()
    for zone in ("Europe/Berlin", "Asia/Kathmandu", "America/New_York"):
        ticket = begin(Variant(zone)).on("Mon 09:00").opens("high")
        assert ticket.clock("first_response").due_at == ticket.at("Mon 11:00")
        dues.add(ticket.clock("first_response").due_at.time())
    assert len(dues) == 3


def test_raised_from_office_hours_to_always_on_a_saturday(begin):
    ticket = begin().on("Fri 16:00").opens("high")
    ticket.on("Sat 12:00").becomes("urgent")

    assert ticket.clock().used_s == 3600
    assert ticket.clock().due_at == ticket.at("Sat 15:00")


@pytest.mark.parametrize("other", ["normal", "urgent", "none"])
def test_there_and_back_ten_times_before_due_gains_nothing(begin, other):
    ticket = begin().on("Mon 09:00").opens("high")
    due_at = ticket.clock().due_at
    first_due_at = ticket.clock("first_response").due_at
    for minute in range(10):
        ticket.on(f"Mon 10:{4 * minute:02}").becomes(other)
        ticket.on(f"Mon 10:{4 * minute + 2:02}").becomes("high")

    assert ticket.clock().budget_s == 8 * 3600
    assert ticket.clock().due_at <= due_at
    assert ticket.clock("first_response").due_at <= first_due_at


def test_a_question_that_loses_its_promise_and_finds_it_again_gains_nothing(begin):
    ticket = begin().on("Mon 09:00").opens("high")
    ticket.on("Mon 09:30").answers()
    ticket.on("Mon 10:00").wrote()
    ticket.on("Mon 11:50").becomes("none")
    ticket.on("Mon 11:55").becomes("high")

    assert ticket.clock("next_response").sequence == 1
    assert ticket.clock("next_response").due_at == ticket.at("Mon 12:00")


def test_a_breached_clock_never_changes_its_due_time_or_budget_whatever_is_tried(begin):
    ticket = begin().on("Mon 09:00").opens("high")
    ticket.on("Mon 09:30").answers()
    promised = (ticket.clock().due_at, ticket.clock().budget_s)
    ticket.on("Tue 11:00").settles()
    breached_at = ticket.clock().breached_at
    assert breached_at == promised[0] == ticket.at("Tue 10:00")

    tried = [
        lambda: ticket.becomes("urgent"),
        lambda: ticket.becomes("normal"),
        lambda: ticket.becomes("none"),
        lambda: ticket.asks("message:7"),
        lambda: ticket.becomes("alike"),
        lambda: ticket.bounces("message:7"),
        lambda: ticket.do(running.recalculated, reason="a holiday"),
        lambda: ticket.do(running.status_changed, status="on_hold"),
        lambda: ticket.wrote(),
        lambda: ticket.resolves(cause="message:8"),
        lambda: ticket.reopens(),
        lambda: ticket.do(running.withdrawn),
        lambda: ticket.reopens(),
        lambda: ticket.do(running.spam),
        lambda: ticket.do(running.unspam),
    ]
    for number, attempt in enumerate(tried):
        ticket.on(f"Tue {12 + number // 4}:{15 * (number % 4):02}")
        attempt()
        clock = ticket.clock()
        assert (clock.due_at, clock.budget_s, clock.breached_at) == (*promised, breached_at), number
        assert ticket.events().count("breached") == 1
    assert ticket.clock().sequence == 1


def test_the_first_response_bounces_after_the_next_question_came(begin):
    ticket = begin().on("Mon 09:00").opens("high")
    ticket.on("Mon 10:00").answers(cause="message:1")
    ticket.on("Mon 10:20").wrote()
    assert ticket.clock("next_response").state == "running"
    ticket.on("Mon 10:40").bounces("message:1")

    assert ticket.clock("first_response").due_at == ticket.at("Mon 11:00")
    assert ticket.clock("first_response").state == "running"
    assert ticket.clock("next_response").cancelled_reason == "taken back"
    ticket.on("Mon 10:50").answers()
    assert ticket.clock("first_response").met_at == ticket.at("Mon 10:50")


@pytest.mark.parametrize("case", ELSEWHERE)
def test_the_other_cases_are_tested_where_they_happen(case):
    place, name = ELSEWHERE[case]

    assert f"def {name}(" in (Path(__file__).parent.parent / place).read_text(encoding="utf-8")
