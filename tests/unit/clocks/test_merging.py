"""Two tickets become one (clocks.md, "Merge")."""

import pytest

from app.clocks.course import CannotHappen, Happening, What
from app.clocks.merging import merge
from tests.unit.clocks.cast import H, Story, at, terms


def merged(source: Story, into: Story, when: str):
    happening = Happening(What.MERGED, at(when), "verb:merge")
    source.course, into.course = merge(
        source.course, into.course, happening, source_terms=source.terms, terms=into.terms
    )
    return source, into


def test_the_smaller_remainder_is_left_on_the_target():
    source, into = merged(Story(opens="Mon 09:00"), Story(opens="Mon 10:00"), "Mon 10:30")

    assert into.clock().due_at == at("Mon 17:00")
    assert into.first().due_at == at("Mon 11:00")
    assert source.clock().cancelled_reason == "merged"
    assert source.course.status == "merged"
    assert into.folded(into.clock()) == into.clock()


def test_an_older_ticket_merged_into_a_younger_and_the_other_way_round():
    younger = merged(Story(opens="Mon 09:00"), Story(opens="Mon 10:00"), "Mon 10:30")[1]
    older = merged(Story(opens="Mon 10:00"), Story(opens="Mon 09:00"), "Mon 10:30")[1]

    assert younger.clock().due_at == older.clock().due_at == at("Mon 17:00")


def test_a_met_clock_on_either_side_changes_nothing():
    source = Story(opens="Mon 09:00").on("Mon 09:30").responded()
    into = merged(source, Story(opens="Mon 10:00"), "Mon 10:30")[1]

    assert into.first().due_at == at("Mon 12:00")


def test_a_broken_promise_is_handed_over():
    into = merged(Story(opens="Mon 09:00"), Story(opens="Mon 11:00"), "Mon 12:00")[1]

    assert into.first().breached_at == into.first().due_at == at("Mon 11:00")
    assert into.folded(into.first()) == into.first()


def test_a_broken_promise_of_the_target_stays_its_own():
    into = merged(Story(opens="Mon 08:30"), Story(opens="Mon 09:00"), "Mon 12:00")[1]

    assert into.first().breached_at == at("Mon 11:00")


def test_an_open_question_goes_on_with_the_time_it_has_used():
    into = Story(opens="Mon 09:00").on("Mon 09:30").responded().on("Mon 12:00").wrote()
    source = Story(opens="Mon 11:00")
    merged(source, into, "Mon 12:30")

    assert into.next().used_at(at("Mon 12:30")) == 1.5 * H
    assert into.next().due_at == at("Mon 15:00")


def test_an_unanswered_ticket_merged_into_an_answered_one_still_waits_for_an_answer():
    into = Story(opens="Mon 09:00").on("Mon 09:30").responded()
    merged(Story(opens="Mon 11:00"), into, "Mon 12:30")

    assert into.next().used_s == 1.5 * H
    assert into.next().due_at == at("Mon 15:00")


def test_the_floor_is_left_at_least():
    into = Story(opens="Mon 09:00").on("Mon 09:30").responded()
    source = Story(terms("normal"), opens="Mon 09:00").on("Mon 10:00").responded()
    source.on("Mon 10:30").wrote()
    merged(source, into, "Mon 17:00")

    assert into.next().due_at == at("Mon 18:00")


def test_only_open_tickets_are_merged():
    with pytest.raises(CannotHappen):
        merged(Story(), Story().on("Mon 10:00").resolved(), "Mon 10:30")
