"""What the worker's jobs do with time alone, with trouble, and when they are told to stop."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from app import claims, jobs
from app.agreements import loading
from app.clocks import queries as clocks
from app.clocks.models import TicketCourse
from app.clocks.state import Kind
from app.clocksource import set_test_clock
from app.database import db, transaction
from app.escalation import refusals
from app.people import signing_in
from app.people.models import SignInSession
from app.tickets import bounces, conversation, ending, lifecycle, queries
from app.tickets.conversation import Then
from app.tickets.models import Ticket
from app.tickets.words import Status
from app.worker.pace import Pace
from tests.cast import sign_in
from tests.escalation.conftest import Fate, answered, fire, hours, reply
from tests.smtp_sink import smtp_sink as smtp_sink


@pytest.fixture
def run(config):
    """Run a job at an instant."""
    return lambda job, at, **more: job(lambda: at, config, **more)


@pytest.fixture
def held(cast) -> Fate:
    """A request under a version whose resolution stands still while it is on hold."""
    values = tomllib.loads((loading.PRESETS / "managed-workplace.toml").read_text("utf-8"))
    values["agreement"]["effective_from"] = (hours(0) - timedelta(days=7)).date()
    values["tiers"][0]["pauses"] = {"resolution": ["on_hold"]}
    with transaction():
        loading.load(values, at=hours(-200))
    fate = Fate(answered(cast))
    with transaction():
        lifecycle.hold(
            queries.for_change(fate.ticket.id),
            by=cast.mara,
            until=date(2026, 11, 18),
            reason="The office is closed",
            at=hours(1),
        )
    return fate


def now_(ticket) -> Ticket:
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket.id)


def test_a_resolved_ticket_closes_when_its_window_has_passed(fate, cast, run):
    reply(fate.ticket, cast.mara, hours(1), Then.RESOLVE)
    week = timedelta(days=7)

    assert run(jobs.tickets.close_resolved, hours(1) + week) == jobs.Done()
    assert run(jobs.tickets.close_resolved, hours(1.1) + week) == jobs.Done("closed 1 ticket")
    assert run(jobs.tickets.close_resolved, hours(1.2) + week) == jobs.Done()
    assert now_(fate.ticket).status is Status.CLOSED
    assert now_(fate.ticket).closed_at == hours(1.1) + week


def test_an_imported_ticket_keeps_the_history_it_came_with(fate, cast, run):
    reply(fate.ticket, cast.mara, hours(1), Then.RESOLVE)
    with transaction():
        db.session.execute(update(TicketCourse).values(is_live=False))

    assert run(jobs.tickets.close_resolved, hours(1000)) == jobs.Done()


def test_a_hold_ends_at_midnight_in_the_agreements_zone_however_late_the_job_runs(held, run):
    """Berlin's Wednesday begins on Tuesday at 23:00 UTC, 39 hours after Monday at nine."""

    assert run(jobs.tickets.end_holds, hours(38.9)) == jobs.Done()
    assert run(jobs.tickets.end_holds, hours(50)) == jobs.Done("took up 1 held ticket")
    ticket = now_(held.ticket)
    assert (ticket.status, ticket.hold_until) == (Status.OPEN, None)
    assert held.clock.running_since == hours(39)


def test_a_note_of_the_morning_does_not_move_midnight(held, cast, run):
    """Whoever writes while the worker is down is not the one who ends the hold."""
    with transaction():
        conversation.note(
            queries.for_change(held.ticket.id), by=cast.mara, body="Still here.", at=hours(47.5)
        )

    run(jobs.tickets.end_holds, hours(50))

    assert held.clock.running_since == hours(39)


def test_a_verb_on_a_hold_that_is_over_ends_it_first(held, cast, client):
    with transaction():
        set_test_clock(hours(47.5))
    sign_in(client, cast.mara)
    client.post(f"/desk/tickets/{held.ticket.id}/replies", data={"body": "Now.", "then": "send"})

    assert now_(held.ticket).status is Status.OPEN
    resumed = [event for event in clocks.events_of(held.clock) if event.kind is Kind.RESUMED]
    assert [event.at for event in resumed] == [hours(39)]


def test_a_rung_that_comes_after_a_hold_counts_its_time_from_midnight(held, run):
    """One hour was used before; at 75 % three are: two hours after Wednesday's opening at 8."""
    run(jobs.tickets.end_holds, hours(49.3))

    fire(hours(49.3))

    (rung,) = held.rows
    assert rung.instant_at == hours(47 + 2)


def test_one_ticket_that_raises_leaves_the_others_alone(cast, run, monkeypatch):
    bad, good = answered(cast, subject="Bad"), answered(cast, subject="Good")
    reply(bad, cast.mara, hours(1), Then.RESOLVE)
    reply(good, cast.mara, hours(1), Then.RESOLVE)
    whole = ending.lifecycle.close

    def close(ticket, **more):
        if ticket.id == bad.id:
            raise ValueError("poison")
        whole(ticket, **more)

    monkeypatch.setattr(ending.lifecycle, "close", close)

    assert run(jobs.tickets.close_resolved, hours(1000)) == jobs.Done("closed 1 ticket")
    assert now_(bad).status is Status.RESOLVED
    assert now_(good).status is Status.CLOSED


@pytest.mark.parametrize(
    ("job", "letters", "ready"),
    [
        (jobs.tickets.judge_bounces, bounces, "came_back"),
        (jobs.tickets.pass_on_refused, refusals, "refused"),
    ],
)
def test_a_letter_that_raises_is_named_as_a_letter(cast, run, monkeypatch, job, letters, ready):
    def poison(_letter_id, _now):
        raise ValueError("poison")

    monkeypatch.setattr(letters, ready, lambda _at: [17])
    monkeypatch.setattr(letters, "judge", poison)

    assert run(job, hours(1)).trouble == "letter 17: ValueError: poison"


def test_sessions_past_their_end_are_forgotten(cast, run):
    with transaction():
        for absolute_s in (60, 7200):
            signing_in.start_session(
                cast.mara, at=hours(0), absolute_s=absolute_s, address="", user_agent=""
            )

    run(jobs.tickets.forget_sessions, hours(1))

    assert db.session.query(SignInSession).count() == 1


def test_a_mail_server_that_is_away_is_left_alone_for_a_while(fate, config, smtp_sink):
    fire(hours(3.1))
    smtp_sink.stop()
    away = replace(config, mail_server="127.0.0.1", mail_port=smtp_sink.port, probe_s=7)

    done = jobs.firing.send(lambda: hours(3.1), away)

    assert done.pause_s == 7
    assert done.said is not None
    assert done.said.startswith("letters wait: ")
    assert claims.last_beat("sending") is not None


def test_a_job_that_is_told_to_stop_begins_nothing_more(fate, run):
    assert run(jobs.firing.fire, hours(9), stopping=lambda: True) == jobs.Done()
    assert fate.rows == []


def test_a_job_that_fails_is_tried_again_after_growing_pauses():
    pace = Pace()

    pauses = [pace.failed() for _ in range(7)]

    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert pace.is_resting
    pace.went(jobs.Done())
    assert not pace.is_resting
    assert pace.failed() == 1


def test_what_a_resting_job_says_again_is_no_news():
    pace = Pace()

    assert pace.is_news("letters wait")
    pace.went(jobs.Done("letters wait", pause_s=0.001))
    assert not pace.is_news("letters wait")
    pace.went(jobs.Done("sent 3"))
    assert pace.is_news("sent 3")
