"""Many people at once who file, answer, wait, resolve and reopen, from a seed."""

import heapq
import itertools
import random
import threading
import time
from dataclasses import dataclass, field

from tests.faults.driver import Driver

PRIORITIES = ("urgent", "urgent", "high", "normal")
OTHERS = ("urgent", "high", "normal", "low")
ALONE = 0.4
"""The part of the tickets that nobody touches: their whole ladder comes."""


@dataclass
class Person:
    """One thread: its tickets are nobody else's. It files nothing new while ``is_crowded``."""

    driver: Driver
    chance: random.Random
    every_s: float
    done: dict[str, int] = field(default_factory=dict)
    opened: int = 0
    is_crowded: threading.Event = field(default_factory=threading.Event)
    _plans: list[tuple[float, int, int, str]] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def run(self, stopping: threading.Event) -> None:
        """File a ticket now and then and do what is planned; at the end end what is planned."""
        next_at = time.monotonic()
        while not stopping.is_set():
            if time.monotonic() >= next_at:
                if not self.is_crowded.is_set():
                    self._open()
                next_at = time.monotonic() + self.chance.expovariate(1 / self.every_s)
            while self._plans and self._plans[0][0] <= time.monotonic():
                _, _, ticket, status = heapq.heappop(self._plans)
                self._go_on(ticket, status)
            stopping.wait(0.02)
        for _, _, ticket, status in self._plans:
            if status != "resolved":
                self._count(self.driver.resolve(ticket))

    def _open(self) -> None:
        ticket = self.driver.open(priority=self.chance.choice(PRIORITIES))
        self._count("committed" if ticket else "failed")
        if ticket is not None:
            self.opened += 1
            if self.chance.random() > ALONE:
                self._plan(ticket, "open")

    def _go_on(self, ticket: int, status: str) -> None:
        deed = self.chance.choice(_POSSIBLE[status])
        if deed == "priority":
            outcome = self.driver.prioritise(ticket, self.chance.choice(OTHERS))
        else:
            outcome = getattr(self.driver, deed)(ticket)
        self._count(outcome)
        if outcome == "unknown":
            return  # nobody knows where it stands: it goes its way alone
        after = _AFTER.get(deed, status) if outcome == "committed" else status
        if after != "resolved" or self.chance.random() < 0.5:
            self._plan(ticket, after)

    def _plan(self, ticket: int, status: str) -> None:
        at = time.monotonic() + self.chance.uniform(0.2, 4)
        heapq.heappush(self._plans, (at, next(self._numbers), ticket, status))

    def _count(self, outcome: str) -> None:
        self.done[outcome] = self.done.get(outcome, 0) + 1


_POSSIBLE = {
    "open": ("answer", "wait", "wait", "priority", "priority", "resolve"),
    "waiting": ("message", "message", "answer", "priority", "resolve"),
    "resolved": ("reopen", "message"),
}
_AFTER = {
    "answer": "open",
    "wait": "waiting",
    "message": "open",
    "resolve": "resolved",
    "reopen": "open",
}
