"""When no worker runs, the web processes tell the administrators: once, by a letter they send."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import claims
from app.clocksource import set_test_clock
from app.database import db, transaction
from app.mail import outbox
from app.mail.models import Letter, LetterState
from app.manage import watchdog
from app.notices.models import Notice
from tests.escalation.conftest import hours
from tests.smtp_sink import smtp_sink as smtp_sink


@pytest.fixture
def web(app, config, smtp_sink):
    """An application that can send, as each web process has it."""
    app.extensions["pledge.config"] = replace(
        config, mail_server="127.0.0.1", mail_port=smtp_sink.port
    )
    return app


def stand(instant, **beats_s):
    """It is ``instant``; each part of the worker ticked so many seconds ago."""
    with transaction():
        set_test_clock(instant)
        for part, ago_s in beats_s.items():
            claims.beat(part, at=instant - timedelta(seconds=ago_s))


def told():
    db.session.rollback()
    return db.session.scalar(select(func.count(Notice.id)).where(Notice.kind == "worker-stopped"))


def test_nobody_is_told_while_the_worker_ticks_or_never_ran(web, cast):
    stand(hours(3))
    assert watchdog.look(web) is False

    stand(hours(3), firing=120)
    assert watchdog.look(web) is False
    assert told() == 0


def test_administrators_are_told_once_however_many_processes_look(web, cast, smtp_sink):
    stand(hours(3), firing=600, sending=600)
    together = threading.Barrier(3)

    def look():
        together.wait()
        watchdog.look(web)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watchdog.look(web)

    (letter,) = smtp_sink.to(cast.nora.address)
    assert letter.subject == "Escalations have not run since 11:50 CET"
    assert "/manage/system" in letter.text
    assert told() == 1


def test_a_second_standstill_is_told_again(web, cast, smtp_sink):
    stand(hours(3), firing=600, sending=600)
    watchdog.look(web)
    stand(hours(4), firing=0)
    watchdog.look(web)
    stand(hours(5), firing=1200)
    watchdog.look(web)
    watchdog.look(web)

    assert [letter.subject[-9:] for letter in smtp_sink.to(cast.nora.address)] == [
        "11:50 CET",
        "13:40 CET",
    ]


def test_it_sends_that_letter_and_leaves_every_other_to_the_worker(web, cast, smtp_sink):
    with transaction():
        outbox.queue(
            "ticket-replied", to=cast.elke, at=hours(1), facts={}, key="message:9", urgent=True
        )
    stand(hours(3), firing=600, sending=600)

    watchdog.look(web)

    assert [letter.recipients for letter in smtp_sink.received] == [[cast.nora.address]]
    waiting = select(Letter.kind).where(Letter.state == LetterState.QUEUED)
    assert db.session.scalars(waiting).all() == ["ticket-replied"]


def test_a_sending_thread_that_lives_sends_it_itself(web, cast, smtp_sink):
    stand(hours(3), firing=600, sending=5)

    watchdog.look(web)

    assert told() == 1
    assert smtp_sink.received == []


def test_a_letter_that_no_server_took_is_tried_again_at_the_next_look(web, cast, smtp_sink):
    smtp_sink.stop()
    stand(hours(3), firing=600, sending=600)
    watchdog.look(web)
    smtp_sink.start()

    watchdog.look(web)

    assert len(smtp_sink.to(cast.nora.address)) == 1
