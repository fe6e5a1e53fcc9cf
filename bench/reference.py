"""The machine that budgets in milliseconds and seconds were written for, and this one beside it.

On that machine Flask answers "hello" for half a millisecond of CPU time under the same server
(performance.md, "Limits"). Here "hello" is asked beside every figure, for a machine that others use
too is not as fast now as a minute ago; a budget holds as that many times its cost.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from statistics import median

from bench import Figure
from bench.served import Client, Served, served

HELLO_S = 0.0005
HELLOS = 400
WARM, ROUNDS = 40, 8
"""Requests before those that are measured, which two workers share; and in how many parts these
and "hello" are asked by turns."""
UNITS = {"s": 1.0, "ms": 1e3, "us": 1e6}


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of a request: of the server's CPU, on the wall, and of one "hello" meanwhile."""

    cpu_s: float
    wall_s: float
    hello_s: float


def beside_hello(
    name: str, taken_s: float, *, unit: str, budget_s: float, hello_s: float | None = None
) -> Figure:
    """A time beside what "hello" costs here; ``budget_s`` is meant where that is `HELLO_S`.

    ``hello_s`` is what it cost meanwhile; it is asked for now where nobody did.
    """
    hello_s = hello_s or asked_hello_s()
    said = f"{budget_s:g}s"
    return _figure(name, taken_s * UNITS[unit], unit, taken_s, budget_s, said, hello_s)


def rate_beside_hello(
    name: str, per_s: float, *, workers: int, budget_per_s: float, hello_s: float
) -> Figure:
    """How many a second ``workers`` do, by the cost of one beside "hello"."""
    cost_s, budget_s, said = workers / per_s, workers / budget_per_s, f"{budget_per_s:g}/s"
    return _figure(name, per_s, "requests/s", cost_s, budget_s, said, hello_s)


def _figure(
    name: str,
    value: float,
    unit: str,
    taken_s: float,
    budget_s: float,
    said: str,
    hello_s: float,
) -> Figure:
    ratio, most = taken_s / hello_s, budget_s / HELLO_S
    limit = hello_s * UNITS.get(unit, 1.0)
    return Figure(name, value, unit, limit, ratio, f"<={most:g}x({said})", ratio <= most)


def cost(server: Served, ask: Callable[[], object], *, times: int) -> Cost:
    """What one request costs ``server``; on the wall the median.

    Of a server that has been at work: PostgreSQL keeps the plan of what it was asked ten times.
    """
    for _ in range(WARM):
        ask()
    cpu_s, hello_s, taken = 0.0, 0.0, []
    for _ in range(ROUNDS):
        hello_s += asked_hello_s(HELLOS // ROUNDS) / ROUNDS
        before_s = server.cpu_s
        for _ in range(ceil(times / ROUNDS)):
            began = time.perf_counter()
            ask()
            taken.append(time.perf_counter() - began)
        cpu_s += server.cpu_s - before_s
    return Cost(cpu_s / len(taken), median(taken), hello_s)


def asked_hello_s(times: int = HELLOS) -> float:
    """The CPU seconds of one "hello" on this machine now, under the server that pages run under."""
    server, client = _greeter()
    before_s = server.cpu_s
    for _ in range(times):
        client.get("/")
    return (server.cpu_s - before_s) / times


@cache
def _greeter() -> tuple[Served, Client]:
    """The server that says "hello" as long as the benchmarks run, and who asks it."""
    folder = _open.enter_context(tempfile.TemporaryDirectory())
    server = _open.enter_context(served("bench.hello:app", folder=Path(folder), settings={}))
    client = Client(server.port)
    for _ in range(HELLOS):
        client.get("/")
    return server, client


_open = ExitStack()


def close() -> None:
    """Let the server that says "hello" go."""
    _greeter.cache_clear()
    _open.close()
