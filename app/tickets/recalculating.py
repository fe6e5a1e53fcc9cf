"""Tickets follow their hours when these were edited (clocks.md, "Calendar edit").

Every verb and the worker apply a pending edit first (`clocks.catching_up`); this job gets to
the tickets that nobody touches. `preview` says beforehand what an edit would move.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.agreements import holiday_years, newest, schedules, zone_changes
from app.agreements.models import CalendarChange
from app.businesstime import Calendar
from app.calendars import queries as calendars
from app.clocks import running
from app.clocks.models import Clock
from app.clocks.state import Kind, Phase
from app.database import db
from app.tickets.history import note_down
from app.tickets.models import Ticket
from app.tickets.queries import for_change, terms_of

AT_ONCE = 500
SHOWN = 20

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Move:
    """A promise whose due time an edit of its hours moves."""

    ticket_id: int
    subject: str
    measure: str
    before_at: datetime
    after_at: datetime

    @property
    def by_s(self) -> int:
        """By how many seconds of wall time; negative where it comes sooner."""
        return int((self.after_at - self.before_at).total_seconds())


@dataclass(frozen=True)
class Preview:
    """What an edit would move: how many promises run, which of them move, the furthest first."""

    running: int
    moves: tuple[Move, ...]

    @property
    def later_s(self) -> int:
        """How far the latest moves out, in seconds; 0 where none does."""
        return max((move.by_s for move in self.moves if move.by_s > 0), default=0)

    @property
    def sooner_s(self) -> int:
        """How much sooner the soonest comes, in seconds; 0 where none does."""
        return max((-move.by_s for move in self.moves if move.by_s < 0), default=0)


def preview(
    version_id: int, calendar_version_id: int, edited: Calendar, *, at: datetime
) -> Preview:
    """What the edited hours would do to the running promises of a version at ``at``."""
    count, moves = 0, []
    hours = calendars.value(calendar_version_id)
    query = select(Clock, Ticket.subject).join(Ticket, Ticket.id == Clock.ticket_id)
    for clock, subject in db.session.execute(
        query.where(*_runs_on(version_id, {calendar_version_id}))
    ):
        count += 1
        if clock.running_since is None or clock.due_at is None or clock.due_at < at:
            continue
        left_s = clock.budget_s - clock.used_s - hours.elapsed(clock.running_since, at)
        after_at = edited.add(at, left_s) if left_s > 0 else clock.due_at
        if after_at != clock.due_at:
            moves.append(Move(clock.ticket_id, subject, clock.measure, clock.due_at, after_at))
    return Preview(count, tuple(sorted(moves, key=lambda move: (-abs(move.by_s), move.ticket_id))))


def running_by_hours() -> dict[tuple[int, int], int]:
    """How many promises run, by version of the agreement and version of the calendar."""
    query = select(Clock.version_id, Clock.calendar_version_id, func.count()).where(
        Clock.state.in_((Phase.RUNNING, Phase.PAUSED))
    )
    grouped = query.group_by(Clock.version_id, Clock.calendar_version_id)
    return {
        (version_id, hours_id): count for version_id, hours_id, count in db.session.execute(grouped)
    }


def add_holidays(at: datetime) -> int:
    """Add further years of public holidays to all hours in use; how many were changed.

    Newer time zone data first: the version with further years is read by it from its first day.
    """
    follow_zones(at)
    return holiday_years.add(in_use(at), at=at)


def follow_zones(at: datetime) -> int:
    """Let all hours in use be read by this process's time zone data; how many were changed."""
    return zone_changes.follow(in_use(at), at=at)


def in_use(at: datetime) -> frozenset[int]:
    """The versions that hold, will hold, or still have open promises."""
    return schedules.current(at) | {version_id for version_id, _ in running_by_hours()}


def behind(_at: datetime, *, most: int = AT_ONCE) -> list[int]:
    """Tickets with a clock that an edit of its hours touches and that does not follow it yet."""
    found: list[int] = []
    for change in _pending():
        query = select(Clock.ticket_id).where(*_rests_on(change)).distinct()
        found += db.session.scalars(query.order_by(Clock.ticket_id).limit(most - len(found)))
        if len(found) >= most:
            break
    return list(dict.fromkeys(found))


def catch_up(ticket_id: int, now: Now) -> bool:
    """Let one ticket follow its newest hours; whether it had not before."""
    ticket = for_change(ticket_id)
    at = max(now(), ticket.last_event_at)
    outcome = running.settled(ticket.id, terms=terms_of(ticket), at=at)
    followed = [event for event in outcome.events if event.kind is Kind.RECALCULATED]
    if followed:
        note_down(
            ticket,
            "recalculated",
            by=None,
            at=at,
            words="The service hours were changed: due times are reckoned anew",
            reason=followed[-1].reason,
        )
    return bool(followed)


def is_any_pending() -> bool:
    """Whether an edit is not marked as applied yet."""
    return bool(_pending())


def applied(at: datetime) -> int:
    """Mark the edits that every clock they touch follows by now; how many."""
    done = 0
    for change in _pending():
        if db.session.scalar(select(Clock.id).where(*_rests_on(change)).limit(1)) is None:
            change.applied_at = at
            done += 1
    db.session.flush()
    return done


def _pending() -> Sequence[CalendarChange]:
    query = select(CalendarChange).where(CalendarChange.applied_at.is_(None))
    return db.session.scalars(query.order_by(CalendarChange.id)).all()


def _rests_on(change: CalendarChange) -> tuple[ColumnElement[bool], ...]:
    """The clocks that run on hours before ``change``, or before those, though it touches them."""
    before = {change.before_id}
    earlier = select(CalendarChange).where(
        CalendarChange.version_id == change.version_id, CalendarChange.id < change.id
    )
    for edit in db.session.scalars(earlier.order_by(CalendarChange.id.desc())):
        if edit.after_id in before:
            before.add(edit.before_id)
    return (
        *_runs_on(change.version_id, before),
        Clock.due_at >= newest.touched_from(change.on_date),
    )


def _runs_on(version_id: int, hours_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        Clock.version_id == version_id,
        Clock.calendar_version_id.in_(hours_ids),
        Clock.state == Phase.RUNNING,
        Clock.breached_at.is_(None),
    )
