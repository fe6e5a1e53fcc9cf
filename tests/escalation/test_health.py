"""Health is red, with its reason, when something stands still (E13); the banner says since when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from app import claims, wallclock
from app.clocksource import set_test_clock
from app.database import transaction
from app.escalation import parking, standing
from app.mail import outbox
from tests.cast import sign_in
from tests.escalation.conftest import fire, hours


@pytest.fixture
def at(app):
    """Stand the installation's clock at an instant, the worker's last tick ``beat_s`` before."""

    def stand(instant, *, beat_s=None):
        with transaction():
            set_test_clock(instant)
            if beat_s is not None:
                claims.beat("firing", at=instant - timedelta(seconds=beat_s))

    return stand


def reasons(client):
    answer = client.get("/healthz")
    assert (answer.status_code == 200) is answer.json["ok"]
    return answer.json["reasons"]


def test_all_is_well_while_the_worker_ticks(client, fate, at):
    at(hours(3), beat_s=120)

    assert reasons(client) == []
    assert client.get("/readyz").status_code == 200


def test_red_when_the_worker_never_ran(client, fate, at):
    at(hours(3))

    assert reasons(client) == ["The worker has never run: start flask worker."]


def test_red_when_the_last_tick_is_older_than_two_minutes(client, fate, at):
    at(hours(3), beat_s=121)

    (reason,) = reasons(client)
    assert reason.startswith("The worker last ticked at 2026-11-16T10:57:59")


def test_red_when_something_has_been_due_for_too_long(client, fate, at):
    at(hours(3) + timedelta(seconds=121), beat_s=0)

    assert reasons(client) == ["Something has been due since 2026-11-16T11:00:00+00:00."]


def test_a_parked_ticket_is_counted_and_hides_no_newer_trouble(client, fate, at):
    with transaction():
        for _ in range(parking.MOST_TRIES):
            parking.set_back(fate.ticket.id, ValueError("poison"), at=hours(3))
    at(hours(4), beat_s=0)

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json["parked"] == {"letters": 0, "tickets": 1}


def test_red_when_a_letter_waits_too_long_for_a_server_that_is_configured(app, client, at, cast):
    with transaction():
        outbox.queue("ticket-replied", to=cast.elke, at=hours(1), facts={}, key="message:9")
    at(hours(1.3), beat_s=0)
    assert reasons(client) == []

    config = app.extensions["pledge.config"]
    app.extensions["pledge.config"] = replace(config, mail_server="mail.halden.example")

    (reason,) = reasons(client)
    assert reason.startswith("A letter has been waiting since 2026-11-16T09:00:00")


def test_red_when_a_notice_got_no_letter_for_too_long(app, client, fate, at, config):
    fire(hours(3.1))
    app.extensions["pledge.config"] = replace(config, mail_server="mail.halden.example")
    at(hours(3.4), beat_s=0)

    (reason,) = reasons(client)
    assert reason.startswith("A letter has been waiting since 2026-11-16T08:00:00")


def test_red_when_sending_is_silent_though_there_is_a_server(app, client, fate, at, config):
    at(hours(2), beat_s=0)
    with transaction():
        claims.beat("sending", at=hours(1))
    assert reasons(client) == []
    app.extensions["pledge.config"] = replace(config, mail_server="mail.halden.example")

    (reason, *_rest) = reasons(client)
    assert reason.startswith("The worker last looked for letters at 2026-11-16T09:00:00")


def test_red_when_a_worker_sees_that_the_clock_stepped(client, fate, at):
    with transaction():
        claims.beat("worker:deck:17", at=hours(2), detail={"step_s": -90, "is_held": False})
        claims.beat("worker:gone:4", at=hours(1), detail={"step_s": 900})
    at(hours(2), beat_s=0)

    assert reasons(client) == ["The clock stepped back by 1 m."]


def test_red_and_not_broken_when_the_database_is_away(client, fate, monkeypatch):
    def away():
        raise OperationalError("SELECT 1", {}, ConnectionError("refused"))

    monkeypatch.setattr(wallclock, "now", away)

    assert reasons(client) == ["The database does not answer."]


def test_staff_pages_say_since_when_escalations_stand_still(client, fate, cast, at):
    at(hours(3), beat_s=600)
    sign_in(client, cast.mara)

    page = client.get("/desk", follow_redirects=True).text

    assert standing.standing_still_since(hours(3)) == hours(3) - timedelta(seconds=600)
    assert "Escalations have not run since 11:50 CET" in page
