"""Courses as rows and rows as courses: the one place that knows both. Pure mapping, no queries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

from app.agreements.terms import RungTerms
from app.businesstime import Calendar
from app.clocks import rungs
from app.clocks.chips import AT_RISK
from app.clocks.draft import ACTIVE
from app.clocks.happenings import Course, Entry, What
from app.clocks.models import Clock, ClockEvent, EscalationState, TicketCourse
from app.clocks.state import ClockState, Event

LAST = datetime(9999, 12, 31, tzinfo=UTC)
"""Where a ticket without a due time stands in the queue's order."""
_SAME = (
    "measure",
    "sequence",
    "state",
    "version_id",
    "tier_id",
    "target_id",
    "target_s",
    "calendar_version_id",
    "budget_s",
    "used_s",
    "paused_s",
    "started_at",
    "running_since",
    "paused_since",
    "due_at",
    "met_at",
    "stopped_at",
    "cancelled_reason",
    "breached_at",
    "chosen_because",
    "excluded_because",
)
_EVENT = (
    "number",
    "kind",
    "at",
    "happened_at",
    "known_at",
    "cause",
    "actor_id",
    "reason",
    "version_id",
    "tier_id",
    "target_id",
    "target_s",
    "calendar_version_id",
    "undoes",
)


@dataclass(frozen=True, slots=True)
class Rows:
    """A course as plain rows, ready for bulk insert in this order."""

    clocks: list[dict[str, Any]]
    events: list[dict[str, Any]]
    course: dict[str, Any]
    deadline: dict[str, Any] | None
    escalations: list[dict[str, Any]]


def rows_of(
    course: Course,
    ticket_id: int,
    *,
    first_clock_id: int,
    live_from: datetime | None = None,
    ladder: Sequence[RungTerms] = (),
) -> Rows:
    """All rows of a course that has none yet.

    Clock ids are ``first_clock_id`` and on, so the caller keeps count and needs no answer from
    the database. With ``live_from`` the worker looks after the clocks from then on: rungs
    before it are covered and nobody is told. Without it nothing ever fires.
    """
    clocks, escalations = [], []
    for clock_id, clock in enumerate(course.clocks, start=first_clock_id):
        next_at = None
        if live_from is not None:
            points = rungs.points(clock, ladder)
            covered = past(points, live_from)
            next_at = rungs.next_at(clock, points, {point.key for point in covered})
            escalations += [covered_row(clock_id, point, at=live_from) for point in covered]
        row = {"id": clock_id, "ticket_id": ticket_id, **clock_row(clock), "next_at": next_at}
        clocks.append(row)
    ids = {
        (clock.measure, clock.sequence): clock_id
        for clock_id, clock in enumerate(course.clocks, start=first_clock_id)
    }
    return Rows(
        clocks,
        [event_row(event, ids[event.measure, event.sequence]) for event in course.events],
        {"ticket_id": ticket_id, **course_row(course), "is_live": live_from is not None},
        deadline_row(course, ticket_id, list(range(first_clock_id, first_clock_id + len(clocks)))),
        escalations,
    )


def past(points: Iterable[rungs.Point], at: datetime) -> list[rungs.Point]:
    """The points that lie before ``at``."""
    return [point for point in points if point.instant_at < at]


def covered_row(
    clock_id: int, point: rungs.Point, *, at: datetime | None, generation: int = 1
) -> dict[str, Any]:
    """A covered rung; with ``at`` there is nothing left to tell about it."""
    return {
        "clock_id": clock_id,
        "rung_id": point.rung.rung_id,
        "generation": generation,
        "nth": point.nth,
        "state": EscalationState.COVERED,
        "instant_at": point.instant_at,
        "fired_at": at,
        "late_by_s": 0,
        "told": [],
    }


def clock_row(clock: ClockState) -> dict[str, Any]:
    """The columns of a clock that its state determines."""
    row = {name: getattr(clock, name) for name in _SAME}
    counted_at = clock.pause_counted_at
    row["memory"] = {
        "budgets": {str(key): value for key, value in clock.budgets.items()},
        "pause_counted_at": counted_at.isoformat() if counted_at else None,
    }
    return row


def event_row(event: Event, clock_id: int) -> dict[str, Any]:
    """The columns of an event."""
    row = {name: getattr(event, name) for name in _EVENT}
    row["clock_id"] = clock_id
    row["facts"] = dict(event.facts) if event.facts else None
    return row


def course_row(course: Course) -> dict[str, Any]:
    """The columns of what is remembered beside the clocks, except `ticket_id` and `is_live`."""
    return {
        "status": course.status,
        "contact_at": course.contact_at,
        "last_at": course.last_at,
        "answered": course.answered,
        "unanswered_since": course.unanswered_since,
        "before_spam": course.before_spam,
        "next_number": course.next_number,
        "log": [
            [
                int(entry.at.timestamp()),
                entry.what,
                entry.cause,
                entry.status,
                entry.response,
                int(entry.known_at.timestamp()) if entry.known_at else None,
                entry.by_requester,
            ]
            for entry in course.log
        ],
    }


def deadline_row(course: Course, ticket_id: int, clock_ids: Sequence[int]) -> dict[str, Any] | None:
    """The deadline that comes next; None once nobody works on the ticket any more."""
    if course.status not in ACTIVE or course.contact_at is None:
        return None
    open_clocks = [
        (clock.due_at or LAST, -clock.started_at.timestamp(), clock_id, clock)
        for clock_id, clock in zip(clock_ids, course.clocks, strict=True)
        if clock.is_open
    ]
    order_at, _, clock_id, clock = min(open_clocks, default=(LAST, 0.0, None, None))
    return {
        "ticket_id": ticket_id,
        "clock_id": clock_id,
        "measure": clock.measure if clock else None,
        "due_at": clock.due_at if clock else None,
        "breached": clock is not None and clock.is_breached,
        "order_at": order_at,
        "risk_at": risk_at(clock) if clock else None,
    }


def risk_at(clock: ClockState) -> datetime | None:
    """From when on the clock's chip says at risk, or over; None while it is paused."""
    if clock.due_at is None or clock.running_since is None or clock.is_breached:
        return clock.due_at
    left_s = ceil(clock.budget_s * AT_RISK) - clock.used_s
    return clock.calendar.add(clock.running_since, left_s) if left_s > 0 else clock.running_since


def state_of(row: Clock, calendar: Calendar) -> ClockState:
    """The state that a row holds; what led to it is in its events."""
    budgets = row.memory["budgets"]
    counted_at = row.memory["pause_counted_at"]
    return ClockState(
        calendar=calendar,
        pause_counted_at=datetime.fromisoformat(counted_at) if counted_at else None,
        budgets={int(key): value for key, value in budgets.items()},
        **_columns(row, _SAME),
    )


def _columns(row: Clock, names: Iterable[str]) -> dict[str, Any]:
    """The row's values, past the session where it holds them all: batches read thousands."""
    held = vars(row)
    try:
        return {name: held[name] for name in names}
    except KeyError:  # expired, or changed by a statement
        return {name: getattr(row, name) for name in names}


def event_of(row: ClockEvent, measure: str, sequence: int) -> Event:
    """The event that a row holds."""
    return Event(
        measure=measure,
        sequence=sequence,
        facts=row.facts,
        **{name: getattr(row, name) for name in _EVENT},
    )


def course_of(
    row: TicketCourse, clocks: Iterable[Clock], calendar_of: Callable[[int], Calendar]
) -> Course:
    """The course that a ticket's rows hold; `clocks` keep their order."""
    return Course(
        row.status,
        row.contact_at,
        row.last_at,
        row.answered,
        row.unanswered_since,
        row.before_spam,
        tuple(state_of(clock, calendar_of(clock.calendar_version_id)) for clock in clocks),
        (),
        tuple(
            Entry(
                datetime.fromtimestamp(at, UTC),
                What(what),
                cause,
                status,
                response,
                datetime.fromtimestamp(known_at, UTC) if known_at else None,
                by_requester,
            )
            for at, what, cause, status, response, known_at, by_requester in row.log
        ),
        row.next_number,
    )
