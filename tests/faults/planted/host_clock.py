"""The worker believes its host's clock instead of the installation's."""

from app import clocksource, wallclock
from tests.faults.planted import swap


def plant() -> None:
    for name in ("testing", "installed"):
        swap(clocksource, name, wallclock.host)
    swap(clocksource, "test_clock", lambda: None)
