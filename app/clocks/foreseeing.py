"""What a change would do to each promise of a ticket, before anybody confirms it.

The same rules as the change itself, on the same course, with hours that were edited since;
nothing is written.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from app.agreements.terms import Terms
from app.clocks import catching_up, keeping
from app.clocks.catching_up import caught_up, happened
from app.clocks.course import Course, Happening, What
from app.clocks.models import Clock
from app.clocks.state import ClockState


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A clock now and after the change, both as of its instant; None where there is none."""

    measure: str
    now: ClockState | None
    then: ClockState | None
    at: datetime

    @property
    def moves_out(self) -> bool:
        """Whether an open promise would fall due later; a new sequence is a promise of its own."""
        now, then = self.now, self.then
        if now is None or then is None or now.sequence != then.sequence or not then.is_open:
            return False
        return now.due_at is not None and then.due_at is not None and then.due_at > now.due_at


def retargeted(
    ticket_id: int, *, terms: Terms, at: datetime, clocks: list[Clock] | None = None
) -> list[Foreseen]:
    """What the targets of ``terms`` would do to the ticket's clocks, read already or not."""
    course = keeping.load(ticket_id, What.RETARGETED, clocks=clocks).course
    after = happened(course, Happening(What.RETARGETED, at), terms)
    return compared(caught_up(course), after, at)


def merged(
    source_id: int, into_id: int, *, source_terms: Terms, terms: Terms, at: datetime
) -> tuple[list[Foreseen], list[Foreseen]]:
    """What merging would do to the clocks of the source, and to those of the other."""
    source = keeping.load(source_id, What.MERGED).course
    into = keeping.load(into_id, What.MERGED).course
    after = catching_up.merged(
        source, into, Happening(What.MERGED, at), source_terms=source_terms, terms=terms
    )
    return compared(caught_up(source), after[0], at), compared(caught_up(into), after[1], at)


def unmerged(
    source_id: int,
    into_id: int,
    *,
    source_terms: Terms,
    terms: Terms,
    undoes: str,
    at: datetime,
) -> tuple[list[Foreseen], list[Foreseen]]:
    """What taking the merge apart would do to the clocks of the source, and of the other."""
    source = keeping.load(source_id, What.UNMERGED).course
    into = keeping.load(into_id, What.UNMERGED).course
    after = catching_up.unmerged(
        source,
        into,
        Happening(What.UNMERGED, at, undoes=undoes),
        source_terms=source_terms,
        terms=terms,
    )
    return compared(source, after[0], at), compared(caught_up(into), after[1], at)


def split(
    from_id: int, *, terms: Terms, contact_at: datetime, causes: Collection[str], at: datetime
) -> list[Foreseen]:
    """What would be promised for a message that is split off."""
    told = keeping.load(from_id, What.SPLIT).course
    happening = Happening(What.SPLIT, at, happened_at=contact_at)
    return compared(Course(), catching_up.split(told, happening, terms, causes=causes), at)


def compared(before: Course, after: Course, at: datetime) -> list[Foreseen]:
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
