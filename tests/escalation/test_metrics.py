"""/metrics tells the truth about lag (E14), to administrators and to machines with the token."""

from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app import claims, jobs
from app.clocksource import set_test_clock
from app.database import transaction
from app.mail import outbox
from app.worker.rounds import Rounds
from tests.cast import sign_in
from tests.escalation.conftest import fire, hours

TOKEN = "a-token-for-machines"


@pytest.fixture
def figures(app, client, config):
    """The figures at an instant, by name and labels."""
    app.extensions["pledge.config"] = replace(config, metrics_token=TOKEN)

    def read(instant):
        with transaction():
            set_test_clock(instant)
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    return read


def test_e14_the_lag_is_the_age_of_the_oldest_thing_due(fate, figures):
    """75 % of four hours is at noon, the third hour of that Monday."""
    assert figures(hours(2.9))["pledge_lag_seconds",] == 0
    assert figures(hours(3) + timedelta(seconds=90))["pledge_lag_seconds",] == 90

    fire(hours(3) + timedelta(seconds=90))

    after = figures(hours(3) + timedelta(seconds=90))
    assert after["pledge_lag_seconds",] == 0
    assert after["pledge_rung_lateness_seconds", "1.0"] == 90
    assert after["pledge_rung_lateness_seconds_count",] == 1


def test_letters_and_what_workers_counted_are_told(app, fate, cast, figures):
    with transaction():
        set_test_clock(hours(4.5))
        outbox.queue("ticket-replied", to=cast.elke, at=hours(4), facts={}, key="message:9")
    rounds = Rounds(app, lambda: False)
    rounds.look(jobs.SCHEDULE[0])
    rounds.say_goodbye()
    (worker,) = claims.beats(claims.WORKER)
    name = worker.name.removeprefix(claims.WORKER)
    with transaction():
        claims.beat(worker.name, at=worker.at, detail={**worker.detail, "stopped": False})

    found = figures(hours(4.5))

    assert found["pledge_letters", "queued"] == 1
    assert found["pledge_oldest_unsent_seconds",] == 4.5 * 3600, "the notice of its opening"
    assert found["pledge_done_total", "rungs_fired", name] == 3
    assert found["pledge_job_seconds_count", "fire", name] == 1
    assert found["pledge_job_failures_total", "fire", name] == 0
    assert found["pledge_workers",] == 1
    assert found["pledge_last_tick_seconds", "firing"] == 0


def test_only_administrators_and_machines_with_the_token_read_them(app, client, config, cast):
    shown = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", headers=shown).status_code == 401, "no token is set"
    app.extensions["pledge.config"] = replace(config, metrics_token=TOKEN)
    assert client.get("/metrics", headers={"Authorization": "Bearer é"}).status_code == 401
    assert client.get("/metrics").status_code == 302
    sign_in(client, cast.jens)
    assert client.get("/metrics").status_code == 403
    sign_in(client, cast.nora)
    assert client.get("/metrics").status_code == 200
