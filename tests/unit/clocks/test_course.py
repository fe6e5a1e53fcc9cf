"""The table of clocks.md, line by line: what starts, pauses, stops and starts each clock again."""

import pytest

from app.clocks.course import CannotHappen, What
from tests.unit.clocks.cast import H, Story, at, target, terms, without


def test_contact_starts_first_response_and_resolution():
    story = Story(opens="Mon 09:00")

    assert story.first().due_at == at("Mon 11:00")
    assert story.clock().due_at == at("Mon 17:00")
    assert not story.has("next_response")


def test_a_call_that_reached_the_requester_meets_first_response_at_contact():
    story = Story(opens=None).on("Mon 10:00")
    story.tell(What.OPENED, happened_at=at("Mon 09:00"), response=True)

    assert story.first().met_at == story.clock().started_at == at("Mon 09:00")
    assert story.course.events[0].known_at == at("Mon 10:00")


def test_the_first_response_is_met_once_and_never_again():
    story = Story().on("Mon 10:00").responded().on("Mon 10:30").responded()

    assert story.first().met_at == at("Mon 10:00")
    assert [clock.measure for clock in story.course.clocks] == ["first_response", "resolution"]


def test_an_answer_exactly_at_the_due_time_is_in_time():
    story = Story().on("Mon 11:00").responded()

    assert story.first().met_at == at("Mon 11:00")
    assert not story.first().is_breached


def test_an_answer_one_second_late_is_a_breach_at_the_due_time():
    story = Story().on("Mon 11:00:01").responded()

    assert story.first().met_at == at("Mon 11:00:01")
    assert story.first().breached_at == story.first().due_at == at("Mon 11:00")


def test_a_message_before_any_answer_starts_no_next_response():
    assert not Story().on("Mon 09:30").wrote().has("next_response")


def test_a_message_after_an_answer_starts_next_response_and_further_ones_change_nothing():
    story = Story().on("Mon 10:00").responded().on("Mon 11:00").wrote().on("Mon 12:00").wrote()

    assert story.next().started_at == at("Mon 11:00")
    assert story.next().due_at == at("Mon 15:00")


def test_an_answer_meets_next_response_and_the_next_message_starts_the_next_sequence():
    story = Story().on("Mon 10:00").responded().on("Mon 11:00").wrote().on("Mon 12:00").responded()
    story.on("Mon 13:00").wrote()

    assert story.next(1).met_at == at("Mon 12:00")
    assert story.next(2).started_at == at("Mon 13:00")


def test_a_message_that_needs_no_answer_is_cancelled_and_the_next_one_counts_again():
    story = Story().on("Mon 10:00").responded().on("Mon 11:00").wrote()
    story.on("Mon 11:05").tell(What.NEEDS_NO_ANSWER, reason="thanks")
    story.on("Mon 12:00").wrote()

    assert story.next(1).cancelled_reason == "needs no answer"
    assert story.next(2).started_at == at("Mon 12:00")


def test_waiting_for_the_requester_pauses_resolution_and_next_response():
    story = Story().on("Mon 10:00").responded().on("Mon 11:00").wrote()
    story.on("Mon 12:00").waits()

    assert [clock.state for clock in (story.clock(), story.next())] == ["paused", "paused"]
    assert story.clock().due_at is None
    assert story.clock().used_s == 3 * H


def test_first_response_pauses_only_if_the_version_says_so():
    strict = Story().on("Mon 09:30").waits()
    lenient = Story(terms(pauses={"first_response": frozenset({"waiting_requester"})}))
    lenient.on("Mon 09:30").waits()

    assert strict.first().state == "running"
    assert lenient.first().state == "paused"


@pytest.mark.parametrize("status", ["waiting_vendor", "on_hold"])
def test_vendor_and_hold_pause_resolution_only_if_the_version_says_so(status):
    strict = Story().on("Mon 10:00").status(status)
    lenient = Story(terms(pauses={"resolution": frozenset({status})})).on("Mon 10:00")
    lenient.status(status)

    assert strict.clock().state == "running"
    assert lenient.clock().state == "paused"


def test_any_message_of_the_requesters_side_ends_waiting_and_starts_next_response():
    story = Story().on("Mon 10:00").responded().waits().on("Mon 14:00").wrote()

    assert story.course.status == "open"
    assert story.clock().due_at == at("Mon 21:00")
    assert story.clock().paused_s == 4 * H
    assert story.next().started_at == at("Mon 14:00")


def test_waiting_and_resolved_in_one_change_resumes_first():
    story = Story().on("Mon 10:00").responded().waits().on("Mon 14:00").resolved()

    assert story.clock().state == "met"
    assert story.clock().due_at == at("Mon 21:00")
    assert story.clock().paused_s == 4 * H


def test_resolving_with_a_text_answers_everything():
    story = Story().on("Mon 10:00").resolved()

    assert story.first().met_at == story.clock().met_at == at("Mon 10:00")


def test_resolving_without_a_text_is_refused_while_first_response_is_unmet():
    with pytest.raises(CannotHappen, match="no answer yet"):
        Story().on("Mon 10:00").resolved(silent=True)


def test_resolving_without_a_text_cancels_next_response():
    story = Story().on("Mon 10:00").responded().on("Mon 11:00").wrote()
    story.on("Mon 12:00").resolved(silent=True)

    assert story.next().cancelled_reason == "resolved"
    assert story.next().due_at == at("Mon 15:00")


def test_a_log_without_first_response_may_be_resolved_in_silence():
    story = Story(without(terms(), "first_response", "next_response"))

    assert story.on("Mon 10:00").resolved(silent=True).clock().state == "met"


def test_a_measure_without_a_target_gets_no_clock():
    story = Story(without(terms(), "next_response")).on("Mon 10:00").responded()

    assert not story.on("Mon 11:00").wrote().has("next_response")


def test_reopening_resumes_the_sequence_without_the_closed_span():
    story = Story().on("Mon 10:00").resolved().on("Tue 10:00").reopened(by_requester=False)

    assert story.clock().sequence == 1
    assert story.clock().used_s == H
    assert story.clock().due_at == at("Tue 17:00")


def test_reopening_by_the_requester_leaves_a_quarter_of_the_target_at_least():
    story = Story().on("Mon 16:30").resolved().on("Tue 10:00").reopened()

    assert story.clock().budget_s == 7.5 * H + 2 * H
    assert story.clock().due_at == at("Tue 12:00")


def test_reopening_by_an_agent_grants_nothing():
    story = Story().on("Mon 16:30").resolved().on("Tue 10:00").reopened(by_requester=False)

    assert story.clock().due_at == at("Tue 10:30")


def test_reopening_after_due_keeps_the_broken_promise():
    story = Story().on("Mon 18:00").resolved().on("Tue 10:00").reopened()
    story.on("Tue 11:00").resolved()

    assert story.clock().breached_at == story.clock().due_at == at("Mon 17:00")
    assert story.clock().budget_s == 8 * H
    assert story.clock().used_s == 10 * H


def test_the_message_that_reopens_starts_next_response_in_either_order():
    before = Story().on("Mon 10:00").resolved().on("Tue 10:00").wrote().reopened()
    after = Story().on("Mon 10:00").resolved().on("Tue 10:00").reopened().wrote()

    assert before.next().started_at == after.next().started_at == at("Tue 10:00")


def test_a_thank_you_on_a_resolved_ticket_starts_nothing():
    assert not Story().on("Mon 10:00").resolved().on("Tue 10:00").wrote().has("next_response")


def test_a_version_may_restart_resolution_and_both_count():
    story = Story(terms(reopen_rule="restart")).on("Mon 10:00").resolved()
    story.on("Tue 10:00").reopened()

    assert story.clock(sequence=1).state == "met"
    assert story.clock(sequence=2).due_at == at("Tue 18:00")


def test_a_version_may_hold_that_solved_means_solved():
    story = Story(terms(reopen_rule="final")).on("Mon 10:00").resolved()

    with pytest.raises(CannotHappen, match="solved means solved"):
        story.on("Tue 10:00").reopened()


def test_closed_by_the_requester_cancels_what_is_open_and_reopening_restores_it():
    story = Story().on("Mon 10:00").tell(What.WITHDRAWN)
    assert story.first().cancelled_reason == story.clock().cancelled_reason == "withdrawn"

    story.on("Tue 10:00").reopened()
    assert story.first().due_at == at("Tue 11:00")
    assert story.clock().due_at == at("Tue 17:00")


def test_a_breach_stays_when_the_requester_withdraws():
    story = Story().on("Mon 12:00").tell(What.WITHDRAWN)

    assert story.first().breached_at == at("Mon 11:00")


def test_spam_is_out_of_the_ratios_and_comes_back_without_the_span():
    story = Story().on("Mon 12:00").tell(What.SPAM)
    assert story.first().excluded_because == "spam"

    story.on("Mon 15:00").tell(What.UNSPAM)
    assert story.first().excluded_because is None
    assert story.first().is_breached
    assert story.clock().due_at == at("Mon 20:00")


def test_the_update_clock_runs_from_answer_to_answer():
    given = terms()
    given = terms(targets={**given.targets, "update": target(9, "update", 4 * H)})
    story = Story(given).on("Mon 10:00").responded().on("Mon 12:00").responded()
    story.on("Mon 13:00").resolved()

    assert story.clock("update", 1).met_at == at("Mon 12:00")
    assert story.clock("update", 2).cancelled_reason == "resolved"


@pytest.mark.parametrize(
    "what", [What.RESPONDED, What.STATUS, What.RESOLVED, What.SPAM, What.NEEDS_NO_ANSWER]
)
def test_a_resolved_ticket_takes_no_more_work(what):
    story = Story().on("Mon 10:00").resolved()

    with pytest.raises(CannotHappen):
        story.on("Mon 11:00").tell(what, status="open")


def test_what_is_known_late_counts_from_its_own_instant_or_the_last_event():
    story = Story().on("Mon 09:30").status("open")
    story.on("Mon 12:00").responded(happened_at=at("Mon 09:10"))

    assert story.first().met_at == at("Mon 09:30")
    assert story.course.events[-1].happened_at == at("Mon 09:10")
    assert story.course.events[-1].known_at == at("Mon 12:00")


def test_a_stop_known_after_the_breach_was_recorded_keeps_it_and_is_excluded():
    story = Story().on("Mon 11:30").settled().on("Mon 12:00")
    story.responded(happened_at=at("Mon 10:30"))

    assert story.first().breached_at == at("Mon 11:00")
    assert story.first().met_at == at("Mon 10:30")
    assert story.first().excluded_because == "known late"


def test_settling_is_no_event_of_the_ticket():
    story = Story().on("Mon 12:00").settled()

    assert story.course.last_at == at("Mon 09:00")
