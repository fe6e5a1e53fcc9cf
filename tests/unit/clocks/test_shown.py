"""What people read of a clock: durations, instants, the chip, the explanation."""

from datetime import timedelta

import pytest

from app.clocks import chips, words
from app.clocks.explanation import explain_events, history_of
from app.clocks.stretches import Reader
from tests.unit.clocks.cast import ALWAYS, CALENDARS, OFFICE, H, Story, at, terms

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "under a minute"),
        (59, "under a minute"),
        (60, "1 m"),
        (40 * 60 + 31, "40 m"),
        (3599, "59 m"),
        (3600, "1 h"),
        (3900, "1 h 05 m"),
        (2 * H + 10 * 60, "2 h 10 m"),
        (26 * H + 5 * 60 + 59, "26 h 05 m"),
    ],
)
def test_durations_are_cut_and_never_rounded(seconds, text):
    assert words.duration(seconds) == text


def test_instants_say_as_much_as_is_needed():
    now = at("Wed 13:20")

    assert words.instant(at("Wed 13:09"), BERLIN, now) == "14:09 CET"
    assert words.instant(at("Tue 15:38"), BERLIN, now) == "Tue 16:38 CET"
    assert words.instant(at("Mon+1 14:47"), BERLIN, now) == "Mon 15:47 CET"
    assert words.instant(at("Wed+1 14:47"), BERLIN, now) == "Wed 25 Nov, 15:47 CET"
    assert words.exact_instant(at("Tue 14:47:09"), BERLIN) == "Tue 17 Nov 2026, 15:47:09 CET"


def test_no_two_days_of_a_due_time_are_called_alike():
    now = at("Wed 13:20")
    days = [now + timedelta(days=number) for number in range(-20, 21)]

    assert words.due(at("Tue 15:38"), BERLIN, now) == "Tue 17 Nov, 16:38 CET"
    assert words.due(at("Mon+1 14:47"), BERLIN, now) == "Mon 15:47 CET"
    assert words.due(at("Tue+1 14:47"), BERLIN, now) == "Tue 24 Nov, 15:47 CET"
    assert len({words.due(day, BERLIN, now) for day in days}) == len(days)


def test_a_zone_without_a_name_is_given_in_hours():
    assert words.clock_time(at("Wed 13:00"), "Asia/Kathmandu") == "18:45 UTC+5:45"


def chip(story, when, calendar=ALWAYS, who="you", measure="resolution", **more):
    return chips.chip_of(story.clock(measure), calendar, BERLIN, at(when), who, **more)


def test_the_six_chips():
    running = chip(Story(), "Mon 14:00")
    risk = chip(Story(), "Mon 16:19:29")
    breached = chip(Story(), "Mon 20:20")
    met = chip(Story().on("Mon 10:05").responded(), "Mon 12:00", measure="first_response")
    paused = chip(Story().on("Mon 15:38").waits(), "Wed 12:00")
    outside = chip(Story(terms("normal", 2)), "Sat 12:00", OFFICE)

    assert (running.state, running.words, running.caption) == (
        "running",
        "3 h left",
        "18:00 CET",
    )
    assert (risk.state, risk.words) == ("risk", "40 m left")
    assert (breached.state, breached.words) == ("breached", "over by 3 h 20 m")
    assert (met.state, met.words) == ("met", "met in 1 h 05 m")
    assert (paused.state, paused.words) == ("paused", "waiting for you since Mon 16:38")
    assert outside.state == "breached"
    assert len({one.icon for one in (running, risk, breached, met, paused)}) == 5


def test_outside_hours_the_chip_says_when_it_goes_on():
    story = Story(terms("normal", 2), opens="Fri 16:00")
    shown = chip(story, "Sat 12:00", OFFICE)

    assert (shown.state, shown.words) == ("outside", "resumes Mon 10:00")
    assert shown.open_until == at("Mon+1 09:00")


def test_a_compact_paused_chip_leaves_the_instant_to_its_caption():
    shown = chip(Story().on("Mon 15:38").waits(), "Wed 12:00", who="Maja", compact=True)

    assert (shown.words, shown.caption) == ("waiting for Maja", "since Mon 16:38 CET")


def test_a_compact_chip_of_a_long_pause_names_the_day_alone():
    story = Story().on("Mon 15:38").waits()
    at = story.clock().paused_since + timedelta(days=12)

    assert chips.chip_of(story.clock(), OFFICE, BERLIN, at, "Maja", compact=True).caption == (
        "since Mon 16 Nov"
    )


def test_a_broken_and_paused_clock_says_both():
    shown = chip(Story().on("Mon 18:00").waits(), "Mon 20:00")

    assert (shown.words, shown.beside) == ("over by 1 h", "waiting for you")


def test_a_chip_ticks_while_its_hours_last():
    story = Story(terms("normal", 2))
    open_now, closed = chip(story, "Mon 15:00", OFFICE), chip(story, "Mon 18:00", OFFICE)
    always, over = chip(Story(), "Mon 10:00"), chip(Story(), "Mon 20:20")
    paused = chip(Story().on("Mon 10:00").waits(), "Mon 11:00")

    assert (open_now.ticks, open_now.open_s, open_now.left_s) == (True, 2 * H, 34 * H)
    assert (always.ticks, always.open_s, always.budget_s) == (True, None, 8 * H)
    assert (over.ticks, over.left_s) == (True, -(3 * H + 20 * 60))
    assert not closed.ticks
    assert not paused.ticks


def test_no_clock_is_no_promise():
    assert chips.chip_of(None, ALWAYS, BERLIN, at("Mon 09:00")).words == "no promise"


def explained(story, when, **more):
    clock = story.clock()
    events = [
        event
        for event in story.course.events
        if (event.measure, event.sequence) == (clock.measure, clock.sequence)
    ]
    history = history_of(events, lambda _: story.terms, CALENDARS.__getitem__)
    return explain_events(history, story.terms, at=at(when), zone=BERLIN, **more)


def test_the_explanation_names_each_span_and_adds_up_to_the_second():
    story = Story().on("Mon 10:00").responded().waits(actor_id=7, reason="log files?")
    story.on("Mon 12:00:05").wrote()
    why = explained(story, "Mon 14:00", reader=Reader({7: "Ines"}, is_staff=True))

    assert [(span.kind, span.what, span.counted_s, span.paused_s) for span in why.spans] == [
        ("counted", "open hours", H, 0),
        ("paused", "waiting for the requester", 0, 2 * H + 5),
        ("counted", "open hours", 2 * H - 5, 0),
    ]
    assert why.counted_s == 3 * H - 5
    assert (why.spans[1].who, why.spans[1].reason) == ("Ines", "log files?")
    assert why.left_s == 5 * H + 5


def test_a_requester_reads_neither_names_nor_reasons_of_staff():
    story = Story().on("Mon 10:00").waits(actor_id=7, reason="chasing Bert")
    why = explained(story, "Mon 14:00")

    assert "chasing" not in repr(why)
    assert all(line.who == "" for line in why.story)


def test_what_would_move_it_is_asked_of_the_rules():
    why = explained(Story(), "Mon 10:00", others={"Normal": terms("normal")})

    assert [(move.what, move.effect) for move in why.moves] == [
        ("asking the requester back", "pauses"),
        ("waiting for a supplier", "nothing"),
        ("putting it on hold", "nothing"),
        ("Normal", "moves"),
    ]
    assert why.moves[3].due_at == at("Wed 01:00")


def test_nothing_moves_a_broken_promise():
    assert explained(Story(), "Tue 10:00", others={"Normal": terms("normal")}).moves == ()


def test_an_undone_stop_is_told_as_time_that_counted():
    story = Story().on("Mon 10:00").resolved(cause="message:1").on("Mon 10:01")
    story.tell("taken_back", undoes="message:1")
    why = explained(story, "Mon 12:00")

    assert why.counted_s == story.clock().used_at(at("Mon 12:00")) == 3 * H
