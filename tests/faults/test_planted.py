"""Bugs on purpose: each of the ten must be found by the checker, and in the set it belongs to."""

import time
from datetime import UTC, datetime

import pytest

from app import clocksource
from app.database import transaction
from app.failpoints import EXIT_CODE
from tests.escalation.processes import wait_until
from tests.faults.planted import NAMES, no_reread, no_unique_key_and_no_lock
from tests.faults.world import World


def running(world: World, workers: int = 1) -> None:
    """Wait until so many are at work: a slow start would part what is to happen together."""
    wait_until(lambda: world.said().count("The worker runs") >= workers, saying="they run")


def twice_at_once(world: World) -> None:
    for priority in ("urgent", "high"):  # the rungs of one come when both are surely at work
        world.driver.open(priority=priority, ago_s=3)
    if not world.is_innocent:
        no_unique_key_and_no_lock.loosen(world.url)
    for _ in range(2):
        world.start_worker(plant="no_unique_key_and_no_lock")
    running(world, workers=2)
    time.sleep(6)


def death_between_mail_and_commit(world: World) -> None:
    world.driver.open(ago_s=3)
    worker = world.start_worker(plant="mail_before_commit")
    assert world.is_innocent or world.fell(worker) == EXIT_CODE
    time.sleep(1.1)  # in the same second the letter would be written anew, word for word
    world.start_worker()


def death_between_mark_and_mail(world: World) -> None:
    world.driver.open(ago_s=3)
    point = "sending.rendered:1"
    world.fell(world.start_worker(plant="marked_before_sent", failpoint=point))
    world.start_worker()


def another_clock(world: World) -> None:
    with world.app.app_context(), transaction():
        clocksource.set_test_clock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    world.driver.open()
    world.start_worker(plant="host_clock")
    running(world)


def down_over_an_instant(world: World) -> None:
    world.driver.open(ago_s=30)
    world.start_worker(plant="cursor")


def answer_to_commit_lost(world: World) -> None:
    world.driver.open(ago_s=3)
    world.start_worker(plant="blind_retry", failpoint="firing.committed:1:raise")


def asleep_beyond_the_lease(world: World) -> None:
    world.lease_s = 1
    world.driver.open(ago_s=3)
    world.start_worker(plant="lease_without_fence", failpoint="sending.leased:1:sleep=4")
    time.sleep(1.5)
    world.start_worker()
    world.settled()
    world.sink.answer("550 no such person")
    time.sleep(3)


def lowered_between_read_and_lock(world: World) -> None:
    world.start_worker(plant="no_reread")
    running(world)
    ticket = world.driver.open(priority="normal", ago_s=9)
    if not world.is_innocent:
        wait_until(lambda: no_reread.READ in world.said(), saying="what is due is read")
    assert world.driver.prioritise(ticket, "low") == "committed"
    time.sleep(2.5)
    world.driver.resolve(ticket)


def tables_kept_small(world: World) -> None:
    world.driver.open(ago_s=3)
    world.start_worker(plant="retention")
    time.sleep(2)


def raised_half_way(world: World) -> None:
    world.driver.open(ago_s=3)
    world.start_worker(plant="poison_without_savepoint", failpoint="firing.half_written:1:raise")


CASES = {
    "no_unique_key_and_no_lock": (twice_at_once, "twice"),
    "mail_before_commit": (death_between_mail_and_commit, "ghost"),
    "marked_before_sent": (death_between_mark_and_mail, "lost"),
    "host_clock": (another_clock, "early"),
    "cursor": (down_over_an_instant, "lost"),
    "blind_retry": (answer_to_commit_lost, "ghost"),
    "lease_without_fence": (asleep_beyond_the_lease, "unexplained"),
    "no_reread": (lowered_between_read_and_lock, "ghost"),
    "retention": (tables_kept_small, "lost"),
    "poison_without_savepoint": (raised_half_way, "lost"),
}


SLOW = {"lease_without_fence"}


@pytest.mark.parametrize(
    "bug",
    [pytest.param(bug, marks=pytest.mark.soak) if bug in SLOW else bug for bug in NAMES],
)
def test_a_planted_bug_is_caught(world, bug):
    happens, where = CASES[bug]

    happens(world)
    world.settled(within_s=6)
    verdict = world.verdict()

    assert getattr(verdict, where), verdict.table(f"{bug} was not caught\n{world.said()}")


@pytest.mark.soak
@pytest.mark.parametrize("bug", NAMES)
def test_without_the_bug_the_same_is_clean(world, bug):
    happens, _ = CASES[bug]
    world.is_innocent = True

    happens(world)
    began = time.time() - 60
    world.note("stop", at=began, until=time.time() + 60)  # one sleeps in one of the cases

    assert world.settled(within_s=20).verdict().findings() == []
