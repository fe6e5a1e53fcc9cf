"""The first rows of a ticket's clocks, written past the session: nothing of them is there yet.

Every new request comes here: what the session would keep of these rows costs more than they do.
"""

from typing import Any

from app import bulk, waking
from app.agreements.terms import Terms
from app.clocks import ladders, rows
from app.clocks.happenings import Course
from app.clocks.keeping import Outcome
from app.clocks.models import Clock, ClockEvent, Deadline, TicketCourse


def write(ticket_id: int, course: Course, terms: Terms) -> Outcome:
    """Write the course of a ticket that was just opened, live from now on."""
    ids = _write_clocks(ticket_id, course, terms)
    in_order = [ids[clock.measure, clock.sequence] for clock in course.clocks]
    deadline = rows.deadline_row(course, ticket_id, in_order)
    events = [rows.event_row(event, ids[event.measure, event.sequence]) for event in course.events]
    with bulk.together():
        bulk.insert_all(
            TicketCourse, [{"ticket_id": ticket_id, "is_live": True, **rows.course_row(course)}]
        )
        bulk.insert_all(ClockEvent, events)
        bulk.insert_all(Deadline, [deadline] if deadline is not None else [])
    return Outcome(course, course.events, ())


def _write_clocks(ticket_id: int, course: Course, terms: Terms) -> dict[tuple[Any, ...], int]:
    """The ids of the clocks by measure and sequence; the worker is told when to look at them."""
    columns = [{"ticket_id": ticket_id, **rows.clock_row(clock)} for clock in course.clocks]
    for row, clock in zip(columns, course.clocks, strict=True):
        row["next_at"] = ladders.first_of(clock, terms)
        if row["next_at"] is not None:
            waking.call(waking.FIRING, at=row["next_at"])
    return bulk.insert_numbered(Clock, columns, by=("measure", "sequence"))
