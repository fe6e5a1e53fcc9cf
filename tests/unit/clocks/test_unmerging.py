"""A merge is taken apart, and messages become a ticket of their own (clocks.md, "Merge")."""

import pytest

from app.clocks.course import CannotHappen, Happening, What
from app.clocks.merging import merge
from app.clocks.splitting import split
from app.clocks.unmerging import unmerge
from tests.unit.clocks.cast import H, Story, at, terms


def merged(source: Story, into: Story, when: str, cause: str = "merge:1"):
    happening = Happening(What.MERGED, at(when), cause)
    source.course, into.course = merge(
        source.course, into.course, happening, source_terms=source.terms, terms=into.terms
    )
    return source, into


def unmerged(source: Story, into: Story, when: str, cause: str = "merge:1"):
    happening = Happening(What.UNMERGED, at(when), "unmerge:1", undoes=cause)
    source.course, into.course = unmerge(
        source.course, into.course, happening, source_terms=source.terms, terms=into.terms
    )
    for story in (source, into):
        for clock in story.course.clocks:
            assert story.folded(clock) == clock
    return source, into


def test_both_go_on_as_if_they_had_never_been_merged():
    source, into = merged(Story(opens="Mon 09:00"), Story(opens="Mon 10:00"), "Mon 10:30")
    unmerged(source, into, "Mon 10:45")

    for story, opened in ((source, "Mon 09:00"), (into, "Mon 10:00")):
        alone = Story(opens=opened)
        for measure in ("first_response", "resolution"):
            clock, own = story.clock(measure), alone.clock(measure)
            assert (clock.due_at, clock.budget_s, clock.used_s, clock.state) == (
                own.due_at,
                own.budget_s,
                own.used_s,
                own.state,
            )
    assert source.course.status == "new"


def test_the_merged_span_counts_for_the_source():
    source, into = merged(Story(opens="Mon 09:00"), Story(opens="Mon 10:00"), "Mon 10:30")
    unmerged(source, into, "Mon 12:00")

    assert source.first().breached_at == at("Mon 11:00")
    assert source.clock().used_at(at("Mon 12:00")) == 3 * H
    assert into.first().breached_at == at("Mon 11:00")
    assert into.first().excluded_because == "merged"


def test_a_promise_that_would_have_been_broken_anyhow_stays_in_the_figures():
    source, into = merged(Story(opens="Mon 09:00"), Story(opens="Mon 10:00"), "Mon 10:30")
    unmerged(source, into, "Mon 12:30")

    assert into.first().breached_at == at("Mon 11:00")
    assert into.first().excluded_because is None


def test_what_was_done_since_stays_with_the_target():
    source, into = merged(Story(opens="Mon 09:00"), Story(opens="Mon 10:00"), "Mon 10:30")
    into.on("Mon 10:40").responded().on("Mon 10:50").waits()
    unmerged(source, into, "Mon 11:30")

    assert into.first().met_at == at("Mon 10:40")
    assert (into.clock().state, into.clock().budget_s) == ("paused", 8 * H)
    assert into.clock().used_s == 50 * 60
    assert source.first().breached_at == at("Mon 11:00")
    assert source.clock().state == "running"


def test_a_broken_promise_that_was_handed_over_goes_back():
    source, into = merged(Story(opens="Mon 09:00"), Story(opens="Mon 11:00"), "Mon 12:00")
    unmerged(source, into, "Mon 12:30")

    assert source.first().breached_at == at("Mon 11:00")
    assert source.first().excluded_because is None
    assert into.first().breached_at is None
    assert into.first().due_at == at("Mon 13:00")


def test_one_that_was_handed_over_and_stopped_since_counts_on_the_source_alone():
    source, into = merged(Story(opens="Mon 09:00"), Story(opens="Mon 11:00"), "Mon 12:00")
    into.on("Mon 12:10").responded()
    unmerged(source, into, "Mon 12:30")

    assert (into.first().state, into.first().excluded_because) == ("met", "merged")
    assert source.first().excluded_because is None


def test_a_question_that_only_the_source_had_goes_with_it():
    into = Story(opens="Mon 09:00").on("Mon 09:30").responded()
    source, _ = merged(Story(opens="Mon 11:00"), into, "Mon 12:30")
    unmerged(source, into, "Mon 12:40")

    assert into.next().cancelled_reason == "unmerged"
    assert into.course.unanswered_since is None
    assert source.first().state == "running"


def test_a_question_to_the_target_since_then_is_its_own():
    into = Story(opens="Mon 09:00").on("Mon 09:30").responded()
    source, _ = merged(Story(opens="Mon 11:00"), into, "Mon 12:30")
    into.on("Mon 12:35").wrote()
    unmerged(source, into, "Mon 12:40")

    assert into.next(1).cancelled_reason == "unmerged"
    assert (into.next(2).started_at, into.next(2).due_at) == (at("Mon 12:35"), at("Mon 16:35"))


def test_a_source_that_waited_waits_again():
    source = Story(opens="Mon 09:00").on("Mon 09:30").responded().on("Mon 09:30").waits()
    into = Story(opens="Mon 10:00")
    merged(source, into, "Mon 10:30")
    unmerged(source, into, "Mon 12:00")

    assert source.course.status == "waiting_requester"
    assert (source.clock().state, source.clock().used_s) == ("paused", 1800)


def test_the_last_one_that_was_merged_comes_out_first():
    into, first, second = (Story(opens=f"Mon {hour}:00") for hour in ("11", "09", "10"))
    merged(first, into, "Mon 11:10", "merge:1")
    merged(second, into, "Mon 11:20", "merge:2")

    with pytest.raises(CannotHappen, match="take that one out first"):
        unmerged(first, into, "Mon 11:30", "merge:1")
    unmerged(second, into, "Mon 11:30", "merge:2")
    unmerged(first, into, "Mon 11:30", "merge:1")
    assert into.clock().due_at == at("Mon 19:00")


def test_merged_again_after_that_and_once_more_taken_apart():
    source, into = Story(opens="Mon 09:00"), Story(opens="Mon 10:00")
    for hour in ("10", "11", "12"):
        merged(source, into, f"Mon {hour}:30")
        assert into.clock().due_at == at("Mon 17:00")
        unmerged(source, into, f"Mon {hour}:45")
        assert into.clock().due_at == at("Mon 18:00")


def test_an_answer_from_before_is_no_longer_taken_back():
    source = Story(opens="Mon 09:00").on("Mon 09:30").responded(cause="message:7")
    into = Story(opens="Mon 10:00")
    merged(source, into, "Mon 10:30")
    unmerged(source, into, "Mon 10:45")

    with pytest.raises(CannotHappen, match="Too much"):
        source.on("Mon 10:46").tell(What.TAKEN_BACK, undoes="message:7")


def parted(story: Story, when: str, contact: str, *causes: str, given=None) -> Story:
    told = Story(given or story.terms, opens=None)
    happening = Happening(What.SPLIT, at(when), "split:1", happened_at=at(contact))
    told.course = split(story.course, happening, told.terms, causes=causes)
    return told


def test_contact_of_what_is_split_off_is_that_of_the_message():
    story = Story(opens="Mon 09:00").on("Mon 09:10").responded()
    story.on("Mon 10:00").wrote(cause="message:2")
    new = parted(story, "Mon 10:30", "Mon 10:00", "message:2")

    assert new.course.contact_at == at("Mon 10:00")
    assert new.course.status == "new"
    assert (new.first().due_at, new.clock().due_at) == (at("Mon 12:00"), at("Mon 18:00"))


def test_late_it_has_at_least_the_floor_left():
    story = Story(opens="Mon 09:00").on("Mon 10:00").wrote(cause="message:2")
    new = parted(story, "Mon 17:00", "Mon 10:00", "message:2")

    assert new.first().due_at == at("Mon 17:30")
    assert new.clock().due_at == at("Mon 19:00")
    assert new.first().breached_at is None


def test_an_answer_sent_after_the_message_counts():
    story = Story(opens="Mon 09:00").on("Mon 10:00").wrote(cause="message:2")
    story.on("Mon 10:20").responded()
    new = parted(story, "Mon 11:00", "Mon 10:00", "message:2")

    assert (new.first().state, new.first().met_at) == ("met", at("Mon 10:20"))
    assert new.course.status == "open"
    assert not new.has("next_response")


def test_pauses_since_the_message_are_its_own_too():
    story = Story(opens="Mon 09:00").on("Mon 10:00").wrote(cause="message:2")
    story.on("Mon 10:30").responded().on("Mon 10:30").waits().on("Mon 12:30").wrote()
    new = parted(story, "Mon 13:00", "Mon 10:00", "message:2")

    assert new.clock().used_at(at("Mon 13:00")) == 1 * H
    assert new.clock().due_at == at("Mon 20:00")


def test_a_second_split_message_waits_for_its_answer():
    story = Story(opens="Mon 09:00").on("Mon 10:00").wrote(cause="message:2")
    story.on("Mon 10:20").responded().on("Mon 10:40").wrote(cause="message:4")
    new = parted(story, "Mon 11:00", "Mon 10:00", "message:2", "message:4")

    assert (new.next().started_at, new.next().due_at) == (at("Mon 10:40"), at("Mon 14:40"))


def test_it_goes_on_like_any_other_ticket():
    story = Story(opens="Mon 09:00").on("Mon 10:00").wrote(cause="message:2")
    new = parted(story, "Mon 11:00", "Mon 10:00", "message:2", given=terms("normal"))
    new.on("Mon 11:30").responded().on("Mon 12:00").wrote().on("Mon 12:10").resolved()

    assert new.first().met_at == at("Mon 11:30")
    assert new.clock().state == "met"
    for clock in new.course.clocks:
        assert new.folded(clock) == clock


def test_nothing_is_split_off_what_nobody_works_on():
    with pytest.raises(CannotHappen, match="resolved"):
        parted(Story().on("Mon 10:00").resolved(), "Mon 11:00", "Mon 09:30", "message:2")
