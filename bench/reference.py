"""The machine that budgets in milliseconds and seconds were written for, and this one beside it.

On that machine Flask answers "hello" for half a millisecond of CPU time under the same server
(performance.md, "Limits"). Here "hello" is asked once in the run; a budget holds as that many times
its cost.
"""

import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median

from bench import Figure
from bench.served import Client, Served, served

HELLO_S = 0.0005
WARM = 30
"""Requests before those that are measured: two workers share them."""
UNITS = {"s": 1.0, "ms": 1e3, "us": 1e6}


def beside_hello(name: str, taken_s: float, *, unit: str, budget_s: float) -> Figure:
    """A time beside what "hello" costs here; ``budget_s`` is meant where that is `HELLO_S`."""
    return _figure(name, taken_s * UNITS[unit], unit, taken_s, budget_s, f"{budget_s:g}s")


def rate_beside_hello(name: str, per_s: float, *, workers: int, budget_per_s: float) -> Figure:
    """How many a second ``workers`` do, by the cost of one beside "hello"."""
    cost_s, budget_s = workers / per_s, workers / budget_per_s
    return _figure(name, per_s, "requests/s", cost_s, budget_s, f"{budget_per_s:g}/s")


def _figure(
    name: str, value: float, unit: str, taken_s: float, budget_s: float, said: str
) -> Figure:
    ratio, most = taken_s / hello_s(), budget_s / HELLO_S
    limit = hello_s() * UNITS.get(unit, 1.0)
    budget = f"<={most:g}x({said})"
    return Figure(name, value, unit, limit, ratio, budget, ratio <= most)


@cache
def hello_s() -> float:
    """The CPU seconds of one "hello" on this machine, under the server that pages run under."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served("bench.hello:app", folder=Path(folder), settings={}) as server,
    ):
        client = Client(server.port)
        return cost_ms(server, lambda: client.get("/"), times=400)[0] / 1e3


def cost_ms(server: Served, ask: Callable[[], object], *, times: int) -> tuple[float, float]:
    """CPU milliseconds of the server per request, and the median on the wall.

    Of a server that has been at work: PostgreSQL keeps the plan of what it was asked ten times.
    """
    for _ in range(WARM):
        ask()
    before_s, taken = server.cpu_s, []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return (server.cpu_s - before_s) / times * 1e3, median(taken) * 1e3
