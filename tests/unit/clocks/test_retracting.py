"""A change of target that is undone at once (clocks.md, "Clocks"): as if it had never been."""

import pytest

from app.clocks.course import What
from tests.unit.clocks.cast import H, Story, at, target, terms, without

PRIORITY = "verb:priority"


def changed(story, priority, calendar=1):
    return story.priority(priority, calendar, cause=PRIORITY)


def retract(story, given=None):
    story.terms = given or terms()
    return story.tell(What.RETRACTED, undoes=PRIORITY, cause="undo:priority")


@pytest.mark.parametrize("priority", ["urgent", "normal"])
def test_it_is_due_when_it_was_and_nothing_is_remembered_of_it(priority):
    story = Story().on("Mon 10:00")
    before = story.clock()
    changed(story, priority)
    retract(story.on("Mon 10:00:08"))

    assert story.clock() == before
    assert story.clock().budgets == {}
    assert story.folded(story.clock()) == story.clock()
    assert [event.kind for event in story.course.events][-2:] == ["taken_back", "taken_back"]


def test_the_same_change_later_finds_the_budget_of_a_first_change():
    story = changed(Story().on("Mon 10:00"), "urgent")
    retract(story.on("Mon 10:00:08"))
    changed(story.on("Mon 16:00"), "urgent")

    assert story.clock().budget_s == 7 * H + H
    assert story.clock().due_at == at("Mon 17:00")


def test_what_a_change_before_had_brought_stays():
    story = changed(Story().on("Mon 10:00"), "urgent")
    changed(story.on("Mon 11:00"), "normal")
    retract(story.on("Mon 11:00:08"), terms("urgent"))

    assert story.clock().due_at == at("Mon 13:00")
    assert story.folded(story.clock()) == story.clock()


def test_of_two_changes_in_one_breath_the_other_stays():
    story = changed(Story().on("Mon 10:00"), "normal")
    story.under(terms("normal", 2)).tell(What.RETARGETED, cause="verb:team")
    retract(story.on("Mon 10:00:08"), terms("high", 2))
    story.under(terms()).tell(What.RETRACTED, undoes="verb:team", cause="undo:team")

    assert story.clock().due_at == at("Mon 17:00")
    assert story.folded(story.clock()) == story.clock()


def test_a_promise_that_the_change_ended_goes_on():
    story = Story().on("Mon 10:00")
    story.under(without(terms("normal"), "resolution")).tell(What.RETARGETED, cause=PRIORITY)
    assert story.clock().state == "cancelled"

    retract(story.on("Mon 10:00:08"))

    assert story.clock().state == "running"
    assert story.clock().due_at == at("Mon 17:00")


def test_a_promise_that_only_the_change_had_made_is_lost_and_can_be_gained_again():
    story = Story(without(terms(), "resolution")).on("Mon 10:00")
    changed(story, "urgent")
    retract(story.on("Mon 10:00:08"), without(terms(), "resolution"))
    assert story.clock().cancelled_reason == "no target"

    changed(story.on("Mon 10:30"), "urgent")

    assert story.clock().state == "running"
    assert story.clock().due_at == at("Mon 13:00")


def test_a_pause_that_began_since_is_kept():
    story = changed(Story().on("Mon 10:00").responded(), "normal")
    story.on("Mon 10:00:04").waits()
    retract(story.on("Mon 10:00:08"))
    story.on("Mon 11:00:04").wrote()

    assert story.clock().paused_s == H
    assert story.clock().due_at == at("Mon 18:00")


def test_a_promise_broken_meanwhile_stays_broken_where_it_was():
    story = changed(Story().on("Mon 10:00"), "normal").on("Tue 10:00")
    changed(story, "high")
    story.terms = terms("normal")
    story.on("Tue 10:00:08").tell(What.RETRACTED, undoes=PRIORITY, cause="undo:priority")

    assert story.clock().breached_at == at("Tue 10:00")
    assert story.clock().target_id == target(13, "resolution", 8 * H).target_id
    assert story.folded(story.clock()) == story.clock()


def test_where_there_is_nothing_to_take_back_it_is_a_change_like_any_other():
    story = Story().on("Mon 10:00")
    retract(story, terms("urgent"))

    assert story.clock().due_at == at("Mon 13:00")


def test_an_answer_sent_before_can_still_be_taken_back():
    story = Story().on("Mon 10:00").responded(cause="message:1")
    changed(story, "urgent")
    retract(story.on("Mon 10:00:05"))
    story.on("Mon 10:00:08").tell(What.TAKEN_BACK, undoes="message:1", cause="undo:1")

    assert story.first().state == "running"
    assert story.first().due_at == at("Mon 11:00")
    assert story.clock().due_at == at("Mon 17:00")
