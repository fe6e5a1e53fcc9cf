"""The installation's clock as the worker asks it: watched for steps, silent after a leap.

Source: escalation.md, "One clock per installation"; the rules are in `app.clocksteps`.
"""

import threading
import time
from datetime import datetime

from app import clocksource, wallclock
from app.clocksteps import ClockSteps, Step


class ClockLeapt(Exception):
    """The clock leapt forward by over an hour less than a minute ago: nothing fires yet."""


class WatchedClock:
    """The installation's clock beside the time since boot; any thread may ask it.

    While a test clock is set nothing is watched: it leaps as tests tell it to.
    """

    def __init__(self, *, testing: bool) -> None:
        """``testing``: a row may stand in for the clock."""
        self._testing = testing
        self._lock = threading.Lock()
        self._steps = ClockSteps()

    @property
    def step(self) -> Step | None:
        """The step that the clock shows at the moment."""
        with self._lock:
            return self._steps.step

    @property
    def held_s(self) -> float:
        """For how many seconds nothing may fire yet."""
        with self._lock:
            return self._steps.held_s(since_boot_s())

    def read(self) -> float:
        """The clock in seconds since 1970, with the fraction of the second."""
        if self._testing and (at := clocksource.test_clock()) is not None:
            with self._lock:
                self._steps = ClockSteps()
            return at.timestamp()
        clock_s = clocksource.ticking()
        self._look(clock_s)
        return clock_s

    def now(self) -> datetime:
        """The present instant in whole seconds; `ClockLeapt` while a leap is new."""
        at = wallclock.now()
        if not self._testing:
            self._look(at.timestamp())
        if self.held_s:
            raise ClockLeapt
        return at

    def _look(self, clock_s: float) -> None:
        with self._lock:
            self._steps.look(clock_s, since_boot_s())


def since_boot_s() -> float:
    """Seconds since boot, sleep included where the host counts it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
