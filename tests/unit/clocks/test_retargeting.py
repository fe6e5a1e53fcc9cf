"""A target changes on the way (clocks.md, "Changes on the way")."""

import pytest

from app.clocks.course import What
from tests.unit.clocks.cast import H, Story, at, target, terms, without


def test_a_longer_target_gives_the_whole_of_it():
    clock = Story().on("Mon 10:00").priority("normal").clock()

    assert (clock.budget_s, clock.used_s) == (40 * H, H)
    assert clock.due_at == at("Wed 01:00")


def test_a_shorter_target_leaves_a_quarter_of_it_at_least():
    clock = Story().on("Mon 16:00").priority("urgent").clock()

    assert clock.budget_s == 7 * H + H
    assert clock.due_at == at("Mon 17:00")


def test_a_shorter_target_with_enough_left_is_simply_the_target():
    clock = Story().on("Mon 10:00").priority("urgent").clock()

    assert clock.budget_s == 4 * H
    assert clock.due_at == at("Mon 13:00")


def test_lowered_and_raised_ten_times_before_due_gains_nothing():
    story = Story()
    for number in range(10):
        story.on(f"Mon 1{number // 2}:{30 * (number % 2):02}")
        story.priority("normal" if number % 2 == 0 else "high")

    assert story.clock().due_at == at("Mon 17:00")


def test_back_in_a_target_whose_budget_is_used_up_is_due_at_once():
    story = Story().on("Mon 10:00").priority("normal").on("Tue 10:00").priority("high")

    assert story.clock().due_at == at("Tue 10:00")
    assert not story.clock().is_breached
    assert story.on("Tue 10:01").settled().clock().breached_at == at("Tue 10:00")


def test_pause_then_a_priority_that_allows_less_than_was_used_then_resume():
    story = Story().on("Mon 16:00").responded().waits()
    story.on("Mon 16:30").priority("urgent").on("Tue 10:00").wrote()

    assert story.clock().budget_s == 8 * H
    assert story.clock().due_at == at("Tue 11:00")


def test_office_hours_raised_to_round_the_clock_on_a_saturday():
    story = Story(terms("normal", 2), opens="Fri 16:00")
    story.on("Sat 12:00").priority("urgent", 1)

    assert story.clock().used_s == H
    assert story.clock().due_at == at("Sat 15:00")


def test_a_breach_freezes_the_promise():
    story = Story().on("Mon 18:00").settled()
    frozen = (story.clock().due_at, story.clock().budget_s)
    story.on("Mon 18:30").responded().waits().on("Mon 19:00").priority("normal").wrote()
    story.on("Mon 20:00").resolved().on("Tue 08:00").reopened()

    assert (story.clock().due_at, story.clock().budget_s) == frozen
    assert story.clock().used_s == 10.5 * H


def test_a_broken_and_paused_clock_keeps_its_due_time_in_sight():
    story = Story().on("Mon 18:00").responded().waits()

    assert story.clock().state == "paused"
    assert story.clock().due_at == at("Mon 17:00")


def test_losing_the_target_cancels_the_clock():
    story = Story().on("Mon 10:00").under(without(terms(), "resolution"))
    story.tell(What.RETARGETED)

    assert story.clock().cancelled_reason == "no target"


def test_a_target_lost_and_found_again_excludes_no_span():
    story = Story().on("Mon 10:00").under(without(terms(), "resolution")).tell(What.RETARGETED)
    story.on("Mon 12:00").under(terms()).tell(What.RETARGETED)

    assert story.clock().due_at == at("Mon 17:00")


def test_a_target_gained_late_starts_at_contact_without_its_pauses():
    story = Story(without(terms(), "resolution")).on("Mon 10:00").responded().waits()
    story.on("Mon 12:00").wrote().on("Mon 13:00").under(terms()).tell(What.RETARGETED)

    assert story.clock().started_at == at("Mon 09:00")
    assert story.clock().paused_s == 2 * H
    assert story.clock().due_at == at("Mon 19:00")


def test_a_target_gained_later_than_its_due_time_has_the_floor_left():
    story = Story(without(terms(), "resolution"))
    story.on("Tue 09:00").under(terms()).tell(What.RETARGETED)

    assert story.clock().due_at == at("Tue 11:00")


def test_a_target_gained_after_the_answer_is_met():
    story = Story(without(terms(), "first_response")).on("Mon 10:00").responded()
    story.on("Mon 12:00").under(terms()).tell(What.RETARGETED)

    assert story.first().met_at == at("Mon 10:00")


def test_what_changed_while_resolved_comes_before_the_grant():
    story = Story().on("Mon 16:00").resolved().on("Mon 16:30").priority("urgent")
    assert story.clock().target_s == 8 * H

    story.on("Tue 10:00").reopened()
    assert story.clock().target_s == 4 * H
    assert story.clock().due_at == at("Tue 11:00")


def test_a_calendar_edit_runs_what_is_left_under_the_new_hours():
    story = Story(terms("high", 1)).on("Mon 16:00")
    resolution = story.terms.targets["resolution"]
    edited = target(resolution.target_id, "resolution", resolution.seconds, calendar=2)
    story.under(terms(targets={**story.terms.targets, "resolution": edited}))
    story.tell(What.RECALCULATED)

    assert story.clock().used_s == 7 * H
    assert story.clock().due_at == at("Mon 17:00")


def test_a_paused_clock_takes_the_newest_hours_when_it_resumes():
    story = Story(terms("high", 1)).on("Mon 10:00").responded().waits()
    resolution = story.terms.targets["resolution"]
    edited = target(resolution.target_id, "resolution", resolution.seconds, calendar=2)
    story.under(terms(targets={**story.terms.targets, "resolution": edited}))
    story.on("Mon 14:00").wrote()

    assert story.clock().due_at == at("Tue 13:00")


@pytest.mark.parametrize("priority", ["urgent", "normal"])
def test_a_met_clock_is_never_judged_again(priority):
    story = Story().on("Mon 10:59").responded()
    before = story.first()

    assert story.on("Mon 12:00").priority(priority).first() == before
