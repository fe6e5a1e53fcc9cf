"""How many promises were kept: figures of weeks, each from one grouped statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, union_all

from app.catalogue.words import Priority
from app.clocks.models import Clock
from app.database import db
from app.measures.cohort import Scope, State, due_in, is_in, of_scope
from app.measures.weeks import Week
from app.tickets.models import Ticket

_COUNTED = (State.KEPT, State.MISSED, State.OPEN, State.LATE, State.TO_COME, State.EXCLUDED)


@dataclass(frozen=True)
class Tally:
    """Promises counted by what became of them; ``still_open`` and ``late`` are among ``missed``."""

    kept: int = 0
    missed: int = 0
    still_open: int = 0
    late: int = 0
    to_come: int = 0
    excluded: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.kept + other.kept,
            self.missed + other.missed,
            self.still_open + other.still_open,
            self.late + other.late,
            self.to_come + other.to_come,
            self.excluded + other.excluded,
        )

    @property
    def counted(self) -> int:
        """What the ratio is of."""
        return self.kept + self.missed

    @property
    def ended(self) -> int:
        """Missed, and then neither met nor open any more."""
        return self.missed - self.still_open - self.late

    @property
    def percent(self) -> int | None:
        """Kept of counted in whole percent, cut: 100 means all. None when nothing counts."""
        return self.kept * 100 // self.counted if self.counted else None


@dataclass(frozen=True)
class Part:
    """A slice of the promises: those of one service, team and priority in one week."""

    week: Week
    service_id: int | None
    team_id: int | None
    priority: Priority
    tally: Tally


def by_measure(
    scope: Scope, weeks: Sequence[Week], *, at: datetime
) -> dict[tuple[Week, str], Tally]:
    """The tally of each measure in each of ``weeks``.

    A select a week: each walks its own span of the index, and nothing sorts all weeks together.
    """
    selects = [
        of_scope(scope, literal(number), Clock.measure, *_counts(at))
        .where(due_in(week))
        .group_by(Clock.measure)
        for number, week in enumerate(weeks)
    ]
    return {
        (weeks[which], measure): Tally(*counts)
        for which, measure, *counts in db.session.execute(union_all(*selects))
    }


def by_part(scope: Scope, weeks: Sequence[Week], *, at: datetime) -> list[Part]:
    """The tallies by service, team and priority (as they are now) of consecutive ``weeks``."""
    number = _week_number(weeks)
    dimensions = (Ticket.service_id, Ticket.team_id, Ticket.priority)
    query = (
        of_scope(scope, number, *dimensions, *_counts(at), with_ticket=True)
        .where(due_in(weeks[0], weeks[-1]))
        .group_by("week", *dimensions)
    )
    return [
        Part(weeks[which], service_id, team_id, priority, Tally(*counts))
        for which, service_id, team_id, priority, *counts in db.session.execute(query)
    ]


def paused(scope: Scope, *, at: datetime) -> int:
    """How many promises stand still now without a breach; they belong to no week."""
    query = of_scope(scope, func.count()).where(is_in(State.PAUSED, at))
    return db.session.scalar(query) or 0


def _counts(at: datetime) -> list[ColumnElement[Any]]:
    return [func.count().filter(is_in(state, at)) for state in _COUNTED]


def _week_number(weeks: Sequence[Week]) -> ColumnElement[int]:
    """Which of two or more ``weeks`` the due time falls in; the edges are the wall clock's.

    Group by its label: PostgreSQL takes the same expression with other parameters for another.
    """
    edges = [(Clock.due_at < week.ends_at, number) for number, week in enumerate(weeks[:-1])]
    return case(*edges, else_=len(weeks) - 1).label("week")
