"""A response that did not stand (clocks.md, "A qualifying response")."""

import pytest

from app.clocks.course import CannotHappen, Happening, What
from app.clocks.merging import merge
from tests.unit.clocks.cast import H, Story, at, terms


def take_back(story, cause, **more):
    return story.tell(What.TAKEN_BACK, undoes=cause, cause="undo", **more)


def test_undo_lets_the_clock_go_on_as_if_it_had_never_stopped():
    story = Story().on("Mon 10:00").responded(cause="message:1")
    take_back(story.on("Mon 10:01"), "message:1")

    assert story.first().state == "running"
    assert story.first().due_at == at("Mon 11:00")
    assert story.folded(story.first()) == story.first()


def test_a_breach_passed_meanwhile_is_recorded_at_its_own_instant():
    story = Story().on("Mon 10:50").responded(cause="message:1")
    take_back(story.on("Mon 11:30"), "message:1", bounced=True)

    assert story.first().breached_at == at("Mon 11:00")


def test_a_bounce_after_the_next_question_came_leaves_one_open_promise():
    story = Story().on("Mon 10:00").responded(cause="message:1").on("Mon 10:10").wrote()
    take_back(story.on("Mon 10:20"), "message:1", bounced=True)

    assert story.first().due_at == at("Mon 11:00")
    assert story.next().cancelled_reason == "taken back"


def test_a_later_answer_that_stands_meets_what_is_taken_back():
    story = Story().on("Mon 10:00").responded(cause="message:1")
    story.on("Mon 10:30").responded(cause="message:2")
    take_back(story.on("Mon 10:40"), "message:1", bounced=True)

    assert story.first().met_at == at("Mon 10:30")
    assert story.folded(story.first()) == story.first()


def test_next_response_taken_back_goes_on_and_a_later_sequence_is_void():
    story = Story().on("Mon 10:00").responded().on("Mon 11:00").wrote()
    story.on("Mon 12:00").responded(cause="message:2").on("Mon 12:10").wrote()
    take_back(story.on("Mon 12:20"), "message:2", bounced=True)

    assert story.next(1).due_at == at("Mon 15:00")
    assert story.next(2).cancelled_reason == "taken back"


def test_when_the_message_had_set_waiting_the_span_counts_as_worked():
    story = Story().on("Mon 10:00").responded(cause="message:1").waits(cause="message:1")
    take_back(story.on("Mon 10:40"), "message:1", bounced=True)

    assert story.course.status == "open"
    assert story.clock().due_at == at("Mon 17:00")
    assert story.clock().paused_s == 0


def test_undo_of_send_and_resolve_restores_status_and_all_clocks():
    story = Story().on("Mon 10:00").responded().waits().on("Mon 12:00")
    story.resolved(cause="message:2")
    take_back(story.on("Mon 12:00:08"), "message:2")

    assert story.course.status == "waiting_requester"
    assert story.clock().state == "paused"
    assert story.clock().paused_since == at("Mon 10:00")
    assert story.clock().used_s == H


def test_a_bounced_resolution_text_leaves_the_ticket_resolved():
    story = Story().on("Mon 10:00").responded().on("Mon 11:00").wrote()
    story.on("Mon 12:00").resolved(cause="message:2")
    take_back(story.on("Mon 12:30"), "message:2", bounced=True)

    assert story.course.status == "resolved"
    assert story.clock().state == "met"
    assert story.next().cancelled_reason == "resolved"


def test_a_bounced_resolution_text_that_was_the_first_answer_opens_the_ticket():
    story = Story().on("Mon 10:00").resolved(cause="message:1")
    take_back(story.on("Mon 10:30"), "message:1", bounced=True)

    assert story.course.status == "open"
    assert story.first().state == story.clock().state == "running"
    assert story.clock().due_at == at("Mon 17:00")


def test_what_changed_since_is_led_through_again():
    story = Story().on("Mon 10:00").resolved(cause="message:1")
    story.on("Mon 10:10").priority("urgent")
    take_back(story.on("Mon 10:30"), "message:1", bounced=True)

    assert story.clock().target_s == 4 * H
    assert story.clock().due_at == at("Mon 13:00")


def test_nothing_of_that_cause_cannot_be_taken_back():
    story = Story().on("Mon 10:00").responded(cause="message:1")
    take_back(story.on("Mon 10:01"), "message:1")

    with pytest.raises(CannotHappen, match="nothing of that left"):
        take_back(story.on("Mon 10:02"), "message:1")


def test_a_solution_that_bounces_after_the_reopening_never_was_an_answer():
    story = Story().on("Mon 10:00").resolved(cause="message:1").on("Mon 10:10").reopened()
    take_back(story.on("Mon 10:20"), "message:1", bounced=True)

    assert story.first().is_open
    assert story.first().used_at(at("Mon 10:20")) == 80 * 60
    assert story.clock().used_at(at("Mon 10:20")) == 80 * 60
    assert story.course.status == "open"


def test_an_opening_message_that_bounces_was_no_answer():
    story = Story(opens=None).on("Mon 09:00").tell(What.OPENED, response=True, cause="message:1")
    take_back(story.on("Mon 09:30"), "message:1", bounced=True)

    assert story.first().is_open
    assert story.first().due_at == at("Mon 11:00")
    assert story.clock().due_at == at("Mon 17:00")


def test_a_bounce_while_on_hold_leaves_the_ticket_open_and_the_span_worked():
    given = terms(pauses={"resolution": frozenset({"on_hold"})})
    story = Story(given).on("Mon 10:00").responded().on("Mon 11:00").status("on_hold")
    story.on("Mon 12:00").responded(cause="message:2").waits(cause="message:2")
    take_back(story.on("Mon 12:30"), "message:2", bounced=True)

    assert story.course.status == "open"
    assert story.clock().paused_s == 1 * H
    assert story.clock().used_at(at("Mon 12:30")) == 2.5 * H


def test_a_merged_ticket_has_gone_too_far():
    story, into = Story().on("Mon 10:00").responded(cause="message:1"), Story()
    happening = Happening(What.MERGED, at("Mon 10:10"), "merge")
    story.course, _ = merge(
        story.course, into.course, happening, source_terms=story.terms, terms=into.terms
    )

    with pytest.raises(CannotHappen, match="Too much"):
        take_back(story.on("Mon 10:20"), "message:1", bounced=True)


def test_when_both_answers_bounced_only_the_first_response_goes_on():
    story = Story().on("Mon 09:30").responded(cause="message:1").on("Mon 09:40").wrote()
    story.on("Mon 10:00").responded(cause="message:2")
    take_back(story.on("Mon 10:10"), "message:1", bounced=True)
    assert story.first().met_at == at("Mon 10:00")
    take_back(story.on("Mon 10:20"), "message:2", bounced=True)

    assert story.first().is_open
    assert not story.next().is_open
