"""What a change would do to each promise of a ticket, before anybody confirms it.

The same rules as the change itself, on the same course; nothing is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.agreements.terms import Terms
from app.clocks import keeping, merging
from app.clocks.course import CannotHappen, Course, Happening, What, happen
from app.clocks.state import ClockState
from app.errors import Refusal


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A clock now and after the change, both as of its instant; None where there is none."""

    measure: str
    now: ClockState | None
    then: ClockState | None
    at: datetime

    @property
    def moves_out(self) -> bool:
        """Whether an open promise would fall due later."""
        due_at = self.now.due_at if self.now is not None else None
        later = self.then.due_at if self.then is not None and self.then.is_open else None
        return due_at is not None and later is not None and later > due_at


def retargeted(ticket_id: int, *, terms: Terms, at: datetime) -> list[Foreseen]:
    """What the targets of ``terms`` would do to the ticket's clocks."""
    before = keeping.load(ticket_id, What.RETARGETED).course
    return _compared(before, _happen(before, Happening(What.RETARGETED, at), terms), at)


def merged(
    source_id: int, into_id: int, *, source_terms: Terms, terms: Terms, at: datetime
) -> tuple[list[Foreseen], list[Foreseen]]:
    """What merging would do to the clocks of the source, and to those of the other."""
    source = keeping.load(source_id, What.MERGED).course
    into = keeping.load(into_id, What.MERGED).course
    try:
        after = merging.merge(
            source, into, Happening(What.MERGED, at), source_terms=source_terms, terms=terms
        )
    except CannotHappen as error:
        raise Refusal(str(error)) from error
    return _compared(source, after[0], at), _compared(into, after[1], at)


def _compared(before: Course, after: Course, at: datetime) -> list[Foreseen]:
    """The newest clock of each measure that was open or is open then."""
    now, then = _newest(before.clocks), _newest(after.clocks)
    return [
        Foreseen(measure, now.get(measure), then.get(measure), at)
        for measure in dict.fromkeys((*now, *then))
        if _is_open(now.get(measure)) or now.get(measure) != then.get(measure)
    ]


def _newest(clocks: Iterable[ClockState]) -> dict[str, ClockState]:
    return {clock.measure: clock for clock in clocks}


def _is_open(clock: ClockState | None) -> bool:
    return clock is not None and clock.is_open


def _happen(course: Course, happening: Happening, terms: Terms) -> Course:
    try:
        return happen(course, happening, terms)
    except CannotHappen as error:
        raise Refusal(str(error)) from error
