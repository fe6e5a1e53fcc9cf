"""Benchmarks: figures as ratios to limits taken in the same run (`make bench`).

A figure never fails anything: a machine is noisy, a line that says `over` is for reading.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time


@dataclass(frozen=True)
class Figure:
    """One measured value; `limit` is what it is compared with, `ratio` is value / limit."""

    name: str
    value: float
    unit: str
    limit: float | None
    ratio: float | None
    budget: str
    ok: bool


def print_line(figure: Figure) -> None:
    """Print `bench <name>: value=… unit=… limit=… ratio=… budget=… ok|over`."""
    print(
        f"bench {figure.name}: value={_number(figure.value)} unit={figure.unit}"
        f" limit={_number(figure.limit)} ratio={_number(figure.ratio)}"
        f" budget={figure.budget} {'ok' if figure.ok else 'over'}",
        flush=True,
    )


def cpu_seconds(work: Callable[[], object], times: int = 5) -> float:
    """The median CPU time of several runs of `work`, in seconds."""
    taken = []
    for _ in range(times):
        before = process_time()
        work()
        taken.append(process_time() - before)
    return max(median(taken), 1e-9)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
