"""What a commit leaves the worker to do wakes it; and it sleeps until then (escalation.md)."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app import claims, clocksource, jobs, waking, wallclock
from app.clocks.models import Clock
from app.clocksource import set_test_clock
from app.database import db, is_postgresql, transaction
from app.escalation import firing, parking
from app.mail import outbox
from app.worker.listening import listen
from app.worker.rounds import Rounds
from tests import factories
from tests.escalation.conftest import fire, hours
from tests.escalation.processes import wait_until

FIRE, SEND = jobs.SCHEDULE[:2]


@pytest.fixture
def calls():
    """What was called for in this process, in order."""
    found = []
    with waking.told(found.append):
        yield found


@pytest.fixture
def rounds(app):
    return Rounds(app, lambda: False)


def stand_at(instant):
    with transaction():
        set_test_clock(instant)


def clock_of(fate) -> Clock:
    return db.session.scalar(select(Clock).where(Clock.id == fate.clock.id))


def write_a_letter(cast, key="message:9"):
    return outbox.queue("ticket-replied", to=cast.elke, at=hours(1), facts={}, key=key)


def test_what_comes_sooner_wakes_firing_and_what_comes_later_does_not(fate, calls):
    with transaction():
        clock_of(fate).next_at = hours(9)
    assert calls == []

    with transaction():
        clock_of(fate).next_at = hours(2)
    assert calls == ["firing"]


def test_a_request_wakes_both_once_it_is_committed(cast, calls):
    factories.open_request(cast.elke, cast.vpn_problem, at=hours(0))

    assert sorted(calls) == ["firing", "sending"]


def test_what_is_rolled_back_wakes_nobody(fate, cast, calls):
    with pytest.raises(RuntimeError):
        with transaction():
            write_a_letter(cast)
            raise RuntimeError("no")
    with transaction():
        pass

    assert calls == []


def test_a_savepoint_wakes_nobody_before_the_whole_is_committed(fate, cast, calls):
    with transaction():
        with db.session.begin_nested():
            write_a_letter(cast)
        assert calls == []
    assert calls == ["sending"]


def test_what_a_rung_tells_wakes_sending(fate, calls):
    fire(hours(3.1))

    assert "sending" in calls


def test_a_parked_letter_that_is_queued_again_wakes_sending(cast, calls):
    with transaction():
        letter = write_a_letter(cast)
        letter.state = "parked"
    calls.clear()

    with transaction():
        outbox.send_again(letter, at=hours(2))

    assert calls == ["sending"]


def test_another_process_hears_of_it(cast):
    """The ears of a worker: NOTIFY on PostgreSQL, the data version on SQLite."""
    heard, stopping = [], threading.Event()
    ears = threading.Thread(target=listen, args=(db.engine, heard.append, stopping))
    ears.start()
    try:
        wait_until(lambda: {"firing", "sending"} <= set(heard), saying="the first look")
        heard.clear()
        with transaction():
            write_a_letter(cast)
        wait_until(lambda: "sending" in heard, within_s=5, saying="the call")
        heard.clear()
        stand_at(hours(3))
        wait_until(lambda: "firing" in heard, within_s=5, saying="the moved clock")
    finally:
        stopping.set()
        ears.join(5)
    assert not ears.is_alive()


def test_far_away_things_call_no_other_process(cast):
    if not is_postgresql():
        pytest.skip("on SQLite every commit is seen")
    heard, stopping = [], threading.Event()
    ears = threading.Thread(target=listen, args=(db.engine, heard.append, stopping))
    ears.start()
    try:
        wait_until(lambda: "sending" in heard, saying="the first look")
        heard.clear()
        with outbox.muted():
            factories.open_request(cast.elke, cast.vpn_problem, at=wallclock.host())
        with transaction():
            write_a_letter(cast)
        wait_until(lambda: heard, within_s=5, saying="the call")
    finally:
        stopping.set()
        ears.join(5)
    assert heard == ["sending"], "the promise is hours away, the worker looks by itself till then"


def test_firing_sleeps_until_a_second_after_what_is_next(fate, rounds):
    """A rung is due at 75 % and fires once the clock shows more (strictly)."""
    stand_at(hours(3) - timedelta(seconds=5))
    assert rounds.look(FIRE) == pytest.approx(6, abs=0.5)

    stand_at(hours(3))
    assert rounds.look(FIRE) == pytest.approx(1, abs=0.5)
    assert fate.rows == []

    stand_at(hours(3) + timedelta(seconds=1))
    assert rounds.look(FIRE) == 0
    assert len(fate.rows) == 1


def test_firing_never_sleeps_longer_than_a_lost_call_may_cost(fate, rounds):
    stand_at(hours(1))

    assert rounds.look(FIRE) == jobs.LONGEST_SLEEP_S


def test_firing_sleeps_until_the_next_try_of_what_was_set_back(fate, rounds):
    with transaction():
        parking.set_back(fate.ticket.id, ValueError("poison"), at=hours(4))
    stand_at(hours(4))
    assert rounds.look(FIRE) == pytest.approx(5, abs=0.5)

    with transaction():
        for _ in range(parking.MOST_TRIES):
            parking.set_back(fate.ticket.id, ValueError("poison"), at=hours(4))
    assert rounds.look(FIRE) == jobs.LONGEST_SLEEP_S, "parked: it waits for a person"


def test_sending_sleeps_until_a_letter_may_be_tried_again(app, cast, config):
    app.extensions["pledge.config"] = replace(config, mail_server="127.0.0.1", mail_port=1)
    rounds = Rounds(app, lambda: False)
    with transaction():
        letter = write_a_letter(cast)
        letter.next_try_at = hours(1) + timedelta(seconds=7)
    stand_at(hours(1))

    assert rounds.look(SEND) == pytest.approx(7, abs=0.5)


def test_letters_that_no_server_takes_keep_nobody_awake(cast, rounds):
    with transaction():
        write_a_letter(cast)
    stand_at(hours(2))

    assert rounds.look(SEND) == jobs.LONGEST_SLEEP_S


def test_an_idle_look_is_a_handful_of_small_questions(fate, rounds):
    stand_at(hours(1))
    rounds.look(FIRE)
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.split()[0] not in {"BEGIN", "ROLLBACK", "COMMIT"}:
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        rounds.look(FIRE)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert len(asked) <= 2, asked


def test_what_another_worker_holds_is_asked_for_with_growing_pauses(fate, rounds, monkeypatch):
    stand_at(hours(4))
    monkeypatch.setattr(firing, "fire_due", lambda *_, **__: firing.Fired())

    pauses = [rounds.look(FIRE) for _ in range(7)]

    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


def test_a_leap_of_the_clock_fires_nothing_for_a_minute_and_is_told(fate, rounds, monkeypatch):
    moved = [0.0]
    base_s = (hours(2)).timestamp()
    monkeypatch.setattr(clocksource, "ticking", lambda: base_s + moved[0])
    rounds.look(FIRE)
    moved[0] = 2 * 3600

    held_s = rounds.look(FIRE)

    assert held_s == jobs.LONGEST_SLEEP_S
    assert fate.rows == []
    (worker,) = claims.beats(claims.WORKER)
    assert worker.detail["step_s"] == pytest.approx(7200, abs=2)
    assert worker.detail["is_held"] is True


def test_a_ticket_that_a_job_went_round_is_noted_until_it_goes_well(app, rounds, monkeypatch):
    said = [jobs.Done(trouble="#7: KeyError: 3"), jobs.Done()]
    job = replace(jobs.SCHEDULE[2], run=lambda *_: said.pop(0))

    rounds.tick(job)
    (noted,) = claims.beats(claims.JOB)
    assert noted.detail["error"] == "#7: KeyError: 3"
    db.session.rollback()
    rounds.tick(job)

    db.session.rollback()
    assert claims.beats(claims.JOB) == []


def test_a_job_that_fails_is_noted_until_it_goes_well(fate, rounds, monkeypatch):
    stand_at(hours(4))

    def fail(*_args, **_kwargs):
        raise RuntimeError("no such column")

    whole = firing.fire_due
    monkeypatch.setattr(firing, "fire_due", fail)
    assert rounds.look(FIRE) == pytest.approx(1, abs=0.5)

    (noted,) = claims.beats(claims.JOB)
    assert (noted.name, noted.detail) == (
        "job:fire",
        {"error": "RuntimeError: no such column", "tries": 1},
    )
    monkeypatch.setattr(firing, "fire_due", whole)
    monkeypatch.setattr("app.worker.pace.Pace.rest_s", 0.0)
    db.session.rollback()
    rounds.look(FIRE)
    assert claims.beats(claims.JOB) == []
