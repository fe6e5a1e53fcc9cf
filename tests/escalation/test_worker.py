"""The worker as a process, with a real mail server: killed and started again at any moment.

The ladder of the client "Round the clock" is in seconds: of ten, the manager is told at 30 %,
the agent at 60 %, the manager and the client's contact at due.
"""

import random
import time
import tomllib
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import claims, wallclock
from app.agreements import loading
from app.catalogue.words import Priority
from app.clocks.models import Clock, Escalation, EscalationState
from app.database import begin_reading, db, transaction
from app.mail.models import Letter, LetterState
from app.notices.models import Notice
from app.people.models import GrantKind, SignatoryGrant
from app.tickets import conversation, queries
from app.tickets.conversation import Then
from app.tickets.models import HistoryEntry
from tests import cast as stage
from tests import factories
from tests.escalation.processes import Workers, wait_until, workers
from tests.smtp_sink import smtp_sink as smtp_sink

LADDER = Path(__file__).with_name("seconds.toml")
ESCALATIONS = ("escalation", "escalation-digest", "client-promise")


@pytest.fixture
def cast(app):
    """The cast, with Sigrid as the contact of the client whose ladder is in seconds."""
    cast = stage.assemble()
    with transaction():
        loading.load(tomllib.loads(LADDER.read_text("utf-8")), at=wallclock.now())
        db.session.add(
            SignatoryGrant(
                person_id=cast.sigrid.id,
                organisation_id=cast.fjordbank.id,
                kind=GrantKind.CONTACT,
            )
        )
    begin_reading()  # the test only looks, lest it keep the workers from writing
    return cast


@pytest.fixture
def crew(app, database_url, smtp_sink, tmp_path, nursery):
    with workers(database_url, smtp_sink, tmp_path, nursery) as crew:
        yield crew


def file_request(cast, *, subject="VPN down", ago_s=0):
    at = wallclock.now() - timedelta(seconds=ago_s)
    db.session.rollback()  # what was only read must not hold an old snapshot
    return factories.open_request(
        cast.sigrid,
        cast.vpn_problem,
        at=at,
        subject=subject,
        priority=Priority.URGENT,
    )


def escalations(smtp_sink, address):
    """The letters of the ladder that came for ``address``."""
    starts = ("AT RISK", "BREACHED", "RUNNING")
    return [each for each in smtp_sink.to(address) if each.subject.startswith(starts)]


def count(column, *conditions):
    db.session.rollback()
    return db.session.scalar(select(func.count(column)).where(*conditions))


def is_beating(part):
    db.session.rollback()
    return claims.last_beat(part) is not None


def is_all_told():
    """Whether every notice is in a letter and every letter marked."""
    unsent = Letter.state.in_((LetterState.QUEUED, LetterState.SENDING))
    return count(Notice.id, Notice.gathered_at.is_(None)) == 0 == count(Letter.id, unsent)


def test_the_manager_hears_before_and_after_due_though_the_worker_is_killed_between(
    cast, crew: Workers, smtp_sink
):
    first = crew.start()
    wait_until(lambda: is_beating("firing"), saying="the worker's beat")
    ticket = file_request(cast)
    wait_until(lambda: escalations(smtp_sink, cast.jens.address), saying="the letter before due")
    wait_until(is_all_told, saying="every letter marked")
    crew.kill(first)
    db.session.rollback()
    due_at = db.session.scalar(select(Clock.due_at).where(Clock.measure == "resolution"))
    wait_until(lambda: wallclock.now() > due_at, saying="the due time")
    before = count(Escalation.id)
    second = crew.start()
    wait_until(
        lambda: len(escalations(smtp_sink, cast.jens.address)) >= 2, saying="the letter after due"
    )
    wait_until(is_all_told, saying="every letter marked")

    assert before < 3
    assert crew.stop(second) == 0
    assert crew.said().rstrip().endswith("The worker has stopped.")
    subjects = [each.subject for each in escalations(smtp_sink, cast.jens.address)]
    assert [subject.split()[0] for subject in subjects] == ["RUNNING,", "BREACHED"]
    assert len(escalations(smtp_sink, cast.sigrid.address)) == 1, "the client's contact, once"
    assert count(Escalation.id, Escalation.state == EscalationState.FIRED) == 3
    assert count(HistoryEntry.id, HistoryEntry.verb == "escalated") == 3
    assert all(each.message["References"] for each in escalations(smtp_sink, cast.jens.address))
    assert {each.ticket_id for each in db.session.scalars(select(Letter))} == {ticket.id}


def test_e1_e2_e7_e9_killed_again_and_again_nothing_is_lost_or_told_twice(
    cast, crew: Workers, smtp_sink
):
    chance = random.Random(20261118)
    for number in range(24):
        file_request(cast, subject=f"Number {number}")
    crew.start()
    until, kills = time.monotonic() + 12, 0
    while time.monotonic() < until:
        kills += 1
        crew.start()
        time.sleep(chance.uniform(1.0, 2.5))
        crew.kill(chance.choice(crew.running))
    crew.start()
    wait_until(
        lambda: count(Escalation.id) == 24 * 3 and is_all_told(),
        within_s=60,
        saying="everything fired and sent",
    )

    keys = db.session.execute(select(Escalation.clock_id, Escalation.rung_id)).all()
    assert len(set(keys)) == len(keys) == 24 * 3
    assert count(Notice.id, Notice.kind.in_(("escalation", "client-promise"))) == 24 * 4
    assert count(Letter.id, Letter.state != LetterState.SENT) == 0
    came = Counter(str(each.message["Message-ID"]) for each in smtp_sink.received)
    assert set(came) == set(db.session.scalars(select(Letter.message_id)))
    assert sum(came.values()) - len(came) <= kills, "a copy only for a death before the mark"


def test_what_was_answered_before_the_worker_came_back_is_told_to_nobody(
    cast, crew: Workers, smtp_sink
):
    ticket = file_request(cast, ago_s=12)
    with transaction():
        conversation.reply(
            queries.for_change(ticket.id),
            by=cast.mara,
            body="Solved: the gateway has a new certificate.",
            at=wallclock.now(),
            then=Then.RESOLVE,
        )

    crew.start()
    wait_until(lambda: is_beating("sending"), saying="the worker's beats")
    wait_until(is_all_told, saying="every letter marked")

    assert escalations(smtp_sink, cast.jens.address) == []
    assert count(Escalation.id, Escalation.state == EscalationState.FIRED) == 0
    words = [
        entry.facts["words"]
        for entry in db.session.scalars(
            select(HistoryEntry).where(HistoryEntry.verb == "not-told").order_by(HistoryEntry.id)
        )
    ]
    assert "100 % of resolution not told: resolve came first" in words
    assert db.session.scalar(select(Clock.breached_at).where(Clock.measure == "resolution"))


def test_e2_letters_wait_for_a_mail_server_that_is_away(cast, crew: Workers, smtp_sink):
    smtp_sink.stop()
    file_request(cast, ago_s=12)
    crew.start()
    wait_until(lambda: count(Escalation.id) == 3, saying="the whole ladder")
    wait_until(lambda: "letters wait:" in crew.said(), saying="a try in vain")
    assert smtp_sink.received == []

    smtp_sink.start()

    wait_until(is_all_told, saying="every letter marked")
    assert len(escalations(smtp_sink, cast.sigrid.address)) == 1
    assert crew.said().count("letters wait:") == 1, "said once, not at every probe"
