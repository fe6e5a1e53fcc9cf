"""A second implementation of the clock rules: slow, minute by minute, nothing from `app`.

A ticket is told as a list of `Step`s at whole minutes from contact (minute 0, Monday 00:00).
"""

from dataclasses import dataclass, field

DAY, WEEK = 24 * 60, 7 * 24 * 60
TARGETS = {  # priority -> measure -> (minutes, hours in which they count)
    "urgent": {
        "first_response": (60, "always"),
        "next_response": (120, "always"),
        "resolution": (240, "always"),
    },
    "high": {
        "first_response": (120, "office"),
        "next_response": (240, "office"),
        "resolution": (480, "office"),
    },
    "normal": {
        "first_response": (240, "office"),
        "next_response": (480, "office"),
        "resolution": (2400, "office"),
    },
}
ACTIVE = {"new", "open", "waiting_requester", "waiting_vendor", "on_hold"}


def is_open(hours: str, minute: int) -> bool:
    if hours == "always":
        return True
    return minute % WEEK < 5 * DAY and 9 * 60 <= minute % DAY < 17 * 60


@dataclass(frozen=True)
class Step:
    minute: int
    verb: str  # wrote responded status priority resolve resolve_silently reopen reopen_by_agent
    value: str = ""


@dataclass
class Watch:
    """One clock, counted in minutes."""

    measure: str
    number: int
    priority: str
    budget: int
    used: int = 0
    paused: int = 0
    state: str = "running"
    due: int | None = None
    breached: int | None = None
    ended: int | None = None
    had: dict[str, int] = field(default_factory=dict)

    @property
    def hours(self) -> str:
        return TARGETS[self.priority][self.measure][1]

    @property
    def target(self) -> int:
        return TARGETS[self.priority][self.measure][0]

    def look(self, minute: int) -> None:
        """Is it used up by now? Then this minute is its due time, unless it has one."""
        if self.breached is None and self.due is None and self.used >= self.budget:
            self.due = minute


class Ticket:
    def __init__(self, priority: str) -> None:
        self.priority = priority
        self.status = "new"
        self.minute = 0
        self.watches: list[Watch] = []
        self.answers = 0
        self.asked = False
        self.begin("first_response")
        self.begin("resolution")

    def begin(self, measure: str) -> None:
        number = 1 + sum(watch.measure == measure for watch in self.watches)
        target = TARGETS[self.priority][measure][0]
        self.watches.append(Watch(measure, number, self.priority, target))

    def live(self, *measures: str) -> list[Watch]:
        return [
            watch
            for watch in self.watches
            if watch.state in ("running", "paused") and (not measures or watch.measure in measures)
        ]

    def pass_until(self, minute: int) -> None:
        """One minute after the other."""
        while self.minute < minute:
            for watch in self.live():
                if watch.state == "paused" and is_open(watch.hours, self.minute):
                    watch.paused += 1
                if watch.state == "running":
                    if watch.due is not None and self.minute > watch.due:
                        watch.breached = watch.due
                    if is_open(watch.hours, self.minute):
                        watch.used += 1
            self.minute += 1
            for watch in self.live():
                if watch.state == "running":
                    watch.look(self.minute)
        for watch in self.live():
            late = watch.due is not None and self.minute > watch.due
            if watch.state == "running" and late:
                watch.breached = watch.due

    def happen(self, step: Step) -> bool:
        """Let it happen; False when it cannot."""
        self.pass_until(step.minute)
        return bool(getattr(self, step.verb)(step.value))

    def pause(self) -> None:
        for watch in self.live():
            waits = self.status == "waiting_requester" and watch.measure != "first_response"
            if waits and watch.state == "running":
                watch.state = "paused"
                if watch.breached is None:
                    watch.due = None
            elif not waits and watch.state == "paused":
                self.go_on(watch)

    def go_on(self, watch: Watch) -> None:
        watch.state = "running"
        watch.look(self.minute)

    def end(self, watch: Watch, state: str) -> None:
        if watch.state == "paused":
            self.go_on(watch)
        watch.state, watch.ended = state, self.minute

    def ask(self) -> None:
        waits = self.asked and self.answers and self.status in ACTIVE
        if waits and not self.live("next_response"):
            self.begin("next_response")

    def wrote(self, _: str) -> bool:
        if self.status == "waiting_requester":
            self.status = "open"
            self.pause()
        self.asked = True
        self.ask()
        return True

    def responded(self, _: str) -> bool:
        if self.status not in ACTIVE:
            return False
        for watch in self.live("first_response", "next_response"):
            self.end(watch, "met")
        self.answers += 1
        self.asked = False
        return True

    def set_status(self, value: str) -> bool:
        if self.status not in ACTIVE:
            return False
        self.status = value
        self.pause()
        return True

    def set_priority(self, value: str) -> bool:
        self.priority = value
        for watch in self.live():
            if watch.breached is None:
                self.move(watch)
        return True

    def move(self, watch: Watch) -> None:
        if watch.priority == self.priority:
            return
        before = watch.target
        watch.had[watch.priority] = watch.budget
        watch.priority = self.priority
        if self.priority in watch.had:
            watch.budget = watch.had[self.priority]
        elif watch.target < before:
            watch.budget = max(watch.target, watch.used + watch.target / 4)
        else:
            watch.budget = max(watch.target, watch.budget)
        watch.due = None
        if watch.state == "running":
            watch.look(self.minute)

    def resolve(self, _: str) -> bool:
        if self.status not in ACTIVE:
            return False
        for watch in self.live():
            self.end(watch, "met")
        self.answers += 1
        self.asked = False
        self.status = "resolved"
        return True

    def resolve_silently(self, _: str) -> bool:
        if self.status not in ACTIVE or self.live("first_response"):
            return False
        for watch in self.live("next_response"):
            self.end(watch, "cancelled")
        for watch in self.live("resolution"):
            self.end(watch, "met")
        self.asked = False
        self.status = "resolved"
        return True

    def reopen(self, _: str, grant: bool = True) -> bool:
        if self.status != "resolved":
            return False
        self.status = "open"
        watch = next(watch for watch in self.watches if watch.measure == "resolution")
        watch.ended = None
        if watch.breached is None:
            self.move(watch)
            watch.due = None
            if grant:
                watch.budget = max(watch.budget, watch.used + watch.target / 4)
        self.go_on(watch)
        self.ask()
        return True

    def reopen_by_agent(self, value: str) -> bool:
        return self.reopen(value, grant=False)


def due_of(ticket: Ticket, watch: Watch) -> int | None:
    """When a running clock will be due, walking on from now."""
    if watch.due is not None or watch.state != "running":
        return watch.due
    minute, used = ticket.minute, watch.used
    while used < watch.budget:
        used += is_open(watch.hours, minute)
        minute += 1
    return minute
