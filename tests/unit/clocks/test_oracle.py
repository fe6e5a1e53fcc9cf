"""The rules against a second implementation, and the laws that hold for every story."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.clocks.course import CannotHappen, Course, Happening, What, happen
from app.clocks.explanation import explain_events, history_of
from app.clocks.rules import fold
from tests.unit.clocks import oracle
from tests.unit.clocks.cast import CALENDARS, target, terms
from tests.unit.clocks.oracle import TARGETS, Step

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
NUMBERS = {"always": 1, "office": 2}
GAPS = [0, 0, 1, 20, 59, 60, 61, 119, 120, 240, 480, 481, 700, 1440, 2880]
STATUSES = ["open", "waiting_requester", "waiting_vendor", "on_hold"]

steps = st.one_of(
    st.tuples(st.just("wrote"), st.just("")),
    st.tuples(st.just("responded"), st.just("")),
    st.tuples(st.just("set_status"), st.sampled_from([*STATUSES, "waiting_requester"])),
    st.tuples(st.just("set_priority"), st.sampled_from(sorted(TARGETS))),
    st.tuples(
        st.sampled_from(["resolve", "resolve_silently", "reopen", "reopen_by_agent"]), st.just("")
    ),
)
stories = st.tuples(
    st.sampled_from([0, 600, 1015, 4 * 1440 + 1000, 5 * 1440 + 500]),
    st.sampled_from(sorted(TARGETS)),
    st.lists(st.tuples(st.sampled_from(GAPS), steps), max_size=14),
    st.sampled_from([0, 1, 300, 6000]),
)

ALL = {
    priority: terms(
        targets={
            measure: target(10 * rank + number, measure, minutes * 60, calendar=NUMBERS[hours])
            for number, (measure, (minutes, hours)) in enumerate(targets.items())
        }
    )
    for rank, (priority, targets) in enumerate(TARGETS.items())
}


def instant(minute: int | None) -> datetime | None:
    return None if minute is None else MONDAY + timedelta(minutes=minute)


def happening(step: Step) -> Happening:
    at = instant(step.minute)
    cause = f"{step.minute}"
    match step.verb:
        case "wrote":
            return Happening(What.WROTE, at, cause)
        case "responded":
            return Happening(What.RESPONDED, at, cause)
        case "set_status":
            return Happening(What.STATUS, at, cause, status=step.value)
        case "set_priority":
            return Happening(What.RETARGETED, at, cause)
        case "resolve" | "resolve_silently":
            return Happening(What.RESOLVED, at, cause, response=step.verb == "resolve")
        case _:
            return Happening(What.REOPENED, at, cause, by_requester=step.verb == "reopen")


def told(story):
    """Both tellings of one story, at its end: the oracle's ticket, the course and its terms."""
    starts, priority, moves, rest = story
    naive = oracle.Ticket(priority)
    naive.minute = starts
    course = happen(Course(), Happening(What.OPENED, instant(starts)), ALL[priority])
    minute = starts
    for gap, (verb, value) in moves:
        minute += gap
        step = Step(minute, verb, value)
        may = naive.happen(step)
        try:
            course = happen(course, happening(step), ALL[naive.priority])
            assert may, step
        except CannotHappen:
            assert not may, step
    end = minute + rest
    naive.pass_until(end)
    course = happen(course, Happening(What.SETTLED, instant(end)), ALL[naive.priority])
    return naive, course, instant(end)


@settings(max_examples=300, deadline=None)
@given(stories)
def test_the_rules_agree_with_the_second_implementation(story):
    naive, course, end = told(story)

    assert course.status == naive.status or {course.status, naive.status} == {"new", "open"}
    assert len(course.clocks) == len(naive.watches)
    for watch in naive.watches:
        clock = course.clock(watch.measure, watch.number)
        assert (
            clock.state.value,
            clock.budget_s,
            clock.used_at(end),
            clock.breached_at,
            clock.stopped_at,
            clock.paused_at(end),
        ) == (
            watch.state,
            watch.budget * 60,
            watch.used * 60,
            instant(watch.breached),
            instant(watch.ended),
            watch.paused * 60,
        ), watch
        if clock.is_open:
            assert clock.due_at == instant(oracle.due_of(naive, watch)), watch


def events_of(course, clock):
    return [
        event
        for event in course.events
        if (event.measure, event.sequence) == (clock.measure, clock.sequence)
    ]


@settings(max_examples=150, deadline=None)
@given(stories)
def test_a_clock_is_the_fold_of_its_events_and_its_explanation_adds_up(story):
    _, course, end = told(story)

    for clock in course.clocks:
        events = events_of(course, clock)
        assert fold(events, lambda _: ALL["high"], CALENDARS.__getitem__) == clock
        history = history_of(events, lambda _: ALL["high"], CALENDARS.__getitem__)
        why = explain_events(history, ALL["high"], at=end, zone="Europe/Berlin")
        assert why.counted_s == clock.used_at(end)
        assert why.paused_s == clock.paused_at(end)
        for one, two in zip(why.spans, why.spans[1:], strict=False):
            assert one.ends_at == two.starts_at


@settings(max_examples=150, deadline=None)
@given(stories)
def test_promises_once_broken_or_kept_are_frozen(story):
    _, course, _ = told(story)

    for clock in course.clocks:
        history = history_of(events_of(course, clock), lambda _: ALL["high"], CALENDARS.__getitem__)
        frozen = None
        for event, state in history:
            assert state.state != "met" or state.due_at is not None
            if frozen is not None:
                assert (state.breached_at, state.due_at, state.budget_s) == frozen, event
            elif state.breached_at is not None:
                assert state.breached_at == state.due_at
                frozen = (state.breached_at, state.due_at, state.budget_s)
        assert [event.kind for event, _ in history].count("breached") <= 1
