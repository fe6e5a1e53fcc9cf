"""Which rungs must have fired, reckoned from the driver's log alone. Imports nothing of the app.

The rules are those of clocks.md and escalation.md, written a second time and plainly: a ticket
is walked through what was done to it, every clock keeps what it used, every rung its instant.
Where a worker may have come before or after a verb, the rows are asked (`Rows`); whether they
may answer so is decided here. Instants are whole seconds since 1970.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.hours import Hours

FIRED, NOT_TOLD, COVERED = "fired", "not_told", "covered"
FIRST, RESOLUTION = "first_response", "resolution"


@dataclass(frozen=True)
class Row:
    """What a table says of one rung of one clock."""

    state: str
    instant: int
    fired_at: int | None


Key = tuple[int, str, int, int]
"""Ticket id, measure, position of the rung, generation."""
Rows = Callable[[Key], Row | None]


@dataclass(frozen=True)
class Expected:
    """One rung that had to come to something: fired, covered, or told to nobody.

    ``until`` is the verb's instant that ended its time, None while its clock still runs.
    """

    key: Key
    fate: str
    instant: int
    until: int | None
    tell: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deed:
    """One thing done to a ticket, as the driver wrote it down."""

    op: str
    verb: str
    at: int
    ticket: int
    priority: str = ""


@dataclass
class Clock:
    """One promise of one ticket: what it used, what it may use, and its rungs."""

    measure: str
    priority: str
    target: int
    budget: int
    since: int | None
    due: int | None
    used: int = 0
    is_met: bool = False
    breached: int | None = None
    left: dict[str, int] = field(default_factory=dict)
    done: dict[int, str] = field(default_factory=dict)
    generation: dict[int, int] = field(default_factory=dict)
    pending: dict[int, Expected] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return not self.is_met

    def key(self, ticket: int, position: int) -> Key:
        return ticket, self.measure, position, self.generation.get(position, 1)


class Oracle:
    """The house rules, from the first line of a driver's log."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.hours = Hours(world["zone"], world["week"])
        self.targets: Mapping[str, Mapping[str, int]] = world["targets"]
        self.ladder: Sequence[Mapping[str, Any]] = world["ladder"]
        self.floor: int = world["floor_percent"]
        self.grant: int = world["grant_percent"]

    def expected(self, deeds: Sequence[Deed], rows: Rows, *, until: int) -> list[Expected]:
        """What one ticket's rungs must have come to by ``until``; ``deeds`` in their order."""
        return _Walk(self, rows, deeds[0].ticket).through(deeds, until)

    def points(self, clock: Clock) -> Iterator[tuple[int, int, int]]:
        """Position, business seconds and instant of each rung of a running clock."""
        for position, rung in enumerate(self.ladder):
            if rung["measure"] == clock.measure and clock.since is not None:
                amount = self.amount(clock, position)
                yield position, amount, self._instant(clock, amount)

    def amount(self, clock: Clock, position: int) -> int:
        return -(-int(self.ladder[position]["percent"]) * clock.budget // 100)

    def _instant(self, clock: Clock, amount: int) -> int:
        assert clock.since is not None
        if amount == clock.budget and clock.due is not None:
            return clock.due
        at = self.hours.add(clock.since, max(0, amount - clock.used))
        if amount > clock.budget:
            return at
        opens = self.hours.next_open(at)
        return opens if clock.due is None else min(opens, clock.due)

    def target(self, measure: str, priority: str) -> int:
        by_priority = self.targets[measure]
        return by_priority.get(priority, by_priority.get("*", 0))


class _Walk:
    """One ticket from its first deed to the end of the run."""

    def __init__(self, oracle: Oracle, rows: Rows, ticket: int) -> None:
        self.oracle, self.rows, self.ticket = oracle, rows, ticket
        self.clocks: list[Clock] = []
        self.status = "new"
        self.last = 0
        self.found: list[Expected] = []

    def through(self, deeds: Sequence[Deed], until: int) -> list[Expected]:
        for deed in deeds:
            at = self.last = max(self.last, deed.at)
            self._fire(at)
            self._settle(at)
            getattr(self, f"_{deed.verb}")(deed, at)
        self._fire(None)
        for clock in self.clocks:
            for position, _, instant in self.oracle.points(clock):
                if instant < until and position not in clock.done:
                    clock.pending.pop(position, None)
                    self.found.append(self._one(clock, position, FIRED, instant, None))
            self.found += clock.pending.values()
        return self.found

    # -- what happens -------------------------------------------------------------------------

    def _open(self, deed: Deed, at: int) -> None:
        for measure in self.oracle.targets:
            target = self.oracle.target(measure, deed.priority)
            due = self.oracle.hours.add(at, target)
            self.clocks.append(Clock(measure, deed.priority, target, target, at, due))

    def _answer(self, _deed: Deed, at: int) -> None:
        self._stop(FIRST, at)
        self.status = "open"
        self._resume(at)

    def _wait(self, _deed: Deed, at: int) -> None:
        self._stop(FIRST, at)
        if self.status != "waiting":
            self.status = "waiting"
            self._pause(at)

    def _message(self, _deed: Deed, at: int) -> None:
        if self.status == "resolved":
            self._reopen(at, granted=True)
        elif self.status == "waiting":
            self.status = "open"
            self._resume(at)

    def _resolve(self, _deed: Deed, at: int) -> None:
        self._stop(FIRST, at)
        self._stop(RESOLUTION, at)
        self.status = "resolved"

    def _reopen_by_agent(self, _deed: Deed, at: int) -> None:
        self._reopen(at, granted=False)

    def _priority(self, deed: Deed, at: int) -> None:
        for clock in self.clocks:
            per_priority = "*" not in self.oracle.targets[clock.measure]
            if clock.is_open and clock.breached is None and per_priority:
                self._retarget(clock, deed.priority, at)

    # -- what that does to clocks -------------------------------------------------------------

    def _fire(self, until: int | None) -> None:
        """Take note of what the worker fired before ``until``, the verb that came next."""
        for clock in self.clocks:
            for position, _, instant in list(self.oracle.points(clock)):
                row = self.rows(clock.key(self.ticket, position))
                if position in clock.done or row is None or row.fired_at is None:
                    continue
                is_before = until is None or instant < row.fired_at <= until
                if row.state == FIRED and row.instant == instant and is_before:
                    clock.done[position] = FIRED
                    clock.pending.pop(position, None)
                    self.found.append(self._one(clock, position, FIRED, instant, until))

    def _settle(self, at: int) -> None:
        for clock in self.clocks:
            if clock.since is not None and clock.breached is None and clock.due is not None:
                clock.breached = clock.due if at > clock.due else None

    def _stop(self, measure: str, at: int) -> None:
        for clock in self.clocks:
            if clock.measure == measure and clock.is_open:
                self._miss(clock, at)
                self._halt(clock, at)
                clock.is_met = True

    def _pause(self, at: int) -> None:
        for clock in self.clocks:
            if clock.measure == RESOLUTION and clock.since is not None:
                self._miss(clock, at)
                self._halt(clock, at)
                clock.due = clock.breached

    def _resume(self, at: int) -> None:
        for clock in self.clocks:
            if clock.is_open and clock.since is None:
                self._run(clock, at)

    def _reopen(self, at: int, *, granted: bool) -> None:
        self.status = "open"
        for clock in self.clocks:
            if clock.measure == RESOLUTION and clock.is_met:
                clock.is_met = False
                if granted and clock.breached is None:
                    least = clock.used + clock.target * self.oracle.grant // 100
                    clock.budget = max(clock.budget, least)
                self._run(clock, at)
                self._arm_again(clock)

    def _retarget(self, clock: Clock, priority: str, at: int) -> None:
        if priority == clock.priority:
            return
        if clock.since is not None:
            clock.used += self.oracle.hours.elapsed(clock.since, at)
        target = self.oracle.target(clock.measure, priority)
        clock.left[clock.priority] = clock.budget
        if priority in clock.left:
            clock.budget = clock.left[priority]
        elif target < clock.target:
            clock.budget = max(target, clock.used + target * self.oracle.floor // 100)
        else:
            clock.budget = max(target, clock.budget)
        clock.priority, clock.target = priority, target
        if clock.since is not None:
            self._run(clock, at)
        self._cover(clock, at)
        self._arm_again(clock)

    def _run(self, clock: Clock, at: int) -> None:
        clock.since = at
        if clock.breached is None:
            clock.due = self.oracle.hours.add(at, max(0, clock.budget - clock.used))

    def _halt(self, clock: Clock, at: int) -> None:
        if clock.since is not None:
            clock.used += self.oracle.hours.elapsed(clock.since, at)
            clock.since = None

    def _miss(self, clock: Clock, at: int) -> None:
        """The verb came before the worker: told to nobody, unless the clock runs again."""
        for position, _, instant in self.oracle.points(clock):
            if instant < at and position not in clock.done:
                one = self._one(clock, position, NOT_TOLD, instant, at)
                clock.pending.setdefault(position, one)

    def _cover(self, clock: Clock, at: int) -> None:
        for position, rung in enumerate(self.oracle.ladder):
            amount = self.oracle.amount(clock, position)
            is_open = rung["measure"] == clock.measure and position not in clock.done
            if is_open and amount < clock.used and amount != clock.budget:
                clock.done[position] = COVERED
                clock.pending[position] = self._one(clock, position, COVERED, at, at)

    def _arm_again(self, clock: Clock) -> None:
        for position, rung in enumerate(self.oracle.ladder):
            if rung["measure"] != clock.measure:
                continue
            if self.oracle.amount(clock, position) > clock.used:
                clock.pending.pop(position, None)
                if clock.done.pop(position, None) == FIRED:
                    clock.generation[position] = clock.generation.get(position, 1) + 1

    def _one(
        self, clock: Clock, position: int, fate: str, instant: int, until: int | None
    ) -> Expected:
        tell = tuple(self.oracle.ladder[position]["tell"])
        return Expected(clock.key(self.ticket, position), fate, instant, until, tell)
