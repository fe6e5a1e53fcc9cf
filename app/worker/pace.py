"""How a job goes on: at once, after a rest, or after a pause that grows while it fails."""

import time

from app.jobs import Done

LONGEST_PAUSE_S = 30
LONGEST_VAIN_S = 2.0


class Pace:
    """When a job may run again, and what it said last; used by the job's own thread only."""

    def __init__(self) -> None:
        """It may run at once."""
        self._rests_until = 0.0
        self._vain = 0
        self._said: str | None = None
        self.failures = 0

    @property
    def rest_s(self) -> float:
        """For how many seconds it is to be left alone; 0 when it may run."""
        return max(0.0, self._rests_until - time.monotonic())

    @property
    def is_resting(self) -> bool:
        """Whether it is to be left alone for now."""
        return self.rest_s > 0

    def failed(self) -> float:
        """Leave it alone for 1, 2, 4 … seconds, half a minute at most; how many."""
        pause_s = float(min(LONGEST_PAUSE_S, 2 ** min(self.failures, 10)))
        self.failures += 1
        self._rests_until = time.monotonic() + pause_s
        return pause_s

    def went(self, done: Done) -> None:
        """Note a run that ended well; it may ask for a rest itself."""
        self.failures = 0
        self._rests_until = time.monotonic() + done.pause_s
        self._said = done.said if done.pause_s else None
        self._vain = 0 if done.said else self._vain + 1

    def vain_s(self) -> float:
        """How long to wait before looking again at what is due and could not be done.

        Another worker has it; the wait grows from a tenth of a second to two seconds.
        """
        return (
            0.0 if not self._vain else float(min(LONGEST_VAIN_S, 0.05 * 2 ** min(self._vain, 10)))
        )

    def is_news(self, said: str) -> bool:
        """False for what is said again and again while a server stays away."""
        return said != self._said
