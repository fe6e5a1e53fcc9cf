"""A course in the middle of one change: the steps that the happenings are made of. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.agreements.terms import TargetTerms, Terms
from app.businesstime import Calendar
from app.clocks.happenings import CannotHappen, Course, Entry, Happening
from app.clocks.rules import apply
from app.clocks.state import DUE, ClockState, Event, Kind, Phase

FIRST, NEXT, UPDATE, RESOLUTION = "first_response", "next_response", "update", "resolution"
ACKNOWLEDGEMENT, WORKAROUND = "acknowledgement", "workaround"
FROM_CONTACT = (ACKNOWLEDGEMENT, FIRST, WORKAROUND, RESOLUTION)
"""The measures that start at contact."""
SOLVED = (WORKAROUND, RESOLUTION)
"""Those that a solution meets, and that go on when it is opened again."""
ACTIVE = frozenset({"new", "open", "waiting_requester", "waiting_vendor", "on_hold"})
DONE = frozenset({"resolved", "closed"})
_NOTHING: frozenset[str] = frozenset()


def holds(measure: str, status: str, terms: Terms) -> bool:
    """Whether a clock of ``measure`` stands still in ``status`` (clocks.md, the table).

    First response pauses in ``waiting_requester`` only if the version says so; next response and
    update there and nowhere else; resolution there, and elsewhere if the version says so. An
    acknowledgement stands still with the first response, a workaround with the resolution.
    """
    if status == "waiting_requester":
        return measure not in (ACKNOWLEDGEMENT, FIRST) or status in terms.pauses.get(
            FIRST, _NOTHING
        )
    if measure in SOLVED and status in ("waiting_vendor", "on_hold"):
        return status in terms.pauses.get(RESOLUTION, _NOTHING)
    return False


class Draft:
    """The change that one happening makes, until it is finished."""

    __slots__ = (
        "answered",
        "at",
        "before_spam",
        "clocks",
        "contact_at",
        "course",
        "events",
        "happened_at",
        "happening",
        "known_at",
        "log",
        "moved",
        "number",
        "status",
        "terms",
        "unanswered_since",
    )

    def __init__(self, course: Course, happening: Happening, terms: Terms) -> None:
        """Begin at the happening's own instant, or the ticket's last event where that is later."""
        own_at = happening.happened_at or happening.at
        at = own_at if course.last_at is None or own_at > course.last_at else course.last_at
        self.course = course
        self.happening = happening
        self.terms = terms
        self.at = at
        self.happened_at = own_at if happening.happened_at and own_at != at else None
        self.known_at = happening.at if happening.at > at else None
        self.status = course.status
        self.contact_at = course.contact_at
        self.answered = course.answered
        self.unanswered_since = course.unanswered_since
        self.before_spam = course.before_spam
        self.clocks = list(course.clocks)
        self.events: list[Event] = []
        self.log = list(course.log)
        self.moved = False
        self.number = course.next_number

    def finish(self) -> Course:
        """The course after the change."""
        return Course(
            self.status,
            self.contact_at,
            self.at if self.moved else self.course.last_at,
            self.answered,
            self.unanswered_since,
            self.before_spam,
            tuple(self.clocks),
            self.course.events + tuple(self.events),
            tuple(self.log),
            self.number,
        )

    def note(self) -> None:
        """Write the happening into the ticket's log, with the status that it led to."""
        done = self.happening
        self.moved = True
        self.log.append(
            Entry(
                self.at,
                done.what,
                done.cause,
                self.status,
                done.response,
                self.known_at,
                done.by_requester,
            )
        )

    # What is asked

    def open_clock(self, measure: str) -> int | None:
        """The index of the clock of ``measure`` that is open, if any."""
        for index in range(len(self.clocks) - 1, -1, -1):
            if self.clocks[index].measure == measure and self.clocks[index].is_open:
                return index
        return None

    def newest(self, measure: str) -> int | None:
        """The index of the newest clock of ``measure``, open or not."""
        for index in range(len(self.clocks) - 1, -1, -1):
            if self.clocks[index].measure == measure:
                return index
        return None

    def refuse_unless_active(self, said: Any, **statuses: str) -> None:
        """Raise `CannotHappen` when nobody works on the ticket any more.

        ``said`` is the sentence, which names the ticket's status and ``statuses``.
        """
        if self.status not in ACTIVE:
            raise CannotHappen(str(said), status=self.status, **statuses)

    # What is done to clocks

    def emit(
        self,
        index: int,
        kind: Kind,
        *,
        at: datetime | None = None,
        target: TargetTerms | None = None,
        cause: str | None = None,
        reason: str | None = None,
        undoes: int | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Let an event happen to the clock at ``index``; with ``target`` it runs on that one."""
        clock = self.clocks[index]
        calendar: Calendar = clock.calendar
        ids = (clock.version_id, clock.tier_id, clock.target_id, clock.target_s)
        calendar_version_id = clock.calendar_version_id
        if target is not None:
            calendar, calendar_version_id = target.calendar, target.calendar_version_id
            is_its_own = target.target_id == clock.target_id
            seconds = clock.target_s if is_its_own else target.seconds_from(clock.started_at)
            ids = (self.terms.version_id, self.terms.tier_id, target.target_id, seconds)
        event = Event(
            self.number,
            clock.measure,
            clock.sequence,
            kind,
            at or self.at,
            self.happening.cause if cause is None else cause,
            *ids,
            calendar_version_id,
            None if cause == DUE else self.happening.actor_id,
            reason or (None if cause == DUE else self.happening.reason),
            self.happened_at if at is None else None,
            self._known(at),
            undoes,
            facts,
        )
        self.number += 1
        self.events.append(event)
        self.clocks[index] = apply(clock, event, self.terms, calendar)

    def _known(self, at: datetime | None) -> datetime | None:
        if at is None or at == self.at:
            return self.known_at
        return self.known_at or self.at

    def settle(self, *, at: datetime | None = None, index: int | None = None) -> None:
        """Record every breach whose instant has passed; a breach never depends on the worker.

        So what is known late is settled at the instant at which it became known.
        """
        now = at or max(self.at, self.happening.at)
        for i in range(len(self.clocks)) if index is None else (index,):
            clock = self.clocks[i]
            if (
                clock.state is Phase.RUNNING
                and clock.breached_at is None
                and clock.due_at is not None
                and now > clock.due_at
            ):
                self.emit(i, Kind.BREACHED, at=clock.due_at, cause=DUE)

    def follow_status(self) -> None:
        """Resume what the new status lets run, then pause what it holds."""
        for index, clock in enumerate(self.clocks):
            if clock.state is Phase.PAUSED and not self.is_held(clock.measure):
                self.resume(index)
        self.pause_held()

    def pause_held(self) -> None:
        """Pause every running clock that the status holds."""
        for index, clock in enumerate(self.clocks):
            if clock.state is Phase.RUNNING and self.is_held(clock.measure):
                self.pause(index)

    def pause(
        self,
        index: int,
        *,
        at: datetime | None = None,
        cause: str | None = None,
        status: str | None = None,
    ) -> None:
        """Let a running clock stand still; which status holds it is kept for the explanation."""
        self.emit(index, Kind.PAUSED, at=at, cause=cause, facts={"status": status or self.status})

    def is_held(self, measure: str) -> bool:
        """Whether a clock of ``measure`` stands still in the status as it is now."""
        return holds(measure, self.status, self.terms)

    def resume(self, index: int, *, at: datetime | None = None, cause: str | None = None) -> None:
        """Let a paused clock run on, under the newest version of its target's calendar."""
        self.emit(
            index, Kind.RESUMED, at=at, cause=cause, target=self.same_target(self.clocks[index])
        )

    def same_target(self, clock: ClockState) -> TargetTerms | None:
        """The terms of the clock's own target, unless it is breached or has another by now."""
        target = self.terms.targets.get(clock.measure)
        if target is None or clock.is_breached or target.target_id != clock.target_id:
            return None
        return target

    def recalculate(
        self, index: int, *, at: datetime | None = None, cause: str | None = None
    ) -> None:
        """Run what is left of a running clock under its target's newest hours, if it does not."""
        clock = self.clocks[index]
        target = self.same_target(clock)
        if target is None or clock.running_since is None:
            return
        if target.calendar_version_id != clock.calendar_version_id:
            self.emit(index, Kind.RECALCULATED, at=at, cause=cause, target=target)

    def cancel_all(self, reason: str, *measures: str) -> None:
        """Cancel the open clocks of ``measures``, of all when none is named."""
        for index, clock in enumerate(self.clocks):
            if clock.is_open and (not measures or clock.measure in measures):
                self.emit(index, Kind.CANCELLED, target=self.newest_hours(clock), reason=reason)

    def stop_all(self, *measures: str) -> None:
        """The open clocks of ``measures`` are met."""
        for index, clock in enumerate(self.clocks):
            if clock.is_open and clock.measure in measures:
                self.emit(index, Kind.MET, target=self.newest_hours(clock))

    def newest_hours(self, clock: ClockState) -> TargetTerms | None:
        """The newest hours for a clock that goes on from a pause only to stop."""
        return self.same_target(clock) if clock.state is Phase.PAUSED else None

    def start(self, measure: str, *, facts: Mapping[str, Any] | None = None) -> None:
        """Start the next sequence of ``measure`` if it is promised; paused where that holds."""
        target = self.terms.targets.get(measure)
        if target is None:
            return
        self.start_with(target, at=self.at, facts=facts)
        if self.is_held(measure):
            self.pause(len(self.clocks) - 1)

    def start_with(
        self, target: TargetTerms, *, at: datetime, facts: Mapping[str, Any] | None = None
    ) -> None:
        """Start the next sequence of the target's measure at ``at``."""
        newest = self.newest(target.measure)
        event = Event(
            self.number,
            target.measure,
            1 if newest is None else self.clocks[newest].sequence + 1,
            Kind.STARTED,
            at,
            self.happening.cause,
            self.terms.version_id,
            self.terms.tier_id,
            target.target_id,
            target.seconds_from(at),
            target.calendar_version_id,
            self.happening.actor_id,
            self.happening.reason,
            self.happened_at if at == self.at else None,
            self._known(at),
            None,
            {"because": target.because, **(facts or {})},
        )
        self.number += 1
        self.events.append(event)
        self.clocks.append(apply(None, event, self.terms, target.calendar))
