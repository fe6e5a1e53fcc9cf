"""The invariants of escalation.md, each by its name, on real rows and real letters.

Where processes matter (E1, E2, E15) real workers run; elsewhere one worker's looks are made in
this process, so that the test decides when.
"""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app import failpoints
from app.database import db, transaction
from app.mail import leasing
from tests.cast import PASSWORD
from tests.faults import tables
from tests.faults.world import World
from tests.smtp_sink import DROP

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SIGRID, NORA = "sigrid.moe@fjordbank.example", "nora.falk@halden.example"
RUNGS = 5


def seconds(number: float) -> datetime:
    return NINE + timedelta(seconds=number)


def rows(world: World):
    return tables.read(world.url).rungs


def fired(world: World):
    return [row for row in rows(world) if row["state"] == "fired"]


def execute(world: World, statement: str, **values):
    with world.app.app_context():
        with transaction():
            db.session.execute(text(statement), values)
        db.session.remove()


def letters_to(world: World, address: str):
    return [one for one in tables.read(world.url).letters if one["to_address"] == address]


def test_e1_each_rung_that_is_due_fires_exactly_once(world):
    for _ in range(4):
        world.driver.open(ago_s=5)
    for _ in range(2):
        world.start_worker()

    verdict = world.settled().verdict()

    assert verdict.findings() == []
    assert (verdict.expected, verdict.fired) == (4 * RUNGS, 4 * RUNGS)


def test_e2_none_is_lost_while_workers_and_mail_server_are_away(world):
    world.sink.stop()
    world.driver.open(ago_s=8)
    world.start_worker()
    world.settled(within_s=1.5)
    world.sink.start()

    verdict = world.settled().verdict()

    assert verdict.findings() == []
    assert (verdict.fired, verdict.letters) == (RUNGS, len(tables.read(world.url).letters))
    assert max(verdict.lag) < 60


def test_e3_none_is_early_by_the_installations_clock(world):
    world.set_clock(NINE)
    world.driver.open()

    world.set_clock(seconds(2))
    world.work()
    assert rows(world) == [], "half of four seconds, to the second: not yet"

    world.set_clock(seconds(3))
    world.work()
    assert [row["instant_at"] for row in rows(world)] == [int(seconds(2).timestamp())]
    assert world.verdict().early == []


def test_e4_none_for_a_clock_that_stopped_or_paused_before_the_lock(world):
    answered, paused = world.driver.open(ago_s=3), world.driver.open(ago_s=3)
    world.driver.resolve(answered)
    world.driver.wait(paused)

    world.work()
    assert fired(world) == []
    assert {row["state"] for row in rows(world)} == {"not_told"}

    world.driver.message(paused)
    time.sleep(1.1)
    world.work()
    assert {row["ticket_id"] for row in fired(world)} == {paused}, "late, for it runs again"
    world.driver.resolve(paused)
    world.work()
    assert world.verdict().findings() == []


def test_e5_rungs_of_a_generation_rise(world):
    world.set_clock(NINE)
    ticket = world.driver.open()
    world.set_clock(seconds(3))
    world.work()
    world.set_clock(seconds(5))
    world.driver.wait(ticket)
    world.set_clock(seconds(30))
    world.driver.message(ticket)
    world.set_clock(seconds(40))
    world.work()

    positions = [row["position"] for row in rows(world) if row["measure"] == "resolution"]
    assert positions == sorted(positions) == [1, 2, 3, 4]
    assert world.verdict().findings() == []


def test_e6_what_has_fired_stays_fired(world):
    world.set_clock(NINE)
    ticket = world.driver.open(priority="high")
    world.set_clock(seconds(7))
    world.work()
    before = fired(world)
    assert before

    for verb in ("answer", "wait", "message", "resolve", "reopen"):
        world.set_clock(datetime.fromtimestamp(tables.now(world.url) + 1, UTC))
        assert getattr(world.driver, verb)(ticket) == "committed", verb
    for priority in ("low", "urgent", "high"):
        world.driver.prioritise(ticket, priority)
    world.work()

    assert [row for row in fired(world) if row["id"] in {one["id"] for one in before}] == before
    assert world.verdict().ghost == []


def test_e7_one_notice_per_event_and_recipient_and_a_rollback_leaves_none(world):
    world.driver.open(ago_s=8)
    failpoints.arm("firing.committing:1:raise")
    with pytest.raises(failpoints.Failed):
        world.work("fire")
    failpoints.arm("")
    assert [one["event"] for one in tables.read(world.url).notices] == ["opened:1"]

    world.work()

    told = [(one["event"], one["address"]) for one in tables.read(world.url).notices]
    assert len(told) == len(set(told)) == 1 + RUNGS + 1, "the fifth is told to two people"
    assert world.verdict().findings() == []


def test_e8_every_letter_ends_sent_or_parked_with_a_reason(world):
    world.sink.answer("550 no such person", to=NORA)
    world.driver.open(ago_s=8)

    world.work()

    states = {one["state"] for one in tables.read(world.url).letters}
    assert states == {"sent", "parked"}
    assert [one["reason"] for one in letters_to(world, NORA)] == [
        "The mail server answered 550: no such person"
    ]
    assert world.verdict().findings() == []


def test_e9_a_copy_only_after_a_lost_reply_and_with_the_same_message_id(world):
    world.sink.answer(DROP, stage="DATA", to=SIGRID, times=1)
    world.driver.open(ago_s=8)

    world.work()
    time.sleep(1.5)
    world.work()

    verdict = world.verdict()
    assert verdict.findings() == []
    came = [str(each.message["Message-ID"]) for each in world.sink.to(SIGRID)]
    assert (verdict.copies, len(came) - len(set(came))) == (1, 1)


def test_e10_a_refusal_for_now_is_tried_again_after_growing_pauses(world, monkeypatch):
    monkeypatch.setattr(leasing.random, "uniform", lambda *_: 1.0)
    world.set_clock(NINE)
    world.driver.open()
    world.sink.answer("451 later")
    tried_at = []
    for moment in range(20):
        world.set_clock(seconds(moment))
        before = len(tried_at)
        world.work("send")
        (letter,) = letters_to(world, SIGRID)
        if letter["tries"] > before:
            tried_at.append(moment)

    assert tried_at == [0, 1, 3, 7, 15], "one second, doubled each time"
    world.sink.behave()
    world.set_clock(seconds(60))
    world.work("send")
    assert letters_to(world, SIGRID)[0]["state"] == "sent"


def test_e11_poison_parks_alone(world):
    world.set_clock(NINE)
    bad, good = world.driver.open(), world.driver.open()
    execute(world, "UPDATE clock SET memory = '[]' WHERE ticket_id = :bad", bad=bad)

    at = seconds(60)
    for _ in range(9):
        world.set_clock(at)
        world.work("fire")
        at += timedelta(hours=1)

    assert {row["ticket_id"] for row in fired(world)} == {good}
    assert len(fired(world)) == RUNGS
    (trouble,) = tables.read(world.url).trouble
    assert (trouble["ticket_id"], trouble["tries"]) == (bad, 8)
    assert trouble["parked_at"] is not None


def test_e12_the_oldest_comes_first(world):
    world.set_clock(NINE)
    tickets = []
    for number, priority in enumerate(("normal", "high", "urgent")):
        world.set_clock(seconds(number))
        tickets.append(world.driver.open(priority=priority))
    world.set_clock(seconds(30))
    world.work("fire")

    first = {row["ticket_id"]: row["id"] for row in reversed(fired(world))}
    firsts_due = sorted(tickets, key=lambda ticket: _first_instant(world, ticket))
    assert sorted(first, key=first.get) == firsts_due


def _first_instant(world: World, ticket: int) -> int:
    return min(row["instant_at"] for row in rows(world) if row["ticket_id"] == ticket)


def test_e13_health_is_red_when_a_tick_a_due_rung_or_a_letter_is_too_old(world, client):
    world.set_clock(NINE)
    world.driver.open()
    assert "never run" in str(client.get("/healthz").json["reasons"])
    world.work("fire")
    assert client.get("/healthz").status_code == 200

    world.set_clock(seconds(300))
    red = client.get("/healthz")

    assert red.status_code == 503
    assert "last ticked" in str(red.json["reasons"])
    assert red.json["lag_s"] == 300 - 2
    world.work("fire")
    assert client.get("/healthz").status_code == 200


def test_e14_the_lag_metric_is_true(world, client):
    client.post("/sign-in", data={"address": NORA, "password": PASSWORD})
    world.set_clock(NINE)
    world.driver.open(priority="low")
    world.set_clock(seconds(500))
    assert _metric(client, "pledge_lag_seconds") == 500 - 6

    world.work("fire")

    late = [row["fired_at"] - row["instant_at"] for row in fired(world)]
    assert _metric(client, "pledge_lag_seconds") == 0
    assert _metric(client, "pledge_rung_lateness_seconds_sum") == sum(late)
    assert [row["late_by_s"] for row in fired(world)] == late


def _metric(client, name: str) -> float:
    page = client.get("/metrics").text
    found = re.search(rf"^{name} (\S+)$", page, re.MULTILINE)
    assert found, page
    return float(found[1])


def test_e15_any_number_of_workers_is_safe(world):
    world.lease_s = 20
    for _ in range(8):
        world.driver.open(ago_s=4)
    for _ in range(4):
        world.start_worker()

    verdict = world.settled().verdict()

    assert verdict.findings() == []
    assert (verdict.fired, verdict.copies) == (8 * RUNGS, 0)


def test_e16_never_a_letter_without_its_event_nor_a_yes_to_what_is_not_kept(
    world, client, monkeypatch
):
    client.post("/sign-in", data={"address": SIGRID, "password": PASSWORD})
    filled = {"subject": "VPN", "choice": "2", "body": "It is down.", "once": "the-first"}
    monkeypatch.setattr(db.session, "commit", _lost_before_it_was_kept)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    refused = client.post("/portal/new/vpn", data=filled)
    monkeypatch.undo()

    assert refused.status_code >= 500
    found = tables.read(world.url)
    assert (found.ops, found.notices, found.letters) == ([], [], [])


def _lost_before_it_was_kept() -> None:
    raise ConnectionError("the line was cut")
