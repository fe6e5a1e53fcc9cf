"""The self-check: every open clock folded anew from its events and compared with its row.

The events are the truth (clocks.md, "Clocks"). Tickets are read page by page, each page as it
stood at one instant, so that what is written meanwhile is no drift.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, exists, func, or_, select

from app import claims
from app.agreements import contracts
from app.agreements.terms import Terms
from app.businesstime import NeverOpen
from app.calendars import queries as calendars
from app.clocks import keeping, ladders, queries, rows
from app.clocks.draft import ACTIVE
from app.clocks.happenings import Course, What
from app.clocks.models import Clock, Deadline, Escalation, TicketCourse
from app.clocks.rules import fold
from app.clocks.state import ClockState, Event, Phase
from app.database import db, is_postgresql

BEAT = "checking"
PAGE = 200
KEPT = 50
"""Drifting clocks that a report names; it counts all."""

_Row = TypeVar("_Row", TicketCourse, Deadline)
TermsOf = Callable[[Sequence[int]], Mapping[int, Terms]]
"""The terms of tickets by their ids; one without terms is left out."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A column that says something else than the events: as stored, and as they make it."""

    column: str
    stored: str
    folded: str


@dataclass(frozen=True, slots=True)
class Drift:
    """A clock whose row differs from its events; without an id it is the ticket's deadline."""

    ticket_id: int
    clock_id: int | None
    measure: str
    sequence: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What was looked at in one go: how many tickets and clocks, and what drifts among them."""

    tickets: int
    clocks: int
    drifts: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole check, ended at `at`. `drifts` names the first fifty of `drifting`."""

    at: datetime
    tickets: int
    clocks: int
    drifting: int
    drifts: tuple[Drift, ...]


def count() -> int:
    """How many tickets a check looks at."""
    return db.session.scalar(select(func.count()).select_from(_open_tickets().subquery())) or 0


def pages(terms_of: TermsOf, *, size: int = PAGE) -> Iterator[Page]:
    """Check every ticket that can still have something due, in the order of their ids.

    Each page is a transaction of its own that writes nothing; the caller may stop in between.
    """
    after = 0
    while True:
        db.session.rollback()
        _see_one_instant()
        query = _open_tickets().where(TicketCourse.ticket_id > after)
        ids = list(db.session.scalars(query.order_by(TicketCourse.ticket_id).limit(size)))
        page = check(ids, terms_of)
        db.session.rollback()
        if ids:
            after = ids[-1]
            yield page
        if len(ids) < size:
            return


def check(ticket_ids: Sequence[int], terms_of: TermsOf) -> Page:
    """Compare all clocks of these tickets, and their deadlines, with what their events make."""
    found = queries.clocks_of(ticket_ids)
    clocks = [clock for ticket_id in ticket_ids for clock in found.get(ticket_id, ())]
    events = queries.events_of_all(clocks)
    rules = contracts.rules_of(event.tier_id for each in events.values() for event in each)
    known = queries.escalations_of([clock.id for clock in clocks])
    terms = terms_of(ticket_ids)
    courses, deadlines = _by_ticket(TicketCourse, ticket_ids), _by_ticket(Deadline, ticket_ids)
    drifts: list[Drift] = []
    for ticket_id in ticket_ids:
        if ticket_id in courses:
            read = _Read(
                courses[ticket_id],
                found.get(ticket_id, []),
                deadlines.get(ticket_id),
                terms.get(ticket_id),
            )
            drifts += _of_ticket(read, events, known, rules)
    return Page(len(ticket_ids), len(clocks), tuple(drifts))


def rewrite(ticket_id: int, terms: Terms) -> None:
    """Write a ticket's clocks and deadline as their events make them; no event is added.

    The caller holds the ticket's lock. Raises `ValueError` where events cannot be folded.
    """
    loaded = keeping.load(ticket_id, What.SETTLED)
    events = queries.events_of_all(loaded.clocks)
    rules = contracts.rules_of(event.tier_id for each in events.values() for event in each)
    states = tuple(_folded(events.get(row.id, []), rules) for row in loaded.clocks)
    keeping.write(loaded, replace(loaded.course, clocks=states), terms)
    for row in loaded.clocks:
        if not loaded.row.is_live:
            row.next_at = None


def keep(report: Report) -> None:
    """Store ``report`` as the last one; the caller commits."""
    detail = asdict(report)
    claims.beat(BEAT, at=detail.pop("at"), detail=detail)


def last_report() -> Report | None:
    """What the last whole check found; None when there never was one."""
    beat = claims.last_beat(BEAT)
    if beat is None:
        return None
    kept = beat.detail
    return Report(
        beat.at,
        kept["tickets"],
        kept["clocks"],
        kept["drifting"],
        tuple(map(_drift, kept["drifts"])),
    )


def _open_tickets() -> Select[int]:
    """Tickets that somebody works on, or that have an open clock or a deadline left over."""
    has_open = exists().where(
        Clock.ticket_id == TicketCourse.ticket_id,
        Clock.state.in_((Phase.RUNNING, Phase.PAUSED)),
    )
    has_deadline = exists().where(Deadline.ticket_id == TicketCourse.ticket_id)
    return select(TicketCourse.ticket_id).where(
        or_(TicketCourse.status.in_(ACTIVE), has_open, has_deadline)
    )


def _see_one_instant() -> None:
    """Let the statements of this transaction see one state; on SQLite they always do."""
    if is_postgresql():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _folded(events: Sequence[Event], rules: Mapping[int, Terms]) -> ClockState:
    """The clock that its events make; raises `ValueError` where they make none."""
    return fold(events, lambda event: rules[event.tier_id], calendars.value)


@dataclass(frozen=True, slots=True)
class _Read:
    """What is stored of one ticket, and its terms where they still cover it."""

    course: TicketCourse
    clocks: Sequence[Clock]
    deadline: Deadline | None
    terms: Terms | None


def _by_ticket(table: type[_Row], ticket_ids: Sequence[int]) -> dict[int, _Row]:
    query = select(table).where(table.ticket_id.in_(ticket_ids))
    return {row.ticket_id: row for row in db.session.scalars(query)}


def _of_ticket(
    read: _Read,
    events: Mapping[int, list[Event]],
    known: Mapping[int, list[Escalation]],
    rules: Mapping[int, Terms],
) -> Iterator[Drift]:
    states: list[ClockState] = []
    for row in read.clocks:
        try:
            state = _folded(events.get(row.id, []), rules)
        except (ValueError, KeyError, NeverOpen) as error:
            yield _drift_of(row, [Difference("events", "", f"cannot be folded: {error}")])
            return
        states.append(state)
        differences = _columns(row, state)
        if read.terms is not None:
            next_at = ladders.next_of(row, state, known.get(row.id, []), read.terms)
            differences += _unless_same(
                "next_at", row.next_at, next_at if read.course.is_live else None
            )
        if differences:
            yield _drift_of(row, differences)
    yield from _deadline(read, states)


def _columns(row: Clock, state: ClockState) -> list[Difference]:
    expected = rows.clock_row(state)
    memory = expected.pop("memory")
    found = [
        each
        for name, value in expected.items()
        for each in _unless_same(name, getattr(row, name), value)
    ]
    for name, value in memory.items():
        found += _unless_same(name, row.memory.get(name), value)
    return found


def _deadline(read: _Read, states: Sequence[ClockState]) -> Iterator[Drift]:
    course = read.course
    now = Course(status=course.status, contact_at=course.contact_at, clocks=tuple(states))
    clock_ids = [row.id for row in read.clocks]
    expected = rows.deadline_row(now, course.ticket_id, clock_ids) or {}
    differences = [
        each
        for name in ("clock_id", "measure", "due_at", "breached", "order_at", "risk_at")
        for each in _unless_same(name, getattr(read.deadline, name, None), expected.get(name))
    ]
    if differences:
        yield Drift(course.ticket_id, None, "deadline", 1, tuple(differences))


def _unless_same(column: str, stored: Any, folded_value: Any) -> list[Difference]:
    if stored == folded_value:
        return []
    return [Difference(column, _said(stored), _said(folded_value))]


def _said(value: Any) -> str:
    if value is None:
        return "empty"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _drift_of(row: Clock, differences: Sequence[Difference]) -> Drift:
    return Drift(row.ticket_id, row.id, row.measure, row.sequence, tuple(differences))


def _drift(kept: Mapping[str, Any]) -> Drift:
    differences = tuple(Difference(**each) for each in kept["differences"])
    return Drift(**{**kept, "differences": differences})
