"""The worker as a process: woken in time, stopped within seconds, and back after hours away."""

import time
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import select

from app import claims, wallclock
from app.catalogue.words import Priority
from app.clocks.models import Clock, Escalation
from app.database import db, transaction
from app.mail.models import Letter, LetterState
from app.tickets import opening
from app.tickets.words import Channel
from tests.escalation.processes import Workers, wait_until
from tests.escalation.test_worker import cast as cast
from tests.escalation.test_worker import count, escalations, file_request, is_beating
from tests.escalation.test_worker import crew as crew
from tests.smtp_sink import smtp_sink as smtp_sink

STOPS_WITHIN_S = 10
"""It is five on a machine that does nothing else."""

HOURS_AWAY_S = 3 * 3600


def file_many(cast, count):
    """Requests a minute apart, all of them due long ago, in one transaction."""
    now = wallclock.now()
    db.session.rollback()
    with transaction():
        for number in range(count):
            opening.open_ticket(
                requester=cast.sigrid,
                subject=f"Number {number}",
                body="Nothing works.",
                priority=Priority.URGENT,
                kind=cast.vpn_problem.kind,
                by=cast.sigrid,
                channel=Channel.PORTAL,
                at=now - timedelta(seconds=HOURS_AWAY_S - number * 60),
                request_type=cast.vpn_problem,
            )


def timed_stop(crew: Workers, worker) -> float:
    """Seconds from SIGTERM to the end, which must be a good one."""
    began = time.monotonic()
    assert crew.stop(worker) == 0
    return time.monotonic() - began


def test_a_sleeping_worker_is_woken_in_time(cast, crew: Workers, smtp_sink):
    """It looks by itself every fifteen seconds; a rung two seconds ahead does not wait for that."""
    crew.start()
    wait_until(lambda: is_beating("firing") and is_beating("sending"), saying="the worker's beats")
    time.sleep(1)
    file_request(cast, ago_s=1)
    wait_until(lambda: escalations(smtp_sink, cast.jens.address), saying="the letter of the rung")
    came_at = wallclock.host_s()

    db.session.rollback()
    instant_at = db.session.scalar(select(Escalation.instant_at).order_by(Escalation.id))
    assert 1 <= came_at - instant_at.timestamp() < 10
    (worker,) = claims.beats(claims.WORKER)
    assert timed_stop(crew, crew.running[0]) < STOPS_WITHIN_S
    db.session.rollback()
    (worker,) = claims.beats(claims.WORKER)
    assert worker.detail["stopped"] is True
    assert worker.detail["counts"]["rungs_fired"] == 1
    assert worker.detail["counts"]["looks_firing"] < 60, "it sleeps in between"


def test_e12_away_for_three_hours_it_catches_up_in_order_though_it_is_stopped_on_the_way(
    cast, crew: Workers, smtp_sink
):
    """500 dues: 167 tickets with three rungs each, spread over the time it was away."""
    file_many(cast, 167)
    first = crew.start()
    wait_until(lambda: count(Escalation.id), saying="the first batch")
    assert timed_stop(crew, first) < STOPS_WITHIN_S
    crew.start()
    wait_until(lambda: count(Escalation.id) == 501, within_s=60, saying="everything fired")

    rows = db.session.execute(
        select(Clock.ticket_id, Escalation.instant_at, Escalation.late_by_s)
        .join(Clock, Clock.id == Escalation.clock_id)
        .order_by(Escalation.id)
    ).all()
    passed_over = sum(before.instant_at > after.instant_at for before, after in pairwise(rows))
    assert passed_over <= 3, "a ticket that another job holds comes with the next batch"
    assert rows[0].late_by_s > HOURS_AWAY_S - 60
    assert len({(row.ticket_id, row.instant_at) for row in rows}) == 501
    assert "up to 2 h 59 m late" in crew.said() or "up to 3 h late" in crew.said()


def test_it_stops_though_the_mail_server_keeps_it_waiting(cast, crew: Workers, smtp_sink):
    crew.settings["PLEDGE_MAIL_FINAL_TIMEOUT_S"] = "600"
    smtp_sink.delay_s = 60
    worker = crew.start()
    file_request(cast)
    wait_until(lambda: count(Letter.id, Letter.state == LetterState.SENDING), saying="a letter")

    assert timed_stop(crew, worker) < STOPS_WITHIN_S
    assert count(Letter.id, Letter.state == LetterState.SENDING) == 0, "its lease is given back"
    assert crew.said().rstrip().endswith("The worker has stopped.")
