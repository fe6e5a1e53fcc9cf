"""The clocks of a batch of tickets and what is recorded of their ladders, read and written once.

Source: escalation.md, "The worker", and performance.md, "firing one rung".
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm.attributes import set_committed_value

from app import bulk, waking
from app.agreements.terms import Terms
from app.calendars import queries as calendars
from app.clocks import queries, rows, rungs
from app.clocks.models import Clock, Escalation
from app.clocks.rungs import Point
from app.clocks.state import ClockState, Phase

_EMPTY = dict.fromkeys(
    column.key for column in inspect(Escalation).column_attrs if column.key != "id"
)


class Board:
    """The clocks of some tickets, with what is recorded of their ladders: two statements in all.

    The caller holds the tickets' locks. What fires is added here too, so that nothing is asked
    of the database again while a batch is under way; `write` inserts it.
    """

    def __init__(self, ticket_ids: Iterable[int]) -> None:
        """Read the clocks of these tickets as they stand."""
        self._clocks: dict[int, list[Clock]] = {}
        self._known: dict[int, list[Escalation]] = {}
        self._states: dict[int, ClockState] = {}
        self._points: dict[int, list[Point]] = {}
        self._fresh: list[Escalation] = []
        self._next: dict[int, datetime | None] = {}
        self.read(ticket_ids)

    def read(self, ticket_ids: Iterable[int]) -> None:
        """Read these tickets' clocks anew; others are left as they are."""
        read = queries.clocks_of(ticket_ids, fresh=True)
        self._clocks.update(read)
        for ticket_id in read:
            self.settled(ticket_id)
        watched = [clock.id for ticket_id in read for clock in self.watched(ticket_id)]
        found = queries.escalations_of(watched)
        self._known.update({clock_id: found.get(clock_id, []) for clock_id in watched})

    def clocks(self, ticket_id: int) -> list[Clock]:
        """Every clock of a ticket, in the order in which they started."""
        return self._clocks[ticket_id]

    def watched(self, ticket_id: int) -> list[Clock]:
        """The clocks of a ticket on which something is to come."""
        return [clock for clock in self._clocks[ticket_id] if clock.next_at is not None]

    def clock(self, ticket_id: int, clock_id: int) -> Clock:
        """One clock of a ticket."""
        return next(clock for clock in self._clocks[ticket_id] if clock.id == clock_id)

    def state(self, clock: Clock) -> ClockState:
        """A clock as the rules see it, with the hours it runs on."""
        state = self._states.get(clock.id)
        if state is None:
            state = self._states[clock.id] = state_of(clock)
        return state

    def points(self, clock: Clock, terms: Terms) -> list[Point]:
        """Where the rungs of a clock lie."""
        points = self._points.get(clock.id)
        if points is None:
            points = self._points[clock.id] = rungs.points(self.state(clock), terms.ladder)
        return points

    def settled(self, ticket_id: int) -> None:
        """The ticket's clocks were written anew: what they were is forgotten."""
        for clock in self._clocks[ticket_id]:
            self._states.pop(clock.id, None)
            self._points.pop(clock.id, None)

    def known(self, clock_id: int) -> list[Escalation]:
        """What is recorded of a clock's ladder."""
        return self._known.setdefault(clock_id, [])

    def record(self, values: Mapping[str, Any]) -> None:
        """Keep what came on a clock's ladder, by column, until `write`.

        The row is of no session, so nobody needs to hear of each value as it is set.
        """
        row = Escalation()
        vars(row).update(_EMPTY, **values)
        self.known(row.clock_id).append(row)
        self._fresh.append(row)

    def look_next(self, clock: Clock, at: datetime | None) -> None:
        """Keep when the worker has to look at a clock again until `write`."""
        if at == clock.next_at:
            return
        if at is not None and (clock.next_at is None or at < clock.next_at):
            waking.call(waking.FIRING, at=at)
        set_committed_value(clock, "next_at", at)
        self._next[clock.id] = at

    def write(self) -> None:
        """Write what was recorded and what comes next, in a statement each."""
        fresh = [{name: vars(row)[name] for name in _EMPTY} for row in self._fresh]
        bulk.insert_all(Escalation, fresh)
        moved = [{"next_at": at, "id": id} for id, at in self._next.items()]
        bulk.update_all(Clock, moved, by="id")
        self._fresh, self._next = [], {}

    @property
    def known_by_clock(self) -> Mapping[int, list[Escalation]]:
        """What is recorded of every ladder, by clock."""
        return self._known

    def is_to_settle(self, ticket_id: int, terms: Terms, at: datetime) -> bool:
        """Whether settling would write anything: a promise is broken, or hours were changed."""
        return any(
            clock.state is Phase.RUNNING
            and clock.breached_at is None
            and (_is_over(clock, at) or _has_other_hours(clock, terms))
            for clock in self._clocks[ticket_id]
        )


def _is_over(clock: Clock, at: datetime) -> bool:
    return clock.due_at is not None and at > clock.due_at


def _has_other_hours(clock: Clock, terms: Terms) -> bool:
    target = terms.targets.get(clock.measure)
    return (
        target is not None
        and target.target_id == clock.target_id
        and target.calendar_version_id != clock.calendar_version_id
    )


def state_of(row: Clock) -> ClockState:
    """The row as the rules see it, with the hours it runs on."""
    return rows.state_of(row, calendars.value(row.calendar_version_id))
