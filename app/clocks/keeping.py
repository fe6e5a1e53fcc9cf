"""A ticket's course in the database: loaded from its rows, and only differences written back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert

from app.agreements import contracts
from app.agreements.terms import Terms
from app.calendars import queries as calendars
from app.clocks import ladders, queries, rows
from app.clocks.following import NO_TARGET
from app.clocks.happenings import Course, What
from app.clocks.ladders import NO_UNDO, NotTold, Undo
from app.clocks.models import Clock, ClockEvent, Deadline, Escalation, TicketCourse
from app.clocks.rules import fold
from app.clocks.state import Event
from app.database import db

_EVENTS = insert(ClockEvent)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did: the events it made, and the rungs it came before (told to nobody)."""

    course: Course
    events: tuple[Event, ...]
    not_told: tuple[NotTold, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A course with the rows that hold it; `known` is what its ladders recorded, where read."""

    ticket_id: int
    row: TicketCourse
    clocks: list[Clock]
    course: Course
    known: Mapping[int, list[Escalation]] | None = None


def load(
    ticket_id: int,
    what: What,
    *,
    clocks: list[Clock] | None = None,
    known: Mapping[int, list[Escalation]] | None = None,
) -> Loaded:
    """The ticket's course, a new one if it has none; with history where ``what`` needs it.

    ``clocks`` are its rows and ``known`` what is recorded of their ladders, by clock, where the
    caller has read them already.
    """
    row = db.session.get(TicketCourse, ticket_id)
    if row is None:
        course = Course()
        row = TicketCourse(ticket_id=ticket_id, is_live=True, **rows.course_row(course))
        db.session.add(row)
        return Loaded(ticket_id, row, [], course)
    clocks = queries.clocks_of([ticket_id])[ticket_id] if clocks is None else clocks
    course = rows.course_of(row, clocks, calendars.value)
    tells_anew = what in (What.TAKEN_BACK, What.RETRACTED, What.UNMERGED)
    if tells_anew or any(clock.cancelled_reason == NO_TARGET for clock in clocks):
        course = _with_history(course, clocks)
    return Loaded(ticket_id, row, clocks, course, known)


def write(loaded: Loaded, after: Course, terms: Terms, *, undo: Undo = NO_UNDO) -> Outcome:
    """Write what differs: clocks, new events, what is remembered, deadline, what comes next.

    ``undo`` says whether the ladders wait, or stand as they did before what is undone.
    """
    changed: list[tuple[Clock, ladders.Change]] = []
    for index, clock in enumerate(after.clocks):
        before = loaded.course.clocks[index] if index < len(loaded.course.clocks) else None
        if before is clock:
            continue
        columns = rows.clock_row(clock)
        if before is None:
            row = Clock(ticket_id=loaded.ticket_id, **columns)
            if loaded.row.is_live:
                ladders.keep_next(row, clock, [], terms)
            db.session.add(row)
            loaded.clocks.append(row)
        else:
            row = loaded.clocks[index]
            columns["memory"] = {**row.memory, **columns["memory"]}
            _set(row, columns)
        events = [
            event
            for event in after.events
            if (event.measure, event.sequence) == (clock.measure, clock.sequence)
        ]
        changed.append((row, ladders.Change(before, clock, events)))
    _set(loaded.row, rows.course_row(after))
    if any(row.id is None for row in loaded.clocks):
        db.session.flush()
    ids = {(row.measure, row.sequence): row.id for row in loaded.clocks}
    events_made = [
        rows.event_row(event, ids[event.measure, event.sequence]) for event in after.events
    ]
    if loaded.known is None and events_made:
        db.session.connection().execute(_EVENTS, events_made)
    else:
        db.session.add_all(ClockEvent(**columns) for columns in events_made)
    not_told = ladders.follow(changed, terms, loaded.known, undo) if loaded.row.is_live else []
    _keep_deadline(loaded, after)
    if loaded.known is None:  # a batch writes once, at its end
        db.session.flush()
    return Outcome(after, after.events, tuple(not_told))


def _with_history(course: Course, clocks: Sequence[Clock]) -> Course:
    """The course with clocks folded from their events, so that a change can be taken back."""
    found = queries.events_of_all(clocks)
    rules = contracts.rules_of(event.tier_id for events in found.values() for event in events)
    folded = tuple(
        fold(
            found.get(row.id, []),
            lambda event: rules[event.tier_id],
            calendars.value,
            with_history=True,
        )
        for row in clocks
    )
    return replace(course, clocks=folded)


def _keep_deadline(loaded: Loaded, after: Course) -> None:
    columns = rows.deadline_row(after, loaded.ticket_id, [row.id for row in loaded.clocks])
    row = db.session.get(Deadline, loaded.ticket_id)
    if columns is None:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(Deadline(**columns))
    else:
        _set(row, columns)


def _set(row: Clock | TicketCourse | Deadline, columns: dict[str, object]) -> None:
    for name, value in columns.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
