"""Whether a ticket may go over to another version, against hours counted by the quarter."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.clocks import foreseeing
from app.clocks.course import Happening, What, happen
from app.clocks.state import ClockState, Phase
from app.tickets import moving
from tests.unit.clocks.cast import H, Story, at, target, terms

QUARTER = timedelta(minutes=15)
MEASURES = ("first_response", "next_response", "resolution")
PAUSES = st.sampled_from(
    ({}, {"resolution": frozenset({"waiting_vendor"})}, {"first_response": {"waiting_requester"}})
)
STEPS = st.lists(
    st.sampled_from(("responded", "wrote", "waits", "waiting_vendor", "open")), max_size=4
)


def is_open(calendar: int, instant: datetime) -> bool:
    return calendar == 1 or (instant.weekday() < 5 and 9 <= instant.hour < 17)


def add(calendar: int, instant: datetime, seconds: int) -> datetime:
    left = seconds
    while left > 0:
        if is_open(calendar, instant):
            step = min(left, 900)
            left -= step
            instant += timedelta(seconds=step)
        else:
            instant += QUARTER
    return instant


def elapsed(calendar: int, starts: datetime, ends: datetime) -> int:
    count, instant = 0, starts
    while instant < ends:
        count += 900 * is_open(calendar, instant)
        instant += QUARTER
    return count


def left_of(clock: ClockState, now: datetime) -> int:
    used_s = clock.used_s
    if clock.running_since is not None:
        used_s += elapsed(clock.calendar_version_id, clock.running_since, now)
    return clock.budget_s - used_s


def left_then(clock: ClockState, hours: int, now: datetime) -> int:
    """clocks.md, "First time in a target", in seconds that are left."""
    used_s = clock.budget_s - left_of(clock, now)
    seconds = hours * H
    if seconds < clock.target_s:
        return max(seconds, used_s + seconds // 4) - used_s
    return max(seconds, clock.budget_s) - used_s


def versions(pauses, new_pauses, calendars, hours):
    old = terms("high", calendars[0], pauses=pauses)
    promised = {
        measure: target(100 + place, measure, hours[place] * H, calendars[1])
        for place, measure in enumerate(MEASURES)
        if hours[place]
    }
    return old, replace(old, version_id=2, tier_id=2, targets=promised, pauses=new_pauses)


def told(old, steps) -> Story:
    story = Story(old, opens="Mon 10:00")
    for hour, step in enumerate(steps, start=11):
        story.on(f"Mon {hour}:00")
        if step in ("responded", "wrote", "waits"):
            getattr(story, step)()
        else:
            story.status(step)
    return story.on(f"Mon {12 + len(steps)}:00")


@settings(max_examples=150, deadline=None)
@given(
    PAUSES,
    PAUSES,
    st.tuples(st.sampled_from((1, 2)), st.sampled_from((1, 2))),
    st.tuples(*[st.sampled_from((0, 1, 2, 4, 8, 12))] * 3),
    STEPS,
)
def test_a_ticket_that_goes_over_loses_nothing_whenever_it_goes_on(
    pauses, new_pauses, calendars, hours, steps
):
    old, new = versions(pauses, new_pauses, calendars, hours)
    story = told(old, steps)
    now = story.now
    after = happen(story.course, Happening(What.RETARGETED, now, "verb:version"), new)

    for promise in foreseeing.compared(story.course, after, now):
        clock = promise.now
        if clock is None or not clock.is_open:
            assert moving.objection(promise, now) is None
            continue
        place = MEASURES.index(clock.measure)
        broken = clock.is_breached or (clock.due_at is not None and clock.due_at < now)
        refused = moving.objection(promise, now) is not None
        if broken or not hours[place]:
            assert refused
            continue
        assert promise.then is not None
        left, hence = left_of(clock, now), left_then(clock, hours[place], now)
        if clock.state is Phase.RUNNING:
            is_later = add(calendars[1], now, hence) > add(clock.calendar_version_id, now, left)
            assert refused == (is_later or promise.then.state is not Phase.RUNNING)
        elif promise.then.state is Phase.PAUSED and not refused:
            for hour in range(0, 24 * 8, 3):
                goes_on = now + timedelta(hours=hour)
                before = add(clock.calendar_version_id, goes_on, left)
                assert add(calendars[1], goes_on, hence) <= before


def test_a_promise_that_stands_still_moves_only_to_hours_that_hold_whenever_it_goes_on():
    shorter = (1, 1, 1)
    for calendars, may in (((1, 1), True), ((2, 2), True), ((2, 1), True), ((1, 2), False)):
        old, new = versions({}, {}, calendars, shorter)
        story = Story(old, opens="Mon 10:00").on("Mon 11:00").responded().waits()
        story.on("Mon 12:00")
        after = happen(story.course, Happening(What.RETARGETED, story.now, "verb:version"), new)
        found = {one.measure: one for one in foreseeing.compared(story.course, after, story.now)}
        assert (moving.objection(found["resolution"], story.now) is None) is may, calendars


def test_a_version_that_no_longer_pauses_lets_the_clock_run():
    held = {"resolution": frozenset({"waiting_vendor"})}
    old, new = versions(held, {}, (1, 1), (2, 4, 8))
    story = Story(old, opens="Mon 10:00").on("Mon 11:00").responded().status("waiting_vendor")
    assert story.clock().state is Phase.PAUSED

    story.on("Mon 12:00").under(new).tell(What.RETARGETED)
    assert (story.clock().state, story.clock().due_at) == (Phase.RUNNING, at("Mon 19:00"))

    story.on("Mon 13:00").under(replace(new, pauses=held)).tell(What.RETARGETED)
    assert story.clock().state is Phase.PAUSED
