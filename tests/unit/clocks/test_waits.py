"""How long a rung waits for "I am on it" (escalation.md, "Ladders")."""

from app.clocks import waits
from app.clocks.course import What
from app.clocks.models import Escalation
from tests.unit.clocks.cast import Story, at, rung, terms

HALF = rung(1, percent=50, acknowledge_s=30 * 60, repeat_s=600, repeat_times=3)


def carried(before, after, until):
    one = Escalation(acknowledge_until=at(until))
    waits.carry([one], before, after)
    return one.acknowledge_until


def test_it_is_counted_in_service_time_from_when_the_rung_fired():
    clock = Story(terms("high", 2)).clock()

    assert waits.until(clock, HALF, 0, fired_at=at("Mon 16:40")) == at("Tue 09:10")
    assert waits.until(clock, HALF, 1, fired_at=at("Mon 13:00")) is None
    assert waits.until(clock, rung(2), 0, fired_at=at("Mon 13:00")) is None


def test_it_stands_still_through_a_pause():
    story = Story()
    running = story.clock()
    paused = story.on("Mon 13:10").waits().clock()
    again = story.on("Mon 14:00").wrote().clock()

    assert carried(running, paused, "Mon 13:30") == at("Mon 13:30")
    assert carried(paused, again, "Mon 13:30") == at("Mon 14:20")


def test_what_was_over_before_the_pause_stays_over():
    story = Story()
    paused = story.on("Mon 13:40").waits().clock()
    again = story.on("Mon 14:00").wrote().clock()

    assert carried(paused, again, "Mon 13:30") == at("Mon 13:30")


def test_an_answer_taken_back_leaves_it_as_it_was():
    story = Story().on("Mon 10:00").responded()
    running = story.clock()
    met = story.on("Mon 13:10").resolved(cause="message:2").clock()
    again = story.on("Mon 13:11").tell(What.TAKEN_BACK, undoes="message:2", cause="undo").clock()
    kept = carried(running, met, "Mon 13:30")

    assert kept == at("Mon 13:30")
    assert carried(met, again, "Mon 13:30") == at("Mon 13:30")


def test_after_a_reopening_the_rest_of_it_goes_on():
    story = Story().on("Mon 10:00").responded()
    met = story.on("Mon 13:10").resolved().clock()
    again = story.on("Tue 09:00").reopened().clock()

    assert carried(met, again, "Mon 13:30") == at("Tue 09:20")


def test_another_target_counts_the_rest_on_its_own_hours():
    story = Story()
    before = story.clock()
    after = story.on("Mon 16:50").priority("normal", 2, reason="It can wait").clock()

    assert carried(before, after, "Mon 17:10") == at("Tue 09:10")
