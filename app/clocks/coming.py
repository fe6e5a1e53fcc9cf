"""Rungs that have come: asked for by the package `escalation`, recorded once each.

Source: escalation.md, "Finding what is due" and the invariants.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.agreements.terms import RungTerms, Terms
from app.clocks import rungs, waits
from app.clocks.board import Board
from app.clocks.ladders import (
    done_on,
    generation_of,
    next_of,
    not_spoken_of,
    waiting_on,
)
from app.clocks.models import Clock, Escalation, EscalationState
from app.clocks.state import Phase


@dataclass(frozen=True, slots=True)
class Come:
    """A rung that has come on a running clock.

    `covered` ones are recorded and not told by themselves: a later repeat tells more, or a
    change moved them into the past (`moved`), of which one notice is written, to the assignee
    and the people of the highest. `again` says that an earlier generation has fired.
    """

    clock_id: int
    measure: str
    rung: RungTerms
    nth: int
    generation: int
    instant_at: datetime
    covered: bool
    moved: bool

    @property
    def again(self) -> bool:
        """Whether it has fired before and lies ahead again since."""
        return self.generation > 1

    @property
    def key(self) -> str:
        """What names this event for notices: the same however often it is tried.

        A change that left the rung behind is an event of its own: the rung may lie ahead again
        and come, and its people are to be told of that, too.
        """
        own = f"rung:{self.clock_id}:{self.rung.rung_id}:{self.generation}:{self.nth}"
        return f"{own}:{int(self.instant_at.timestamp())}" if self.moved else own


def come_due(
    ticket_id: int, *, terms: Terms, at: datetime, board: Board | None = None
) -> list[Come]:
    """The rungs of a ticket's clocks that have come and are not done, in order of instants.

    Settle first. Rungs of a later instant follow the earlier, whatever clock they are on;
    what a change moved into the past comes first.
    """
    board = board or Board([ticket_id])
    come: list[Come] = []
    for clock in board.watched(ticket_id):
        if clock.next_at is not None and clock.next_at <= at:
            come += _come(clock, board, terms, at)
    return sorted(come, key=lambda one: (one.instant_at, one.clock_id, one.rung.position, one.nth))


def fired(
    ticket_id: int,
    come: Iterable[tuple[Come, list[dict[str, Any]]]],
    *,
    terms: Terms,
    at: datetime,
    board: Board | None = None,
    dropped_because: str | None = None,
) -> None:
    """Record rungs that have come, each with who was told; then look ahead again.

    ``dropped_because`` is why a person gives covered ones up that could not be told.
    The unique key (clock, rung, generation, nth) keeps a second worker from doing it twice.
    """
    on = board or Board([ticket_id])
    for one, told in come:
        clock = on.state(on.clock(ticket_id, one.clock_id))
        until = None if one.covered else waits.until(clock, one.rung, one.nth, fired_at=at)
        _record(
            one,
            on,
            state=EscalationState.COVERED if one.covered else EscalationState.FIRED,
            instant_at=one.instant_at,
            fired_at=at,
            late_by_s=max(0, int((at - one.instant_at).total_seconds())),
            told=told,
            acknowledge_until=until,
            dropped_because=dropped_because,
        )
    look_ahead(ticket_id, terms=terms, board=on)
    if board is None:
        on.write()


def waits_over(
    ticket_id: int, *, terms: Terms, at: datetime, board: Board | None = None
) -> list[tuple[Come, Escalation]]:
    """Rungs of running clocks for which nobody said "I am on it" in time, the oldest first.

    Time is over strictly after its instant, as everywhere.
    """
    board = board or Board([ticket_id])
    by_id = {rung.rung_id: rung for rung in terms.ladder}
    over = []
    for clock in board.watched(ticket_id):
        if clock.state is not Phase.RUNNING:
            continue
        for row in waiting_on(clock, board.known(clock.id)):
            if row.acknowledge_until and row.acknowledge_until < at and row.rung_id in by_id:
                come = _recorded(clock, row, by_id[row.rung_id], moved=False)
                over.append((row.acknowledge_until, clock.id, come.rung.position, come, row))
    return [(come, row) for *_, come, row in sorted(over, key=lambda each: each[:3])]


def _recorded(clock: Clock, row: Escalation, rung: RungTerms, *, moved: bool) -> Come:
    """What a row holds of a rung that came before: left behind by a change, or waiting."""
    return Come(
        clock.id,
        clock.measure,
        rung,
        row.nth,
        row.generation,
        row.instant_at,
        covered=moved,
        moved=moved,
    )


def look_ahead(ticket_id: int, *, terms: Terms, board: Board | None = None) -> None:
    """Compute `next_at` of a ticket's clocks anew from what has fired."""
    on = board or Board([ticket_id])
    for clock in on.watched(ticket_id):
        points = on.points(clock, terms)
        at = next_of(clock, on.state(clock), on.known(clock.id), terms, points)
        on.look_next(clock, at)
    if board is None:
        on.write()


def _come(clock: Clock, board: Board, terms: Terms, at: datetime) -> list[Come]:
    if clock.state is not Phase.RUNNING:
        return []
    known = board.known(clock.id)
    done = done_on(clock, known, terms.ladder)
    come = [
        Come(
            clock.id,
            clock.measure,
            due.point.rung,
            due.point.nth,
            generation_of(clock, due.point.rung.rung_id),
            due.point.instant_at,
            covered=due.covered,
            moved=False,
        )
        for due in rungs.due(board.points(clock, terms), done, at)
    ]
    by_id = {rung.rung_id: rung for rung in terms.ladder}
    come += [
        _recorded(clock, row, by_id[row.rung_id], moved=True)
        for row in not_spoken_of(known)
        if row.rung_id in by_id
    ]
    return come


def _record(come: Come, board: Board, **values: Any) -> None:
    """Write what became of a rung into its row that says not told or covered, or a new one."""
    key = come.rung.rung_id, come.generation, come.nth
    for row in board.known(come.clock_id):
        if (row.rung_id, row.generation, row.nth) == key:
            for name, value in values.items():
                setattr(row, name, value)
            return
    rung_id, generation, nth = key
    board.record(
        {
            "clock_id": come.clock_id,
            "rung_id": rung_id,
            "generation": generation,
            "nth": nth,
            **values,
        }
    )
