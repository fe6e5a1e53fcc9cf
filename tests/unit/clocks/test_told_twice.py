"""The pure rules against the second implementation: the same story, told twice."""

import os
import random

import pytest
from hypothesis import HealthCheck, example, given, reject, seed, settings
from hypothesis import strategies as st

from app.clocks.course import CannotHappen, Course, happen
from app.clocks.explanation import explain_events, history_of
from app.clocks.rules import fold
from tests.clocks.stories import levels, moves, openings, starts, variants
from tests.clocks.telling import Story, assert_alike, calendar, happening, terms
from tests.clocks.worlds import WEEKS, Numbers, Variant
from tests.oracle.deal import Cannot, Silent
from tests.oracle.ticket import Ticket

NUMBERS = Numbers()
MANY = 300


def tell_twice(variant, start, level, opening, told):
    """Tell the story to both and compare after each move."""
    story = Story(variant, start=start, level=level)
    course, ticket = Course(), Ticket()
    for gap, (verb, argument) in [(0, ("open", opening)), *told]:
        for fact in story.facts(gap, verb, argument):
            now = terms(variant, story.level, story.edition, NUMBERS)
            trial = ticket.copy()
            try:
                trial.happen(fact)
                may = True
            except Cannot:
                may = False
            try:
                course = happen(course, happening(fact, variant), now)
                assert may, f"the oracle refuses {fact.what}"
            except CannotHappen:
                assert not may, f"the rules refuse {fact.what}"
                break
            ticket = trial
            assert_alike(course, ticket, variant, story.minute)
    return course, ticket, story


stories = (variants(), starts, levels, openings, st.lists(moves, max_size=14))


LOST_AND_FOUND = [
    (0, ("retarget", "normal")),
    (0, ("retarget", "none")),
    (0, ("simple", "withdrawn")),
    (0, ("edit", None)),
    (0, ("retarget", "normal")),
    (0, ("reopen", False)),
]
"""A promise that was lost, and whose hours were edited while nobody worked on the ticket."""

MET_AND_GONE_ON = [
    (0, ("send", ("waiting_requester", 0))),
    (1, ("silent", None)),
    (0, ("reopen", False)),
    (300, ("undo", (0, False))),
]
"""A promise kept, gone on with, and broken before what was sent first is taken back."""
DECIDED_ALL_AT_ONCE = [
    (10, ("exclude", ("resolution", 1))),
    (0, ("send", ("waiting_requester", 0))),
    (0, ("send", ("resolve", 0))),
    (20, ("undo", (1, False))),
]
"""A promise is out of the figures, and in the same second two answers come, the first undone."""
DECIDED_WHILE_LOST = [
    (0, ("send", ("", 0))),
    (0, ("retarget", "alike")),
    (0, ("exclude", ("update", 1))),
    (0, ("retarget", "urgent")),
]
"""A promise that was lost is taken out of the figures, and found again."""
HOURS_EDITED_WHILE_IT_STOOD_STILL = [
    (0, ("send", ("waiting_requester", 0))),
    (1440, ("retarget", "normal")),
    (0, ("send", ("", 0))),
    (0, ("edit", None)),
    (0, ("silent", None)),
    (0, ("undo", (0, False))),
]
"""An answer is taken back that kept a promise: it stood still then, under hours edited since."""


@settings(max_examples=MANY, deadline=None, derandomize=True)
@given(*stories)
@example(Variant(), 1440, "urgent", (0, False), HOURS_EDITED_WHILE_IT_STOOD_STILL)
@example(Variant(updates=False), 1440, "urgent", (0, False), LOST_AND_FOUND)
@example(Variant(updates=False), 1440, "urgent", (0, True), MET_AND_GONE_ON)
@example(Variant(), 1440, "urgent", (0, False), DECIDED_ALL_AT_ONCE)
@example(Variant(), 1440, "urgent", (0, False), DECIDED_WHILE_LOST)
def test_every_clock_stands_where_the_oracle_says(variant, start, level, opening, told):
    _tell(variant, start, level, opening, told)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_at_many_more_stories():
    number = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    print(f"stories: SEED={number}")
    many = settings(
        max_examples=int(os.environ.get("STORIES") or 5000),
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )

    @seed(number)
    @many
    @given(*stories)
    def tell(variant, start, level, opening, told):
        _tell(variant, start, level, opening, told)

    tell()


@settings(max_examples=MANY // 4, deadline=None, derandomize=True)
@given(*stories)
def test_a_clock_is_the_fold_of_its_events_and_its_explanation_adds_up(
    variant, start, level, opening, told
):
    course, story = _tell(variant, start, level, opening, told)
    rules = terms(variant, story.level, story.edition, NUMBERS)
    end = variant.instant(story.minute)

    for clock in course.clocks:
        events = events_of(course, clock)
        history = history_of(events, lambda _: rules, calendar_of(variant))
        why = explain_events(history, rules, at=end, zone="Europe/Berlin")
        assert fold(events, lambda _: rules, calendar_of(variant)) == clock
        assert (why.counted_s, why.paused_s) == (clock.used_at(end), clock.paused_at(end))


@settings(max_examples=MANY // 4, deadline=None, derandomize=True)
@given(*stories)
def test_promises_once_broken_or_kept_are_frozen(variant, start, level, opening, told):
    course, story = _tell(variant, start, level, opening, told)
    rules = terms(variant, story.level, story.edition, NUMBERS)

    for clock in course.clocks:
        history = history_of(events_of(course, clock), lambda _: rules, calendar_of(variant))
        frozen = None
        for event, state in history:
            assert state.state != "met" or state.due_at is not None
            if frozen is not None:
                assert (state.breached_at, state.due_at, state.budget_s) == frozen, event
            elif state.breached_at is not None:
                assert state.breached_at == state.due_at
                frozen = (state.breached_at, state.due_at, state.budget_s)
        assert [event.kind for event, _ in history].count("breached") <= 1


def _tell(variant, start, level, opening, told):
    try:
        course, _, story = tell_twice(variant, start, level, opening, told)
    except (IndexError, Silent):
        reject()
    return course, story


def events_of(course, clock):
    """The clock's own events, in order."""
    return [
        event
        for event in course.events
        if (event.measure, event.sequence) == (clock.measure, clock.sequence)
    ]


def calendar_of(variant):
    """The hours by the number of their version."""
    return lambda number: calendar(variant.zone, list(WEEKS)[number // 10], number % 10)
