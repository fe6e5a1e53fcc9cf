"""Steps of the installation's clock, seen against the time since boot. Pure.

A step of over a minute is trouble that `/healthz` names; a leap forward of over an hour fires
nothing until it has lasted a minute, for a clock that is put right at once must not have
escalated half the desk. Nothing is stored: a process that starts takes the clock as it finds
it. Source: escalation.md, "One clock per installation".
"""

from dataclasses import dataclass

STEP_S = 60
LEAP_S = 3600
LASTING_S = 60
TRUSTED_AFTER_S = 3600
SLEW = 500e-6
"""What a clock is slowed or hastened at most by those who keep it right (ntpd: 500 ppm)."""


@dataclass(frozen=True, slots=True)
class Step:
    """By how many seconds the clock is ahead of what it should be, and since when (boot time)."""

    by_s: float
    since_s: float


class ClockSteps:
    """Compares two clocks whenever it is asked to look.

    ``clock_s`` is the installation's clock in seconds since 1970, ``boot_s`` a clock that
    nobody sets, from any origin.
    """

    def __init__(self) -> None:
        """Takes the first reading it gets for right."""
        self._offset_s: float | None = None
        self._looked_s = 0.0
        self._step: Step | None = None

    @property
    def step(self) -> Step | None:
        """The step that the clock still shows; None when it is right, or trusted again.

        It is right again when it has been set back, and trusted an hour after the step.
        """
        return self._step

    def look(self, clock_s: float, boot_s: float) -> None:
        """Take a reading of both clocks, made at the same moment."""
        offset_s = clock_s - boot_s
        if self._offset_s is None:
            self._offset_s = offset_s
        by_s = offset_s - self._offset_s
        if abs(by_s) <= STEP_S:
            allowed_s = SLEW * max(0.0, boot_s - self._looked_s)
            self._offset_s += max(-allowed_s, min(allowed_s, by_s))
            self._step = None
        elif self._step is None or abs(by_s - self._step.by_s) > STEP_S:
            self._step = Step(by_s, boot_s)
        elif boot_s - self._step.since_s >= TRUSTED_AFTER_S:
            self._offset_s, self._step = offset_s, None
        self._looked_s = boot_s

    def held_s(self, boot_s: float) -> float:
        """For how many seconds nothing may fire yet; 0 when it may."""
        if self._step is None or self._step.by_s <= LEAP_S:
            return 0.0
        return max(0.0, self._step.since_s + LASTING_S - boot_s)
