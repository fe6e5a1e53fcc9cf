"""The lock is taken, but what was read before it is believed."""

import time

from tests.faults.planted import stale

READ = "plant: read"


def plant() -> None:
    stale.plant(_dawdle)


def _dawdle() -> None:
    print(READ, flush=True)
    time.sleep(1.5)
