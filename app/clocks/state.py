"""What a clock is and what happens to it, as plain values (clocks.md). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.businesstime import Calendar

KNOWN_LATE = "known late"
"""Excluded because the stop came in time but was known only after the breach was recorded."""
SPAM = "spam"
DISPUTE = "dispute "
"""Excluded by both parties: the reason goes on with the number of their dispute."""
DUE = "due"
"""The cause of a breach: nobody did it."""


class Kind(StrEnum):
    """What can happen to a clock."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    MET = "met"
    CANCELLED = "cancelled"
    BREACHED = "breached"
    RETARGETED = "retargeted"
    RECALCULATED = "recalculated"
    REOPENED = "reopened"
    RESTORED = "restored"
    TAKEN_BACK = "taken_back"
    MERGED = "merged"
    EXCLUDED = "excluded"


class Phase(StrEnum):
    """Where a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact about a clock. Never changed; a correction is another event.

    `number` rises within a ticket. `at` is the instant from which it holds; `happened_at` is
    its own instant where that was earlier, `known_at` when it became known where that was later.
    `target_id`, `target_s` and `calendar_version_id` are those that hold from here on. `facts`
    holds what single kinds need: `because` (started, retargeted), `budget_s` (started late),
    `granted` (reopened), `budget_s used_s due_at breached_at` (merged), `handed_back` (taken back:
    a broken promise that a merged ticket had brought goes with it again).
    """

    number: int
    measure: str
    sequence: int
    kind: Kind
    at: datetime
    cause: str
    version_id: int
    tier_id: int
    target_id: int
    target_s: int
    calendar_version_id: int
    actor_id: int | None = None
    reason: str | None = None
    happened_at: datetime | None = None
    known_at: datetime | None = None
    undoes: int | None = None
    facts: Mapping[str, Any] | None = None


@dataclass(slots=True)
class ClockState:
    """A clock as its events left it. A value: only `apply` makes one, nobody changes it.

    Amounts are business seconds. `used_s` and `paused_s` are counted up to the last event.
    A pause began at `paused_since` and is in `paused_s` up to `pause_counted_at`.
    `due_at` is empty while paused, unless breached. `budgets` keeps, per target it left, the
    budget it last had there. `before` is the state before the change that led here, so that
    the change can be taken back.
    """

    measure: str
    sequence: int
    state: Phase
    version_id: int
    tier_id: int
    target_id: int
    target_s: int
    calendar_version_id: int
    budget_s: int
    started_at: datetime
    calendar: Calendar = field(compare=False, repr=False)
    used_s: int = 0
    paused_s: int = 0
    running_since: datetime | None = None
    paused_since: datetime | None = None
    pause_counted_at: datetime | None = None
    due_at: datetime | None = None
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    cancelled_reason: str | None = None
    breached_at: datetime | None = None
    chosen_because: str = ""
    excluded_because: str | None = None
    budgets: Mapping[int, int] = field(default_factory=dict)
    cause: str = field(default="", compare=False)
    changed_at: datetime | None = field(default=None, compare=False)
    number: int = field(default=0, compare=False)
    before: "ClockState | None" = field(default=None, compare=False, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it can still be met: it runs or is paused."""
        return self.state is Phase.RUNNING or self.state is Phase.PAUSED

    @property
    def is_breached(self) -> bool:
        """Whether its promise was broken; due and budget are frozen then."""
        return self.breached_at is not None

    @property
    def left_s(self) -> int:
        """What is left of the budget, as of the last event; negative when it is over."""
        return self.budget_s - self.used_s

    def used_at(self, at: datetime) -> int:
        """The business seconds used up to `at`."""
        if self.running_since is None:
            return self.used_s
        return self.used_s + self.calendar.elapsed(self.running_since, at)

    def paused_at(self, at: datetime) -> int:
        """The business seconds it stood still up to `at`."""
        if self.pause_counted_at is None:
            return self.paused_s
        return self.paused_s + self.calendar.elapsed(self.pause_counted_at, at)


def copied(clock: ClockState) -> ClockState:
    """A copy that `rules` may change; written out, because this is the cost of a fold."""
    return ClockState(
        clock.measure,
        clock.sequence,
        clock.state,
        clock.version_id,
        clock.tier_id,
        clock.target_id,
        clock.target_s,
        clock.calendar_version_id,
        clock.budget_s,
        clock.started_at,
        clock.calendar,
        clock.used_s,
        clock.paused_s,
        clock.running_since,
        clock.paused_since,
        clock.pause_counted_at,
        clock.due_at,
        clock.met_at,
        clock.stopped_at,
        clock.cancelled_reason,
        clock.breached_at,
        clock.chosen_because,
        clock.excluded_because,
        clock.budgets,
        clock.cause,
        clock.changed_at,
        clock.number,
        clock.before,
    )
