"""Business time, one at a time and in bulk, against workclock and businesstimedelta.

All three keep the same office hours: Monday to Friday 09:00-17:00 in Berlin without the lunch
hour. Spans of 3 days and of a year of wall time, from 64 different starts.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import businesstimedelta
import numpy as np
import pytz
import workclock

from app.businesstime import Calendar
from bench import Figure, cpu_seconds

ZONE = "Europe/Berlin"
SINGLE_BUDGET, BULK_BUDGET = 400_000, 5_000_000
LENGTHS = (("3_days", 3, 2.0), ("a_year", 365, 10.0))
BULK = 1_000_000

Question = Callable[[datetime, datetime, int], object]
Row = tuple[datetime, datetime, int]


def run() -> Iterator[Figure]:
    """The figures of performance.md, "Ours alone", that are about business time."""
    calendar, peer, old = ours(), compiled_peer(), old_peer()
    verbs: tuple[tuple[str, Question, Question, Question], ...] = (
        (
            "add",
            lambda start, end, seconds: calendar.add(start, seconds),
            lambda start, end, seconds: peer.add(start, timedelta(seconds=seconds)),
            lambda start, end, seconds: (
                start + businesstimedelta.BusinessTimeDelta(old, seconds=seconds)
            ),
        ),
        (
            "elapsed",
            lambda start, end, seconds: calendar.elapsed(start, end),
            lambda start, end, seconds: peer.between(start, end),
            lambda start, end, seconds: old.difference(start, end),
        ),
    )
    for verb, mine, compiled, python in verbs:
        for length, days, budget in LENGTHS:
            data = rows(calendar, days)
            rate, limit = rate_of(mine, data, 100_000), rate_of(compiled, data, 5_000)
            name = f"businesstime.{verb}.{length}"
            yield against(name, rate, None, SINGLE_BUDGET, "/s")
            yield against(f"{name}.workclock", rate, limit, budget, "x")
            if days == 365:
                slow = rate_of(python, data[:2], 2, times=1)
                yield against(f"{name}.businesstimedelta", rate, slow, 1_000, "x")
        yield from bulk_figures(verb, calendar, rate)


def bulk_figures(verb: str, calendar: Calendar, single: float) -> Iterator[Figure]:
    """The bulk form over a million random rows of up to a year, against the single form."""
    random = np.random.default_rng(7)
    first = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    starts = random.integers(first, first + 365 * 86_400, BULK)
    ends = starts + random.integers(0, 365 * 86_400, BULK)
    seconds = calendar.elapsed_many(starts, ends)
    if verb == "add":
        rate = BULK / cpu_seconds(lambda: calendar.add_many(starts, seconds))
    else:
        rate = BULK / cpu_seconds(lambda: calendar.elapsed_many(starts, ends))
    yield against(f"businesstime.{verb}_many", rate, None, BULK_BUDGET, "/s")
    yield against(f"businesstime.{verb}_many.single", rate, single, 5, "x")


def against(name: str, rate: float, limit: float | None, budget: float, unit: str) -> Figure:
    """A rate judged by itself ("/s") or by its ratio to the limit ("x")."""
    ratio = None if limit is None else rate / limit
    judged = rate if ratio is None else ratio
    return Figure(name, rate, "ops/s", limit, ratio, f">={budget:.0f}{unit}", judged >= budget)


def rows(calendar: Calendar, days: int) -> list[Row]:
    """64 questions of that length: start, end and the business seconds between them."""
    first = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
    starts = [first + timedelta(hours=37 * n, seconds=n) for n in range(64)]
    ends = [start + timedelta(days=days) for start in starts]
    return [(a, b, calendar.elapsed(a, b)) for a, b in zip(starts, ends, strict=True)]


def rate_of(ask: Question, data: list[Row], calls: int, times: int = 5) -> float:
    """Answers per CPU second, the call through `ask` included for all alike."""
    rounds = max(1, calls // len(data))

    def work() -> None:
        for _ in range(rounds):
            for start, end, seconds in data:
                ask(start, end, seconds)

    return rounds * len(data) / cpu_seconds(work, times)


def ours() -> Calendar:
    """The office as a calendar."""
    return Calendar(ZONE, {day: [("09:00", "12:30"), ("13:30", "17:00")] for day in range(5)})


def compiled_peer() -> workclock.Schedule:
    """The office in workclock, whose core is compiled."""
    lunch = workclock.Break(time(12, 30), time(13, 30))
    return workclock.Schedule(
        [workclock.WorkDay(time(9), time(17)), lunch], time_zone=ZoneInfo(ZONE)
    )


def old_peer() -> businesstimedelta.Rules:
    """The office in businesstimedelta, which walks day by day."""
    zone = pytz.timezone(ZONE)
    week = [0, 1, 2, 3, 4]
    day = businesstimedelta.WorkDayRule(time(9), time(17), week, tz=zone)
    lunch = businesstimedelta.LunchTimeRule(time(12, 30), time(13, 30), week, tz=zone)
    return businesstimedelta.Rules([day, lunch])
