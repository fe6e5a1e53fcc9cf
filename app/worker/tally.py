"""What one worker process has done since it started, for `/metrics` and the page System."""

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobEvent,
)

HEARD = EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES
_TICKS = {
    EVENT_JOB_EXECUTED: "ran",
    EVENT_JOB_ERROR: "raised",
    EVENT_JOB_MISSED: "missed",
    EVENT_JOB_MAX_INSTANCES: "overlapped",
}


class Tally:
    """Counts that only grow; any thread may add to them."""

    def __init__(self) -> None:
        """Everything is at zero."""
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._jobs: dict[str, dict[str, float]] = {}
        self._ticks: Counter[str] = Counter()

    def went(self, job: str, took_s: float, counts: Mapping[str, int]) -> None:
        """A run of ``job`` ended well after ``took_s`` seconds."""
        with self._lock:
            self._run_of(job, took_s)
            self._counts.update(counts)

    def failed(self, job: str, took_s: float) -> None:
        """A run of ``job`` raised after ``took_s`` seconds."""
        with self._lock:
            self._run_of(job, took_s)["failures"] += 1

    def looked(self, part: str) -> None:
        """A thread looked for work."""
        with self._lock:
            self._counts[f"looks_{part}"] += 1

    def heard(self, event: JobEvent) -> None:
        """APScheduler tells of a tick: it ran, raised, came too late, or found one at work."""
        with self._lock:
            self._ticks[_TICKS.get(event.code, "other")] += 1

    def as_json(self) -> dict[str, Any]:
        """Everything counted so far, as plain JSON."""
        with self._lock:
            return {
                "counts": dict(self._counts),
                "jobs": {name: dict(run) for name, run in self._jobs.items()},
                "ticks": dict(self._ticks),
            }

    def _run_of(self, job: str, took_s: float) -> dict[str, float]:
        run = self._jobs.setdefault(job, {"runs": 0, "failures": 0, "seconds": 0.0, "longest": 0.0})
        run["runs"] += 1
        run["seconds"] = round(run["seconds"] + took_s, 6)
        run["longest"] = max(run["longest"], round(took_s, 6))
        return run
