"""One story told twice: to the rules of the product and to the oracle, and compared."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from app.agreements.terms import RungTerms, TargetTerms, Terms
from app.businesstime import Calendar
from app.clocks.happenings import Course, Happening, What
from app.clocks.state import ClockState
from tests.clocks.worlds import LEVELS, WEEKS, Numbers, Variant, deal, number_of
from tests.oracle.deal import Fact
from tests.oracle.ticket import Ticket
from tests.oracle.watch import DECIDED, Watch

WHAT = {"status_set": What.STATUS}
RUNGS = ((50, None), (100, None), (None, 3600))


@cache
def calendar(zone: str, name: str, edition: int) -> Calendar:
    """The product's calendar of the same hours."""
    variant = Variant(zone)
    exceptions = variant.exceptions(edition) if name == "office" else {}
    return Calendar(zone, WEEKS[name], exceptions=exceptions)


def terms(variant: Variant, level: str, edition: int, numbers: Numbers) -> Terms:
    """The product's terms of the same deal."""
    targets = {}
    for measure, (minutes, name) in variant.promised(level).items():
        shown = edition if name == "office" else 0
        days, time = variant.by(level, measure) or (None, None)
        targets[measure] = TargetTerms(
            target_id=numbers.targets.get((level, measure), number_of(level, measure)),
            measure=measure,
            seconds=minutes * 60,
            words=f"{minutes} min",
            calendar=calendar(variant.zone, name, shown),
            calendar_version_id=numbers.calendars.get(
                (name, shown), 10 * list(WEEKS).index(name) + shown
            ),
            calendar_name=name,
            clause="4.2",
            sentence="We answer in time.",
            because=level,
            business_days=days,
            by_time=time,
        )
    return Terms(
        version_id=numbers.version,
        agreement_id=1,
        agreement_title="Northwind support",
        version_number=1,
        tier_id=numbers.tier,
        tier_name="Gold",
        zone=variant.zone,
        targets=targets,
        ladder=tuple(_ladder(numbers)),
        pauses={measure: frozenset(statuses) for measure, statuses in variant.pauses},
        floor_percent=variant.floor_percent,
        reopen_rule=variant.reopen_rule,
        reopen_window_days=7,
        reopen_grant_percent=variant.grant_percent,
    )


def _ladder(numbers: Numbers) -> Iterable[RungTerms]:
    for (measure, position), rung_id in numbers.rungs.items():
        percent, offset_s = RUNGS[position]
        yield RungTerms(
            rung_id=rung_id,
            position=position,
            measure=measure,
            percent=percent,
            offset_s=offset_s,
            responsible=("manager",),
            actions=(),
            repeat_s=None,
            repeat_times=0,
            acknowledge_s=None,
        )


def happening(fact: Fact, variant: Variant) -> Happening:
    """What the oracle calls a fact, in the product's words."""
    return Happening(
        WHAT.get(fact.what) or What(fact.what),
        variant.instant(fact.at),
        fact.cause,
        reason=DECIDED if fact.what == "excluded" else "because",
        happened_at=None if fact.own is None else variant.instant(fact.own),
        status=fact.status,
        response=fact.flag and fact.what in ("opened", "resolved"),
        by_requester=fact.flag and fact.what == "reopened",
        undoes=fact.undoes,
        bounced=fact.flag and fact.what == "taken_back",
        measure=fact.which[0] if fact.which else "",
        sequence=fact.which[1] if fact.which else 0,
    )


def assert_alike(course: Course, ticket: Ticket, variant: Variant, now: int) -> None:
    """Every clock stands where the oracle's watch stands, to the second."""
    told = {(w.measure, w.sequence): _of_watch(w, variant, now) for w in ticket.watches}
    found = {(c.measure, c.sequence): _of_clock(c, variant, now) for c in course.clocks}
    differ = [
        f"{key} {name}: the rules say {found.get(key, {}).get(name)}, "
        f"the oracle {told.get(key, {}).get(name)}"
        for key in sorted({*told, *found})
        for name in {**told.get(key, {}), **found.get(key, {})}
        if found.get(key, {}).get(name) != told.get(key, {}).get(name)
    ]
    assert not differ, "\n".join(differ)
    assert course.status == ticket.status, (course.status, ticket.status)


def _of_watch(watch: Watch, variant: Variant, now: int) -> dict[str, object]:
    trial = replace(watch)
    if trial.is_open:
        trial.count_to(now)
    return {
        "state": trial.state,
        "target": trial.promise.minutes * 60,
        "budget": trial.budget * 60,
        "used": trial.used * 60,
        "paused": trial.paused * 60,
        "due": None if trial.due is None else variant.instant(trial.due),
        "met": None if trial.met is None else variant.instant(trial.met),
        "stopped": None if trial.stopped is None else variant.instant(trial.stopped),
        "cancelled": trial.why,
        "breached": None if trial.breached is None else variant.instant(trial.breached),
        "excluded": trial.excluded,
    }


def _of_clock(clock: ClockState, variant: Variant, now: int) -> dict[str, object]:
    at = variant.instant(now)
    return {
        "state": clock.state.value,
        "target": clock.target_s,
        "budget": clock.budget_s,
        "used": clock.used_at(at),
        "paused": clock.paused_at(at),
        "due": clock.due_at,
        "met": clock.met_at,
        "stopped": clock.stopped_at,
        "cancelled": clock.cancelled_reason,
        "breached": clock.breached_at,
        "excluded": clock.excluded_because,
    }


class Story:
    """What a ticket goes through, made of moves: (minutes later, verb, argument)."""

    def __init__(self, variant: Variant, *, start: int, level: str) -> None:
        self.variant, self.minute = variant, start
        self.level, self.edition = level, 0
        self.causes: list[str] = []
        self.moves = 0
        self.changed: tuple[str, str] | None = None

    def facts(self, gap: int, verb: str, argument: object) -> list[Fact]:
        """The facts of the next move: one change, of one cause."""
        self.minute += gap
        self.moves += 1
        cause = f"move:{self.moves}"
        if verb != "retract" and argument != "settled":
            self.changed = None
        return getattr(self, f"_{verb}")(cause, argument)

    def _fact(self, what: str, cause: str, **more: object) -> Fact:
        return Fact(what, self.minute, self.deal, cause, **more)

    @property
    def deal(self):
        return deal(self.variant, self.level, self.edition)

    def _open(self, cause: str, argument: tuple[int, bool]) -> list[Fact]:
        earlier, answered = argument
        self.causes += [cause] if answered else []
        own = self.minute - earlier if earlier else None
        return [self._fact("opened", cause, own=own, flag=answered)]

    def _write(self, cause: str, late: int) -> list[Fact]:
        return [self._fact("wrote", cause, own=self.minute - late if late else None)]

    def _send(self, cause: str, argument: tuple[str, int]) -> list[Fact]:
        then, late = argument
        self.causes.append(cause)
        if then == "resolve":
            return [self._fact("resolved", cause, flag=True)]
        own = self.minute - late if late and not then else None
        facts = [self._fact("responded", cause, own=own)]
        return facts + ([self._fact("status_set", cause, status=then)] if then else [])

    def _work_around(self, cause: str, argument: tuple[str, int]) -> list[Fact]:
        then, late = argument
        self.causes.append(cause)
        own = self.minute - late if late and not then else None
        facts = [self._fact("worked_around", cause, own=own)]
        return facts + ([self._fact("status_set", cause, status=then)] if then else [])

    def _acknowledge(self, cause: str, _: object) -> list[Fact]:
        self.causes.append(cause)
        return [self._fact("acknowledged", cause)]

    def _status(self, cause: str, status: str) -> list[Fact]:
        return [self._fact("status_set", cause, status=status)]

    def _silent(self, cause: str, _: object) -> list[Fact]:
        return [self._fact("resolved", cause)]

    def _retarget(self, cause: str, level: str) -> list[Fact]:
        self.changed, self.level = (cause, self.level), level
        return [self._fact("retargeted", cause)]

    def _retract(self, cause: str, _: object) -> list[Fact]:
        """Only a change that was told last is undone at once."""
        if self.changed is None:
            return []
        (undoes, self.level), self.changed = self.changed, None
        return [self._fact("retracted", cause, undoes=undoes)]

    def _reopen(self, cause: str, by_requester: bool) -> list[Fact]:
        facts = [self._fact("wrote", cause)] if by_requester else []
        return [*facts, self._fact("reopened", cause, flag=by_requester)]

    def _simple(self, cause: str, what: str) -> list[Fact]:
        return [self._fact(what, cause)]

    def _undo(self, cause: str, argument: tuple[int, bool]) -> list[Fact]:
        back, bounced = argument
        if not self.causes:
            return []
        undoes = self.causes[-1 - back % len(self.causes)]
        return [self._fact("taken_back", cause, undoes=undoes, flag=bounced)]

    def _exclude(self, cause: str, which: tuple[str, int]) -> list[Fact]:
        return [self._fact("excluded", cause, which=which)]

    def _edit(self, cause: str, _: object) -> list[Fact]:
        self.edition = min(self.edition + 1, 2)
        return [self._fact("recalculated", cause)]


assert set(LEVELS) >= {"urgent", "none"}
