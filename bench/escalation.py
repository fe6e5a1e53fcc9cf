"""Clocks and escalation: the fold, firing, the idle tick, many due at once.

Source: performance.md. Firing is measured beside bare INSERT … COMMIT on the same database with
the same settings, in wall time of one process: a commit is mostly waiting.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import select, text, update

from app.agreements import contracts
from app.calendars import queries as calendars
from app.clocks import queries
from app.clocks.models import Clock
from app.clocks.rules import fold
from app.clocks.state import Event, Kind
from app.database import db, transaction
from app.escalation import firing
from bench import Figure, places
from bench.crowd import MONDAY, multiply, one_ticket, resolution_of
from bench.reference import beside_hello

FOLD_US, IDLE_MS, GROWTH = 50, 1.0, 1.2
DUE = MONDAY + timedelta(hours=3, minutes=1)
"""A minute after three quarters of the budget: one rung of every clock has come."""


def run() -> Iterator[Figure]:
    """All figures, on SQLite and then on PostgreSQL."""
    for name in places.KINDS:
        yield from _on(name)


def _on(name: str) -> Iterator[Figure]:
    with places.installation(name):
        _, ticket = one_ticket()
        clock = resolution_of(ticket)
        if name == "sqlite":
            yield _fold(clock)
        bare_s = _bare_insert_s()
        multiply(ticket, clock, until=3_000)
        small_ms = _idle_ms()
        yield from _due("3000", name, 3_000, bare_s, budget_s=2)
        _put_off()
        multiply(ticket, clock, until=1_000_000)
        large_ms = _idle_ms()
        yield beside_hello(
            f"tick.idle.{name}.1000000", large_ms / 1e3, unit="ms", budget_s=IDLE_MS / 1e3
        )
        yield Figure(
            f"tick.idle.{name}.growth",
            large_ms,
            "ms",
            small_ms,
            large_ms / small_ms,
            f"<={GROWTH}x",
            large_ms / small_ms <= GROWTH,
        )
        _make_due(100)
        yield from _due("100_of_1000000", name, 100, bare_s, budget_s=0.1)


def _fold(clock: Clock) -> Figure:
    """A clock of 20 events, folded."""
    first = queries.events_of(clock)[0]
    events = [first, *(_again(first, number) for number in range(2, 21))]
    rules = contracts.rules_of([first.tier_id])
    hours = calendars.value(first.calendar_version_id)

    def once() -> None:
        fold(events, lambda event: rules[event.tier_id], lambda _: hours)

    once()
    began = process_time()
    for _ in range(2_000):
        once()
    taken_s = (process_time() - began) / 2_000
    return beside_hello("clock.fold.20_events", taken_s, unit="us", budget_s=FOLD_US / 1e6)


def _again(first: Event, number: int) -> Event:
    """A pause or the end of one, five minutes after the event before."""
    return Event(
        number,
        first.measure,
        first.sequence,
        Kind.PAUSED if number % 2 == 0 else Kind.RESUMED,
        first.at + timedelta(minutes=5 * number),
        "bench",
        first.version_id,
        first.tier_id,
        first.target_id,
        first.target_s,
        first.calendar_version_id,
        facts={"status": "waiting_requester"},
    )


def _bare_insert_s(times: int = 500) -> float:
    """The seconds of one INSERT … COMMIT, the median of several runs."""
    with transaction():
        db.session.execute(text("CREATE TABLE bare (id INTEGER, words TEXT)"))

    def insert() -> None:
        for _ in range(times):
            with transaction():
                connection = db.session.connection()
                connection.exec_driver_sql("INSERT INTO bare (id, words) VALUES (1, 'x')")

    return _wall_s(insert, runs=3) / times


def _due(
    label: str, name: str, expected: int, bare_s: float, *, budget_s: float
) -> Iterator[Figure]:
    began = perf_counter()
    fired, most = 0, firing.FIRST_TICKETS
    while (done := firing.fire_due(lambda: DUE, most=most)).more:
        fired += done.rungs
        most = firing.fitting(most, done)
    taken_s = perf_counter() - began
    if fired < expected:
        raise RuntimeError(f"{fired} rungs fired of {expected}")
    yield beside_hello(f"escalate.{label}.{name}", taken_s, unit="s", budget_s=budget_s)
    each_s = taken_s / fired
    yield Figure(
        f"escalate.{label}.{name}.each",
        each_s * 1e3,
        "ms",
        bare_s * 1e3,
        each_s / bare_s,
        "<=3x",
        each_s <= 3 * bare_s,
    )


def _put_off() -> None:
    """Nothing is due any more: the next thing on every clock lies ahead of the tick."""
    with transaction():
        db.session.execute(update(Clock).values(next_at=DUE + timedelta(days=300)))


def _make_due(count: int) -> None:
    """The rung after the one that fired comes on ``count`` clocks."""
    with transaction():
        chosen = select(Clock.id).order_by(Clock.id.desc()).limit(count).scalar_subquery()
        db.session.execute(update(Clock).where(Clock.id.in_(chosen)).values(next_at=MONDAY))


def _idle_ms() -> float:
    """The CPU milliseconds of a tick with nothing due, the median of many."""
    early = MONDAY + timedelta(hours=1)
    return _median_ms(lambda: firing.fire_due(lambda: early), 300)


def _median_ms(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = process_time()
        work()
        taken.append(process_time() - began)
    return median(taken) * 1e3


def _wall_s(work: Callable[[], object], *, runs: int) -> float:
    taken = []
    for _ in range(runs):
        began = perf_counter()
        work()
        taken.append(perf_counter() - began)
    return median(taken)
