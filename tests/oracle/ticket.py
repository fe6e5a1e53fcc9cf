"""A ticket and its stop watches, rule by rule in the words of clocks.md."""

from copy import deepcopy
from dataclasses import dataclass

from tests.oracle.deal import (
    ACTIVE,
    AROUND,
    FIRST,
    NEXT,
    RESOLUTION,
    TAKEN,
    UPDATE,
    Cannot,
    Deal,
    Fact,
    Promise,
)
from tests.oracle.hours import Minutes
from tests.oracle.watch import DECIDED, Watch, share


@dataclass
class Line:
    """A fact as the ticket remembers it: when it counted, and the status it led to."""

    fact: Fact
    at: int
    status: str

    @property
    def answers(self) -> bool:
        """Whether a text or a call reached the requester with it."""
        return self.fact.what in ("responded", "worked_around") or (
            self.fact.flag and self.fact.what in ("opened", "resolved")
        )


class Ticket:
    """Let one fact after the other happen to it, then read `watches`."""

    def __init__(self) -> None:
        self.status = "new"
        self.contact: int | None = None
        self.last: int | None = None
        self.at = 0
        self.answered = 0
        self.asked: int | None = None
        self.before_spam = "open"
        self.watches: list[Watch] = []
        self.ghosts: dict[tuple[str, int], Watch] = {}
        self.log: list[Line] = []
        self.retold = self.begun_late = False
        self.deal: Deal

    def happen(self, fact: Fact) -> None:
        """What is overdue is recorded first; then the fact counts at its own minute."""
        own = fact.at if fact.own is None else fact.own
        self.at = own if self.last is None else max(own, self.last)
        self.deal, self.fact = fact.deal, fact
        for watch in self._all():
            watch.settle(fact.at)
        if fact.what == "settled":
            return
        if fact.what == "excluded":
            self._exclude()
            return
        for watch in self._all():
            if watch.is_open:
                watch.count_to(self.at)
        getattr(self, fact.what)()
        self.last = self.at
        if fact.what not in ("taken_back", "retracted"):
            self.log.append(Line(fact, self.at, self.status))

    def _exclude(self) -> None:
        """Both parties decided it in a dispute: no watch moves, and nothing undoes it."""
        for watch in self._all():
            if (watch.measure, watch.sequence) == self.fact.which:
                if watch.excluded is not None and watch in self.watches:
                    raise Cannot
                watch.excluded = DECIDED

    def copy(self) -> "Ticket":
        """Another one, to try something on."""
        return deepcopy(self)

    # What is asked

    def open(self, *measures: str) -> list[Watch]:
        """The open ones of these measures, of all when none is named, oldest first."""
        return [w for w in self.watches if w.is_open and (not measures or w.measure in measures)]

    def newest(self, measure: str) -> Watch | None:
        """The last one begun."""
        found = [watch for watch in self.watches if watch.measure == measure]
        return found[-1] if found else None

    def promise(self, measure: str) -> Promise | None:
        """What is promised now."""
        return self.deal.promises.get(measure)

    def _all(self) -> list[Watch]:
        return [*self.watches, *self.ghosts.values()]

    def _and_ghosts(self, *measures: str) -> list[Watch]:
        return [w for w in self._all() if w.is_open and (not measures or w.measure in measures)]

    def _same(self, watch: Watch) -> Promise | None:
        return None if watch.breached is not None else self.promise(watch.measure)

    # What happens

    def opened(self) -> None:
        if self.contact is not None:
            raise Cannot
        self.contact = self.at
        for measure in (TAKEN, FIRST, AROUND, RESOLUTION):
            self._start(measure)
        if self.fact.flag:
            self._stop(TAKEN, FIRST)
            self.answered = 1
            self.status = "open"
            self._start(UPDATE)
        self.status = self.fact.status or self.status

    def wrote(self) -> None:
        if self.status == "waiting_requester":
            self.status = "open"
            self._follow_status()
        if self.asked is None and self.status not in ("spam", "merged"):
            self.asked = self.at
        self._await_answer()

    def acknowledged(self) -> None:
        self._only_while_active()
        self._stop(TAKEN)
        if self.status == "new":
            self.status = "open"

    def worked_around(self) -> None:
        self.responded()
        self._stop(AROUND)

    def responded(self) -> None:
        self._only_while_active()
        self._stop(TAKEN, FIRST, NEXT, UPDATE)
        self.answered += 1
        self.asked = None
        if self.status == "new":
            self.status = "open"
        self._start(UPDATE)

    def status_set(self) -> None:
        self._only_while_active()
        assert self.fact.status in ACTIVE
        self.status = str(self.fact.status)
        self._follow_status()

    def retargeted(self) -> None:
        if self.status not in ACTIVE:
            return  # applied when it is open again
        for watch in self.open():
            self._move(watch)
        self._gain()

    def resolved(self) -> None:
        self._only_while_active()
        if not self.fact.flag and self.open(FIRST):
            raise Cannot
        self._cancel("resolved", UPDATE, *(() if self.fact.flag else (NEXT,)))
        self._stop(TAKEN, AROUND, RESOLUTION)
        if self.fact.flag:
            self._stop(FIRST, NEXT)
        self.answered += self.fact.flag
        self.asked = None
        self.status = "resolved"

    def reopened(self) -> None:
        if self.status not in ("resolved", "closed") or self.deal.reopen_rule == "final":
            raise Cannot
        self.status = "open"
        solved = [RESOLUTION]
        if not any(line.fact.what == "worked_around" for line in self.log):
            solved.append(AROUND)  # a workaround that was given still helps
        last = [self.newest(measure) for measure in solved]
        for watch in list(self._all()):
            if watch.state == "cancelled" and watch.why == "withdrawn":
                grant = self.fact.flag and watch.measure in (RESOLUTION, AROUND)
                self._go_on(watch, grant=grant)
            elif watch.measure in solved and watch.state == "met":
                newest = any(watch is one for one in last)
                if not newest and watch not in self.ghosts.values():
                    continue
                if self.deal.reopen_rule == "restart":
                    if newest:
                        self._start(watch.measure)
                else:
                    self._go_on(watch, grant=self.fact.flag)
        if self.asked is not None:
            self.asked = self.at
        self._gain()
        if not self.open(UPDATE):
            self._start(UPDATE)
        self._await_answer()

    def closed(self) -> None:
        if self.status != "resolved":
            raise Cannot
        self.status = "closed"

    def withdrawn(self) -> None:
        if self.status not in (*ACTIVE, "resolved"):
            raise Cannot
        self._cancel("withdrawn")
        self.status = "closed"

    def spam(self) -> None:
        self._only_while_active()
        for watch in self._cancel("spam"):
            if watch.breached is not None and watch.excluded != DECIDED:
                watch.excluded = "spam"
        self.before_spam = self.status
        self.status = "spam"

    def unspam(self) -> None:
        if self.status != "spam":
            raise Cannot
        self.status = self.before_spam
        for watch in list(self._all()):
            if watch.state == "cancelled" and watch.why == "spam":
                self._go_on(watch, grant=False)
        self._gain()
        self._await_answer()

    def needs_no_answer(self) -> None:
        if not self.open(NEXT):
            raise Cannot
        self._cancel("needs no answer", NEXT)
        self.asked = None

    def recalculated(self) -> None:
        for watch in self.open():
            promise = self._same(watch)
            mine = promise is not None and promise.number == watch.promise.number
            if promise is not None and mine and watch.state == "running":
                watch.promise = promise.renewed(watch.promise)
                watch.look_ahead()

    def taken_back(self) -> None:
        from tests.oracle.retelling import take_back

        take_back(self, self.fact)

    def retracted(self) -> None:
        from tests.oracle.retelling import retract

        retract(self, self.fact)

    def noted(self) -> None:
        """Something that leaves the watches alone."""

    # The steps they are made of

    def _only_while_active(self) -> None:
        if self.status not in ACTIVE:
            raise Cannot

    def _start(self, measure: str) -> None:
        promise = self.promise(measure)
        if promise is None:
            return
        promise = promise.begun(self.at)
        watch = self._new(promise, measure, self.at, promise.minutes)
        watch.look_ahead()
        if self.deal.stands_still(measure, self.status):
            watch.pause()

    def _new(self, promise: Promise, measure: str, minute: int, budget: Minutes) -> Watch:
        number = max((w.sequence for w in self.watches if w.measure == measure), default=0) + 1
        fact = self.fact
        born = (fact.at, fact.cause)
        watch = Watch(measure, number, promise, budget, born, minute, minute)
        self.watches.append(watch)
        return watch

    def _stop(self, *measures: str) -> None:
        for watch in self._and_ghosts(*measures):
            watch.end("met", self._same(watch))
            watch.ended_by = self.fact.cause

    def _cancel(self, why: str, *measures: str) -> list[Watch]:
        found = self._and_ghosts(*measures)
        for watch in found:
            watch.end("cancelled", self._same(watch), why)
        return found

    def _follow_status(self) -> None:
        for watch in self._and_ghosts():
            if self.deal.stands_still(watch.measure, self.status):
                watch.pause()
            else:
                watch.resume(self._same(watch))

    def _await_answer(self) -> None:
        """A question waits, an answer stood before it, and no watch counts it yet."""
        if self.asked is not None and self.answered and self.status in ACTIVE:
            newest = self.newest(NEXT)
            lost = newest is not None and newest.why == "no target"
            if not self.open(NEXT) and not lost:
                self._late(NEXT, self.asked)

    def _move(self, watch: Watch) -> None:
        """To what is promised now; without a promise it ends, and a ghost of it goes on."""
        if watch.breached is not None:
            return
        promise = self.promise(watch.measure)
        if promise is None:
            self.ghosts[watch.measure, watch.sequence] = deepcopy(watch)
            watch.end("cancelled", None, "no target")
        else:
            watch.move(promise, self.deal)

    def _go_on(self, watch: Watch, *, grant: bool) -> None:
        """Back again: what changed meanwhile first, then the grant; broken promises stay."""
        is_ghost = watch in self.ghosts.values()
        promise = self.promise(watch.measure)
        if watch.breached is None:
            if promise is not None and not is_ghost:
                watch.move(promise, self.deal)
            if promise is not None and promise.number == watch.promise.number:
                watch.promise = promise.renewed(watch.promise)  # under the hours it has by now
            watch.go_on(self.at)
            if grant:
                least = watch.used + share(watch.promise, self.deal.grant_percent)
                watch.budget = max(watch.budget, least)
            watch.look_ahead()
        else:
            watch.go_on(self.at)
        if self.deal.stands_still(watch.measure, self.status):
            watch.pause()
        if promise is None and not is_ghost:
            self._move(watch)

    def _gain(self) -> None:
        """A promise that is new has stood there from contact on; a lost one was never lost."""
        for key, ghost in list(self.ghosts.items()):
            if self.promise(ghost.measure) is None:
                continue
            del self.ghosts[key]
            place = [(w.measure, w.sequence) for w in self.watches].index(key)
            if self.watches[place].excluded == DECIDED:
                ghost.excluded = DECIDED
            self.watches[place] = ghost
            ghost.settle(self.at)
            if ghost.is_open:
                self._move(ghost)
        for measure in (TAKEN, FIRST, AROUND, RESOLUTION):
            if self.newest(measure) is None and self.contact is not None:
                self._late(measure, self.contact)
        since = self._update_since()
        if since is not None and not self.open(UPDATE):
            self._late(UPDATE, since)
        self._await_answer()

    def _update_since(self) -> int | None:
        """When the update that is now awaited began: the last response or reopening."""
        if self.fact.what == "reopened":
            return self.at
        for line in reversed(self.log):
            if line.fact.what == "reopened" or (line.answers and line.fact.what != "resolved"):
                return line.at
        return None

    def _late(self, measure: str, since: int) -> None:
        """One that begins in the past: led through what happened, at least the floor left."""
        promise = self.promise(measure)
        if promise is None:
            return
        promise = promise.begun(since)
        trial = self._lead(self._new(promise, measure, since, promise.minutes))
        self.watches.pop()
        floor = share(promise, self.deal.floor_percent)
        budget: Minutes = promise.minutes
        if since < self.at:
            budget = max(budget, trial.used + floor)
        self._lead(self._new(promise, measure, since, budget))

    def _lead(self, watch: Watch) -> Watch:
        """Count while the ticket was worked on and nothing held the watch, until it stopped."""
        begins, watch.seen = watch.seen, watch.seen
        watch.look_ahead()
        for line in self.log:
            if line.at < begins:
                continue
            watch.count_to(line.at)
            if self._ends_for_good(watch.measure, line):
                watch.end("met", None)
                return watch
            self._hold(watch, line.status)
        watch.count_to(self.at)
        self._hold(watch, self.status)
        return watch

    def _ends_for_good(self, measure: str, line: Line) -> bool:
        match measure:
            case "first_response":
                return line.answers
            case "acknowledgement":
                return line.answers or line.fact.what in ("acknowledged", "resolved")
            case "workaround":
                return line.fact.what == "worked_around"
        return False

    def _hold(self, watch: Watch, status: str) -> None:
        if status not in ACTIVE or self.deal.stands_still(watch.measure, status):
            watch.pause()
        else:
            watch.resume(None)
