"""Whatever happens to two tickets, in whatever order: the live layer says what the oracle says.

Hypothesis makes the stories; each step is compared, clock by clock and to the second, with a
second implementation that shares no code, and the rows with the fold of their events.
`make soak` looks for longer, at other stories, and prints the seed.
"""

import os
import random
from datetime import datetime
from typing import ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from app.clocks import checking, coming, keeping, queries, running
from app.clocks.happenings import What
from app.clocks.models import Clock, ClockEvent, Deadline
from app.clocks.state import Kind
from app.database import db
from app.errors import Refusal
from tests.clocks import stage, stories
from tests.clocks.telling import Story, assert_alike, terms
from tests.clocks.worlds import Numbers, Variant
from tests.oracle import merging
from tests.oracle.deal import ACTIVE, Cannot, Fact, Silent
from tests.oracle.ticket import Ticket

WORLDS = (
    Variant("Europe/Berlin"),
    Variant(
        "America/New_York",
        updates=False,
        pauses=(
            ("first_response", ("waiting_requester",)),
            ("resolution", ("waiting_vendor", "on_hold")),
        ),
        floor_percent=10,
        grant_percent=50,
        early=True,
        by_day=True,
    ),
    Variant("Australia/Lord_Howe", early=True, floor_percent=50, reopen_rule="restart"),
    Variant(
        "Asia/Kathmandu",
        by_day=True,
        pauses=(("resolution", ("on_hold",)),),
        reopen_rule="final",
    ),
)

which = st.sampled_from((0, 0, 1))
gaps = st.sampled_from(stories.GAPS)
late = st.sampled_from(stories.LATE)


class Desk(RuleBasedStateMachine):
    """Two tickets of one agreement, told to the live verbs and to the oracle."""

    worlds: ClassVar[dict[Variant, Numbers]]

    @initialize(
        variant=st.sampled_from(WORLDS),
        start=stories.starts,
        levels=st.tuples(stories.levels, stories.levels),
        openings=st.tuples(stories.openings, stories.openings),
    )
    def begin(self, variant, start, levels, openings):
        self.over = False
        self.variant, self.numbers = variant, self.worlds[variant]
        self.minute, self.edition = start, 0
        self.stories = [Story(variant, start=start, level=level) for level in levels]
        self.told = [Ticket(), Ticket()]
        self.ids = [stage.open_row(variant, self.numbers, start) for _ in levels]
        self.frozen: dict[int, tuple[datetime | None, ...]] = {}
        self.apart: tuple[int, Ticket, Ticket] | None = None
        for place, opening in enumerate(openings):
            self.move(place, 0, "open", opening)

    @rule(place=which, gap=gaps, late=late)
    def the_requester_writes(self, place, gap, late):
        self.move(place, gap, "write", late)

    @rule(
        place=which,
        gap=gaps,
        late=late,
        then=st.sampled_from(("", "", "waiting_requester", "waiting_vendor", "resolve")),
    )
    def the_agent_sends(self, place, gap, then, late):
        self.move(place, gap, "send", (then, late))

    @rule(place=which, gap=gaps, then=st.sampled_from(("", "", "waiting_requester")), late=late)
    def the_agent_gives_a_workaround(self, place, gap, then, late):
        self.move(place, gap, "work_around", (then, late))

    @rule(place=which, gap=gaps)
    def an_agent_takes_it_in_hand(self, place, gap):
        self.move(place, gap, "acknowledge", None)

    @rule(place=which, gap=gaps, status=st.sampled_from(ACTIVE))
    def the_status_changes(self, place, gap, status):
        self.move(place, gap, "status", status)

    @rule(place=which, gap=gaps, level=stories.levels)
    def the_priority_changes(self, place, gap, level):
        self.move(place, gap, "retarget", level)

    @rule(place=which, gap=gaps, level=stories.levels, later=gaps)
    def a_change_of_priority_is_undone_at_once(self, place, gap, level, later):
        self.move(place, gap, "retarget", level)
        self.move(place, later, "retract", None)

    @rule(place=which, gap=gaps)
    def it_is_resolved_without_a_text(self, place, gap):
        self.move(place, gap, "silent", None)

    @rule(place=which, gap=gaps, by_requester=st.booleans())
    def it_is_reopened(self, place, gap, by_requester):
        self.move(place, gap, "reopen", by_requester)

    @rule(
        place=which,
        gap=gaps,
        what=st.sampled_from(
            ("closed", "withdrawn", "spam", "unspam", "unspam", "needs_no_answer", "settled")
        ),
    )
    def something_else_happens(self, place, gap, what):
        self.move(place, gap, "simple", what)

    @rule(place=which, gap=gaps, back=st.sampled_from((0, 0, 1)), bounced=st.booleans())
    def an_answer_is_taken_back(self, place, gap, back, bounced):
        self.move(place, gap, "undo", (back, bounced))

    @rule(place=which, gap=gaps, promise=stories.promises)
    def both_parties_take_a_promise_out_of_the_figures(self, place, gap, promise):
        self.move(place, gap, "exclude", promise)

    @rule(gap=gaps)
    def the_hours_are_edited(self, gap):
        for place in (0, 1):
            self.move(place, 0 if place else gap, "edit", None)

    @rule(gap=gaps)
    def the_worker_comes(self, gap):
        self.minute += gap
        at = self.variant.instant(self.minute)
        for place in (0, 1):
            self.move(place, 0, "simple", "settled")
            come = coming.come_due(self.ids[place], terms=self.terms(place), at=at)
            told = [(one, [{"person": 1}]) for one in come]
            coming.fired(self.ids[place], told, terms=self.terms(place), at=at)
            again = coming.come_due(self.ids[place], terms=self.terms(place), at=at)
            assert again == [], "a rung comes once"
            self.look(place)

    @precondition(lambda self: not self.over)
    @rule(source=st.sampled_from((0, 1)), gap=gaps)
    def they_are_merged(self, source, gap):
        self.minute += gap
        into = 1 - source
        fact = Fact("merged", self.minute, self.stories[into].deal, "merge")
        giving, taking = self.told[source].copy(), self.told[into].copy()
        apart = source, self.told[source].copy(), self.told[into].copy()
        try:
            merging.merge(giving, taking, fact)
            may = True
        except Cannot:
            may = False
        try:
            running.merged(
                self.ids[source],
                self.ids[into],
                source_terms=self.terms(source),
                terms=self.terms(into),
                at=self.variant.instant(self.minute),
                actor_id=None,
                cause="merge",
            )
            assert may, "the oracle refuses to merge"
        except Refusal:
            assert not may, "the rules refuse to merge"
            return
        self.told[source], self.told[into] = giving, taking
        self.apart = apart
        self.look(source)
        self.look(into)

    @precondition(lambda self: self.apart is not None and not self.over)
    @rule(gap=gaps)
    def they_are_taken_apart_before_anything_else_happens(self, gap):
        self.minute += gap
        source, giving, taking = self.apart
        into, self.apart = 1 - source, None
        if self.broke_since(into):
            return
        running.unmerged(
            self.ids[source],
            self.ids[into],
            source_terms=self.terms(source),
            terms=self.terms(into),
            undoes="merge",
            at=self.variant.instant(self.minute),
            actor_id=None,
            cause="unmerge",
        )
        fact = Fact("unmerged", self.minute, self.stories[into].deal, "unmerge")
        merging.unmerge(giving, taking, fact, merged=self.told[into])
        self.told[source], self.told[into] = giving, taking
        self.frozen.clear()
        self.look(source)
        self.look(into)

    def broke_since(self, place: int) -> bool:
        """Whether a promise was broken after the merge: that stays, and is told in unit tests."""
        trial = self.told[place].copy()
        for watch in trial.watches:
            watch.settle(max(self.minute, trial.last))
        return [watch.breached for watch in trial.watches] != [
            watch.breached for watch in self.told[place].watches
        ]

    def move(self, place: int, gap: int, verb: str, argument: object) -> None:
        """One change of one ticket, told to both, and compared."""
        story = self.stories[place]
        self.minute += gap
        story.minute = self.minute
        self.apart = None
        for fact in [] if self.over else story.facts(0, verb, argument):
            trial = self.told[place].copy()
            try:
                trial.happen(fact)
                may = True
            except Cannot:
                may = False
            except (Silent, IndexError):
                self.over = True
                return
            try:
                self.live(place, fact)
                assert may, f"the oracle refuses {fact.what}"
            except Refusal:
                assert not may, f"the rules refuse {fact.what}"
                return
            self.told[place] = trial
            self.look(place)

    def live(self, place: int, fact: Fact) -> None:
        """The same fact as a live verb."""
        more = {
            "terms": self.terms(place),
            "at": self.variant.instant(fact.at),
            "actor_id": None,
            "cause": fact.cause,
        }
        own = None if fact.own is None else self.variant.instant(fact.own)
        verb = {"wrote": "requester_wrote", "status_set": "status_changed"}.get(fact.what)
        match fact.what:
            case "opened":
                more |= {"contact_at": own or more["at"], "response": fact.flag}
            case "wrote" | "responded":
                more["happened_at"] = own
            case "worked_around":
                more |= {"workaround": True, "happened_at": own}
                verb = "responded"
            case "status_set":
                more["status"] = fact.status
            case "resolved":
                more["text_sent"] = fact.flag
            case "reopened":
                more["by_requester"] = fact.flag
            case "retargeted" | "recalculated":
                more["reason"] = "because"
            case "needs_no_answer":
                more["reason"], verb = "thanks", "answered_enough"
            case "taken_back" | "retracted":
                how = {"bounced": fact.flag} if fact.what == "taken_back" else {}
                more |= {"undoes": fact.undoes, **how}
            case "excluded":
                more |= {"measure": fact.which[0], "sequence": fact.which[1], "dispute_id": 7}
            case "settled":
                more = {"terms": more["terms"], "at": more["at"]}
        getattr(running, verb or fact.what)(self.ids[place], **more)

    def terms(self, place: int):
        """What the agreement says of that ticket now."""
        story = self.stories[place]
        return terms(self.variant, story.level, story.edition, self.numbers)

    def look(self, place: int) -> None:
        """Compare the rows with the oracle, and with themselves."""
        ticket_id, told = self.ids[place], self.told[place]
        course = keeping.load(ticket_id, What.SETTLED).course
        assert_alike(course, told, self.variant, self.minute)
        page = checking.check([ticket_id], lambda ids: dict.fromkeys(ids, self.terms(place)))
        assert page.drifts == ()
        for clock in queries.clocks_of([ticket_id]).get(ticket_id, []):
            self.look_at(clock)
        deadline = db.session.get(Deadline, ticket_id)
        dues = [watch.due for watch in told.open() if watch.due is not None]
        assert (deadline is not None) == (told.status in ACTIVE)
        if deadline is not None:
            first = self.variant.instant(min(dues)) if dues else None
            assert deadline.due_at == first

    def look_at(self, clock: Clock) -> None:
        """A broken promise is frozen and broken once; the worker never looks too late."""
        breaches = select(func.count()).where(
            ClockEvent.clock_id == clock.id, ClockEvent.kind == Kind.BREACHED
        )
        assert (db.session.scalar(breaches) or 0) <= 1
        now = (clock.breached_at, clock.due_at, clock.budget_s)
        assert self.frozen.get(clock.id, now) == now
        if clock.breached_at is not None:
            self.frozen[clock.id] = now
        elif clock.due_at is not None and clock.is_open:
            assert clock.next_at is not None
            assert clock.next_at <= clock.due_at

    def teardown(self):
        db.session.rollback()


def test_the_live_layer_says_what_the_oracle_says(app: Flask):
    run(settings(max_examples=12, derandomize=True))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_at_many_more_stories(app: Flask):
    number = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    print(f"state machine: SEED={number}")
    run(settings(max_examples=int(os.environ.get("STORIES") or 300)), number)


def run(how: settings, number: int | None = None) -> None:
    """Let Hypothesis tell stories in worlds of which each is written once."""
    provider_id = stage.prepare()

    class Here(Desk):
        worlds: ClassVar = {
            variant: stage.sign(variant, provider_id, f"world-{place}")
            for place, variant in enumerate(WORLDS)
        }

    db.session.commit()
    run_state_machine_as_test(
        Here if number is None else seed(number)(Here),
        settings=settings(
            how,
            stateful_step_count=14,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
