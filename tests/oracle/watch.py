"""One clock of the oracle: a stop watch that counts open minutes."""

from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.deal import Deal, Promise
from tests.oracle.hours import Minutes

DECIDED = "dispute 7"
"""Excluded by both parties, in the one dispute that the stories tell of."""


@dataclass
class Watch:
    """Counts `used` minutes while it runs and `paused` ones while it stands still.

    `born` tells which fact started it, so that two tellings can be compared, `born_at` from which
    minute on it counts. `had` keeps the
    budget it last had in each promise it left. `seen` is the minute up to which it has counted,
    `alive` when it began to count again.
    """

    measure: str
    sequence: int
    promise: Promise
    budget: Minutes
    born: tuple[int, str]
    born_at: int
    seen: int
    state: str = "running"
    used: int = 0
    paused: int = 0
    due: Minutes | None = None
    met: int | None = None
    stopped: int | None = None
    why: str | None = None
    breached: Minutes | None = None
    excluded: str | None = None
    ended_by: str | None = None
    had: dict[int, Minutes] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it can still be met."""
        return self.state in ("running", "paused")

    def count_to(self, minute: int) -> None:
        """Let time pass up to `minute`."""
        passed = self.promise.hours.count(self.seen, minute)
        if self.state == "running":
            self.used += passed
        elif self.state == "paused":
            self.paused += passed
        self.seen = max(self.seen, minute)

    def look_ahead(self) -> None:
        """Say anew when it will be due; a broken promise keeps its minute."""
        if self.breached is not None:
            return
        left = self.budget - self.used
        self.due = None
        if self.state == "running":
            self.due = self.promise.hours.after(self.seen, left) if left > 0 else self.seen

    def settle(self, now: int) -> None:
        """Record the breach if its minute has passed."""
        if self.is_open and self.breached is None and self.due is not None and now > self.due:
            self.breached = self.due

    def pause(self) -> None:
        """Stand still."""
        if self.state == "running":
            self.state = "paused"
            self.look_ahead()

    def resume(self, promise: Promise | None) -> None:
        """Go on, under the newest hours of its promise."""
        if self.state != "paused":
            return
        if promise is not None and promise.number == self.promise.number:
            self.promise = promise.renewed(self.promise)
        self.state = "running"
        self.look_ahead()

    def end(self, how: str, promise: Promise | None, why: str | None = None) -> None:
        """Stop it for good; one that stands still goes on first, so that it has a due minute."""
        self.resume(promise)
        self.state, self.stopped, self.why = how, self.seen, why
        if how == "met":
            self.met = self.seen
            late = self.breached is not None and self.seen <= self.breached
            if late and self.excluded != DECIDED:
                self.excluded = "known late"

    def go_on(self, minute: int) -> None:
        """Run again after it had ended; what lay between is nobody's."""
        self.state, self.stopped, self.why, self.met = "running", None, None, None
        self.seen = minute
        if self.excluded in ("known late", "spam"):
            self.excluded = None

    def move(self, promise: Promise, deal: Deal) -> None:
        """Another promise in place of this one; no broken promise is touched."""
        if self.breached is not None or promise.number == self.promise.number:
            return
        promise = promise.begun(self.born_at)
        self.had[self.promise.number] = self.budget
        if promise.number in self.had:
            self.budget = self.had[promise.number]
        elif promise.minutes < self.promise.minutes:
            self.budget = max(promise.minutes, self.used + share(promise, deal.floor_percent))
        else:
            self.budget = max(promise.minutes, self.budget)
        self.promise = promise
        self.look_ahead()


def share(promise: Promise, percent: int) -> Minutes:
    """So many percent of what is promised."""
    return Fraction(promise.minutes * percent, 100)
