"""Where the rungs of a ladder lie, and what has come (escalation.md, "Ladders")."""

from app.clocks import rungs
from app.clocks.course import What
from tests.unit.clocks.cast import H, Story, at, rung, terms

LADDER = (rung(1, percent=50), rung(2, percent=75), rung(3, percent=100), rung(4, percent=125))


def instants(clock, ladder=LADDER):
    return [point.instant_at for point in rungs.points(clock, ladder)]


def next_at(clock, ladder, done):
    return rungs.next_at(clock, rungs.points(clock, ladder), done)


def due(clock, ladder, done, at):
    return rungs.due(rungs.points(clock, ladder), done, at)


def test_points_are_shares_of_the_budget():
    expected = [at("Mon 13:00"), at("Mon 15:00"), at("Mon 17:00"), at("Mon 19:00")]

    assert instants(Story().clock()) == expected


def test_a_share_is_rounded_up_to_the_second():
    clock = Story().clock()
    clock.budget_s = 101

    assert rungs.point_s(rung(1, percent=33), 101) == 34
    assert [point.point_s for point in rungs.points(clock, (rung(1, percent=33),))] == [34]


def test_a_rung_an_hour_before_due_on_a_split_day_waits_for_the_next_opening():
    story = Story(terms("high", 2), opens="Mon 10:00")
    point = rungs.points(story.clock(), (rung(1, offset_s=-H),))[0]

    assert story.clock().due_at == at("Tue 10:00")
    assert point.instant_at == at("Tue 09:00")


def test_at_and_after_due_a_rung_comes_at_the_instant_itself():
    story = Story(terms("high", 2), opens="Mon 09:00")

    assert story.clock().due_at == at("Mon 17:00")
    assert instants(story.clock())[2:] == [at("Mon 17:00"), at("Tue 11:00")]


def test_a_point_before_the_start_comes_at_the_start():
    assert instants(Story().clock(), (rung(1, offset_s=-20 * H),)) == [at("Mon 09:00")]


def test_only_rungs_of_the_clocks_own_measure_count():
    assert instants(Story().first()) == []


def test_the_next_thing_is_the_earliest_that_is_not_done_and_the_breach_always_counts():
    clock = Story().clock()

    assert next_at(clock, LADDER, set()) == at("Mon 13:00")
    assert next_at(clock, LADDER, {(1, 0), (2, 0)}) == at("Mon 17:00")
    assert next_at(clock, (), set()) == at("Mon 17:00")


def test_a_paused_clock_has_nothing_ahead_and_a_broken_one_only_what_follows():
    paused = Story().on("Mon 10:00").waits().clock()
    broken = Story().on("Mon 18:00").settled().clock()

    assert next_at(paused, LADDER, set()) is None
    assert next_at(broken, LADDER, {(1, 0), (2, 0), (3, 0)}) == at("Mon 19:00")
    assert next_at(broken, (), set()) is None


def test_rungs_after_due_stand_still_while_a_broken_clock_is_paused():
    story = Story().on("Mon 18:00").responded().waits().on("Tue 18:00").wrote()

    assert instants(story.clock())[3] == at("Tue 19:00")


def test_nothing_is_due_at_its_instant_only_after_it():
    clock = Story().clock()

    assert due(clock, LADDER, set(), at("Mon 13:00")) == []
    assert [one.point.key for one in due(clock, LADDER, set(), at("Mon 13:00:01"))] == [(1, 0)]


def test_every_missed_rung_comes_rising():
    come = due(Story().clock(), LADDER, {(1, 0)}, at("Tue 09:00"))

    assert [one.point.key for one in come] == [(2, 0), (3, 0), (4, 0)]


def test_of_several_missed_repeats_only_the_latest_is_told():
    ladder = (rung(1, percent=50, repeat_s=1800, repeat_times=4),)
    come = due(Story().clock(), ladder, set(), at("Mon 14:45"))

    assert [(one.point.nth, one.covered) for one in come] == [
        (0, False),
        (1, True),
        (2, True),
        (3, False),
    ]


def test_a_move_covers_what_it_left_behind_and_never_due_itself():
    story = Story().on("Mon 15:30").priority("urgent")
    assert story.clock().due_at == at("Mon 16:30")

    passed = rungs.passed(story.clock(), LADDER, {(1, 0)}, at("Mon 15:30"))
    assert [(one.rung_id, nth) for one, nth in passed] == [(2, 0)]


def test_a_longer_target_puts_what_had_passed_ahead_again():
    story = Story().on("Mon 15:30").priority("normal")

    assert rungs.ahead(story.clock(), LADDER, at("Mon 15:30")) == {(1, 0), (2, 0), (3, 0), (4, 0)}


def test_edits_that_move_nothing_put_nothing_ahead():
    story = Story().on("Mon 15:30").tell(What.RETARGETED)

    assert rungs.ahead(story.clock(), LADDER, at("Mon 15:30")) == {(3, 0), (4, 0)}
