"""The explanation and the engine say the same of any story at any instant, to the second."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.businesstime import Calendar
from app.clocks import merging
from app.clocks.course import CannotHappen, Course, Happening, What, happen
from app.clocks.explanation import Names, explain_events, history_of
from app.clocks.explanation_data import as_data
from app.clocks.state import Kind
from app.clocks.stretches import STORY, Reader
from tests.unit.clocks.cast import CALENDARS, Story, at, target, terms

BERLIN = "Europe/Berlin"
START = datetime(2026, 10, 23, 7, tzinfo=UTC)
"""Friday, nine in Berlin; in the night to Sunday the clocks are set back."""

_WEEK = {day: [("09:00", "12:30"), ("13:30", "17:00")] for day in range(5)}
_HOLIDAY = {"exceptions": {date(2026, 10, 26): []}, "names": {date(2026, 10, 26): "Works outing"}}
HOURS = {
    1: Calendar(BERLIN, {day: [("00:00", "24:00")] for day in range(7)}),
    2: Calendar(BERLIN, _WEEK),
    3: Calendar(BERLIN, _WEEK, **_HOLIDAY),
    4: Calendar("Australia/Lord_Howe", {day: [("22:00", "06:00")] for day in range(7)}),
}
PROMISED = {"urgent": (1, 2, 4, 1), "high": (2, 4, 8, 2), "low": (9, 9, 40, 4)}
"""Hours for first response, next response and resolution, and the calendar they count on."""


def promise(priority: str, calendar: int | None = None):
    *hours, usual = PROMISED[priority]
    version = calendar or usual
    rank = 10 * list(PROMISED).index(priority)
    measures = ("first_response", "next_response", "resolution")
    return terms(
        targets={
            measure: replace(
                target(rank + number, measure, length * 3600),
                calendar=HOURS[version],
                calendar_version_id=version,
            )
            for number, (measure, length) in enumerate(zip(measures, hours, strict=True))
        }
    )


verbs = st.one_of(
    st.sampled_from(["wrote", "responded", "resolved", "reopened", "spam", "unspam", "merged"]),
    st.sampled_from(["waiting_requester", "on_hold", "open"]),
    st.sampled_from(sorted(PROMISED)),
    st.sampled_from(["other hours", "taken back", "taken back late", "known late", "withdrawn"]),
)
gaps = st.one_of(
    st.sampled_from([0, 1, 59, 3600, 9 * 3600, 86_400]), st.integers(min_value=0, max_value=300_000)
)
stories = st.lists(st.tuples(gaps, verbs), max_size=12)


class Telling:
    """A ticket that verbs happen to; what cannot happen does not."""

    def __init__(self) -> None:
        self.at = START
        self.priority, self.hours = "high", 2
        self.causes: list[str] = []
        self.course = happen(Course(), self.happening(What.OPENED), self.terms)

    @property
    def terms(self):
        return promise(self.priority, self.hours)

    def happening(self, what: What, **more) -> Happening:
        cause = f"message:{len(self.causes)}"
        self.causes.append(cause)
        return Happening(what, self.at, cause, actor_id=7, reason="because", **more)

    def tell(self, verb: str) -> None:
        known = len(self.causes)
        try:
            self.course = self.after(verb)
        except CannotHappen:
            del self.causes[known:]

    def after(self, verb: str) -> Course:
        if verb in PROMISED:
            self.priority, self.hours = verb, PROMISED[verb][3]
            return happen(self.course, self.happening(What.RETARGETED), self.terms)
        if verb == "other hours":
            if self.priority == "high":
                self.hours = 5 - self.hours
            return happen(self.course, self.happening(What.RECALCULATED), self.terms)
        if verb == "merged":
            other = happen(Course(), self.happening(What.OPENED), promise("urgent"))
            self.at += timedelta(seconds=1800)
            done = self.happening(What.MERGED)
            return merging.merge(
                other, self.course, done, source_terms=promise("urgent"), terms=self.terms
            )[1]
        return happen(self.course, self.plain(verb), self.terms)

    def plain(self, verb: str) -> Happening:
        match verb:
            case "taken back" | "taken back late":
                cause = self.causes[-1 if verb == "taken back" else -2 % len(self.causes)]
                return self.happening(What.TAKEN_BACK, undoes=cause)
            case "known late":
                earlier = self.at - timedelta(hours=2)
                return self.happening(What.RESPONDED, happened_at=earlier)
            case "waiting_requester" | "on_hold" | "open":
                return self.happening(What.STATUS, status=verb)
            case "reopened":
                return self.happening(What.REOPENED, by_requester=True)
            case _:
                return self.happening(What(verb), response=verb == "resolved")


def histories(course: Course):
    """Every clock's events, each with the state it led to."""
    for clock in course.clocks:
        events = [
            event
            for event in course.events
            if (event.measure, event.sequence) == (clock.measure, clock.sequence)
        ]
        yield history_of(events, lambda _: promise("high"), HOURS.__getitem__)


@settings(max_examples=100, deadline=None)
@given(stories, st.integers(min_value=0, max_value=400_000))
def test_sums_are_the_engines_at_any_instant(story, rest_s):
    telling = Telling()
    for gap, verb in story:
        telling.at += timedelta(seconds=gap)
        telling.tell(verb)
    end = telling.at + timedelta(seconds=rest_s)

    for history in histories(telling.course):
        for known in range(1, len(history) + 1):
            event, state = history[known - 1]
            until = history[known][0].at if known < len(history) else max(end, event.at)
            for then in {event.at, event.at + (until - event.at) / 2, until}:
                _adds_up(history[:known], state, max(event.at, then.replace(microsecond=0)))


def _adds_up(history, state, then) -> None:
    why = explain_events(history, promise("high"), at=then, zone=BERLIN, reader=Reader({7: "Ines"}))

    assert why.counted_s == state.used_at(then)
    assert why.paused_s == state.paused_at(then)
    assert sum(week.counted_s for week in why.weeks) == why.counted_s
    assert sum(week.skipped_s for week in why.weeks) == why.skipped_s
    for one, two in zip(why.spans, why.spans[1:], strict=False):
        assert one.ends_at == two.starts_at
    assert all(span.seconds == span.counted_s for span in why.spans if span.kind == "counted")
    if state.running_since is not None and not state.is_breached and why.left_s > 0:
        assert state.calendar.add(max(then, state.running_since), why.left_s) == state.due_at
    data = as_data(why, ticket_id=1, clock_id=1)
    assert sum(span["counted_s"] for span in data["spans"]) == data["used_s"]
    assert data["changes"][-1]["budget_s"] == data["budget_s"] == state.budget_s


def explained(story, when, measure="resolution", **more):
    clock = story.clock(measure)
    events = [
        event
        for event in story.course.events
        if (event.measure, event.sequence) == (clock.measure, clock.sequence)
    ]
    history = history_of(events, lambda _: story.terms, CALENDARS.__getitem__)
    reader = Reader({7: "Ines"}, is_staff=True)
    return explain_events(history, story.terms, at=at(when), zone=BERLIN, reader=reader, **more)


def test_each_change_of_target_names_its_rule():
    story = Story()
    story.on("Mon 13:00").priority("urgent", reason="the whole office", actor_id=7)
    story.on("Mon 13:30").priority("high", reason="no, one room", actor_id=7)
    story.on("Mon 13:31").priority("urgent", actor_id=7)
    why = explained(story, "Mon 14:00", names=Names(targets={22: "4 h", 12: "8 h"}))

    assert [line.rule for line in why.story] == [
        "",
        "shorter, but the floor of 1 h 00 m 00 s is left: 5 h 00 m 00 s in all",
        "back in a target it had: 8 h 00 m 00 s, as it was there",
        "back in a target it had: 5 h 00 m 00 s, as it was there",
    ]
    assert (why.story[1].who, why.story[1].reason) == ("Ines", "the whole office")
    assert why.story[1].due_at == at("Mon 14:00")


def test_what_is_known_late_says_when_it_was_received_and_known():
    story = Story()
    story.on("Mon 11:30").responded(happened_at=at("Mon 10:30"))
    why = explained(story, "Mon 12:00", measure="first_response")

    assert (why.story[-1].received_at, why.story[-1].known_at) == (at("Mon 10:30"), at("Mon 11:30"))
    assert why.counted_s == 90 * 60


def test_a_late_known_answer_says_why_its_breach_does_not_count():
    story = Story()
    story.on("Mon 11:30").settled()
    story.on("Mon 11:31").responded(happened_at=at("Mon 10:30"))
    why = explained(story, "Mon 12:00", measure="first_response")

    assert why.excluded_because == "known late"
    assert why.story[-1].rule == "came in time but was known late: excluded from the figures"


def test_a_night_in_which_clocks_are_set_counts_real_seconds_and_says_so():
    hours = HOURS[1]
    calendar = {1: hours}
    given = promise("urgent")
    opened = datetime(2026, 10, 24, 20, tzinfo=UTC)
    course = happen(Course(), Happening(What.OPENED, opened, "message:1"), given)
    history = history_of(course.events[1:], lambda _: given, calendar.__getitem__)
    why = explain_events(history, given, at=opened + timedelta(hours=9), zone=BERLIN)

    (night,) = why.spans
    assert (night.counted_s, night.shift_s) == (9 * 3600, -3600)


def test_a_long_life_is_folded_by_weeks_that_sum_to_the_same():
    story = Story(terms("normal", 2))
    story.on("Thu+5 12:00").waits(actor_id=7)
    why = explained(story, "Fri+11 12:00")

    assert why.is_folded
    assert len(why.weeks) == 12
    assert why.weeks[0].counted_s == 40 * 3600
    assert why.weeks[7].is_paused
    assert why.weeks[7].named == ("waiting for the requester",)
    assert sum(week.counted_s for week in why.weeks) == why.counted_s


def test_a_merge_names_the_ticket_that_brought_it():
    source, story = Story(), Story(opens="Mon 12:00")
    happening = Happening(What.MERGED, at("Mon 13:00"), "merge:17", actor_id=7)
    _, story.course = merging.merge(
        source.course, story.course, happening, source_terms=source.terms, terms=story.terms
    )
    why = explained(story, "Mon 13:30")

    assert why.story[-1].what == "joined by #17"
    assert why.story[-1].rule == "the smaller remainder of both holds: 4 h 00 m 00 s is left"
    assert why.counted_s == story.clock().used_at(at("Mon 13:30"))


def test_an_answer_that_came_back_is_told_as_such():
    story = Story().on("Mon 09:30").responded(cause="message:1").on("Mon 09:50")
    story.tell(What.TAKEN_BACK, undoes="message:1", bounced=True, cause="bounce:1")
    why = explained(story, "Mon 10:00", measure="first_response")

    assert [line.what for line in why.story] == [
        "started",
        "met",
        "“met” taken back: the letter came back",
    ]
    assert why.counted_s == 3600


def test_a_pause_over_nights_is_one_pause_and_its_hours_are_told():
    story = Story(terms("normal", 2)).on("Mon 16:00").waits(actor_id=7, reason="log files?")
    story.on("Wed 10:00").wrote()
    why = explained(story, "Wed 12:00")

    assert [(pause.starts_at, pause.ends_at) for pause in why.pauses] == [
        (at("Mon 16:00"), at("Wed 10:00"))
    ]
    assert [(span.kind, span.paused_s) for span in why.spans[1:6]] == [
        ("paused", 3600),
        ("closed", 0),
        ("paused", 8 * 3600),
        ("closed", 0),
        ("paused", 3600),
    ]
    assert why.paused_s == 10 * 3600


def test_whatever_can_happen_to_a_clock_has_its_words():
    assert set(STORY) == set(Kind)
