"""Faults one at a time: clocks that step, nights when they are set, full and locked databases.

The clock of one process alone cannot be moved here (libfaketime is no requirement): the test
clock, the row that all processes share, steps instead. A full disk is RLIMIT_FSIZE: no file of
the worker may grow.
"""

import resource
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.escalation.processes import wait_until
from tests.faults import tables
from tests.faults.hours import Hours
from tests.faults.nemesis import NO_LIMIT
from tests.faults.proxy import Proxy
from tests.faults.test_invariants import NINE, RUNGS, fired, rows, seconds
from tests.faults.world import World

HOUR = timedelta(hours=1)


def only_on(world: World, name: str) -> None:
    if not world.url.startswith(name):
        pytest.skip(f"a fault of {name}")


def test_a_clock_an_hour_ahead_fires_all_late_and_back_again_nothing_twice(world):
    world.set_clock(NINE)
    world.driver.open(priority="high")
    world.set_clock(seconds(5))
    world.work()
    assert len(fired(world)) == 1
    world.set_clock(NINE + HOUR)
    world.work()
    before = fired(world)
    for at in (seconds(6), seconds(30), NINE + HOUR + HOUR):
        world.set_clock(at)
        world.work()

    assert len(before) == RUNGS
    assert fired(world) == before


@pytest.mark.parametrize(
    "starts_at",
    [
        datetime(2026, 3, 29, 0, 59, 57, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 59, 57, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 14, 3, tzinfo=UTC),
    ],
    ids=["spring", "autumn", "2038"],
)
def test_a_ladder_across_the_hour_that_clocks_are_set_and_past_2038(world, starts_at):
    world.set_clock(starts_at)
    world.driver.open()
    for moment in range(1, 9):
        world.set_clock(starts_at + timedelta(seconds=moment))
        world.work()

    verdict = world.verdict()

    assert verdict.findings() == []
    assert (verdict.fired, set(verdict.lag)) == (RUNGS, {1})


def test_the_oracles_hours_step_over_the_night_when_clocks_are_set():
    nights = Hours("Europe/Berlin", {str(day): [["22:00", "06:00"]] for day in range(7)})
    spring = int(datetime(2026, 3, 28, 21, tzinfo=UTC).timestamp())
    autumn = int(datetime(2026, 10, 24, 20, tzinfo=UTC).timestamp())

    assert nights.elapsed(spring, spring + 24 * 3600) == 7 * 3600 + 1 * 3600
    assert nights.elapsed(autumn, autumn + 24 * 3600) == 9 * 3600
    assert nights.add(spring, 7 * 3600) == spring + 7 * 3600


def test_a_database_that_another_process_holds_delays_and_loses_nothing(world):
    only_on(world, "sqlite")
    world.driver.open(ago_s=8)
    path = world.url.removeprefix("sqlite:///")
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        world.start_worker()
        time.sleep(2)
        other.execute("ROLLBACK")
    other.close()

    verdict = world.settled().verdict()

    assert verdict.findings() == []
    assert verdict.fired == RUNGS


def test_a_full_disk_delays_and_loses_nothing(world):
    only_on(world, "sqlite")
    worker = world.start_worker()
    wait_until(lambda: "The worker runs" in world.said(), saying="the worker runs")
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    began = time.time()
    world.driver.open(ago_s=8)
    time.sleep(2)
    assert rows(world) == []
    resource.prlimit(worker, resource.RLIMIT_FSIZE, NO_LIMIT)
    world.note("full", at=began, until=time.time())

    verdict = world.settled().verdict()

    assert verdict.findings() == []
    assert verdict.fired == RUNGS


def test_an_answer_to_commit_that_is_lost_fires_nothing_twice(world, database_url):
    only_on(world, "postgresql")
    parts = urlsplit(database_url)
    (folder,) = parse_qs(parts.query)["host"]
    proxy = Proxy(f"{folder}/.s.PGSQL.5432")
    world.worker_url = f"postgresql://postgres@127.0.0.1:{proxy.port}{parts.path}"
    try:
        world.start_worker()
        wait_until(lambda: "The worker runs" in world.said(), saying="the worker runs")
        world.note("database", until=time.time() + 10)
        proxy.order("drop 2")
        world.driver.open(ago_s=8)
        verdict = world.settled().verdict()
    finally:
        proxy.close()

    assert verdict.findings() == []
    assert verdict.fired == RUNGS


def test_a_worker_that_slept_beyond_its_lease_marks_nothing_that_another_sent(world):
    world.lease_s = 1
    world.driver.open(ago_s=8)
    sleeper = world.start_worker(failpoint="sending.leased:2:sleep=4")
    time.sleep(1.5)
    world.start_worker()

    world.settled()
    world.note("stop", at=time.time() - 10, until=time.time() + 5, pid=sleeper)
    time.sleep(3)
    verdict = world.verdict()

    assert verdict.findings() == []
    assert verdict.fired == RUNGS


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_ten_thousand_due_in_one_second_fire_once_each(world):
    world.lease_s = 60
    world.set_clock(NINE)
    for _ in range(10_000 // RUNGS):
        world.driver.open()
    world.set_clock(seconds(7))
    for _ in range(2):
        world.start_worker()

    verdict = world.settled(within_s=600).verdict()

    assert verdict.findings() == []
    assert verdict.fired == 10_000
    assert len({row["fired_at"] for row in tables.read(world.url).rungs}) == 1
