"""Which promises a week counts, and what became of each: the one definition, in SQL.

A promise belongs to the week in which its due time fell, still open or not. Judged at an
instant ``at`` it is *kept* (met, never breached), *missed* (breached, or running past its due
time though nobody has recorded it yet; still open ones included) or *still to come* (running,
due at or after ``at``). Kept and missed are the ratio. Paused without a breach has no due time
and so no week; cancelled without a breach is no promise any more; what carries a reason for its
exclusion is listed apart. Source: product.md, "The weekly page"; clocks.md, "A breach freezes
the promise".
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.agreements.models import AgreementVersion
from app.catalogue.words import Priority
from app.clocks.models import Clock
from app.clocks.state import Phase
from app.languages import lazy_gettext
from app.measures.weeks import Week
from app.people.access import Sight
from app.tickets.models import Ticket
from app.tickets.queries import visible_to

NONE = 0
"""Stands for "without a service" or "without a team" in a choice; no row has this id."""


class State(StrEnum):
    """What became of a promise."""

    COUNTED = "counted"
    KEPT = "kept"
    MISSED = "missed"
    OPEN = "open"
    LATE = "late"
    ENDED = "ended"
    TO_COME = "to-come"
    EXCLUDED = "excluded"
    PAUSED = "paused"

    @property
    def label(self) -> str:
        """The words on the page."""
        return str(_LABELS[self])


_LABELS = {
    State.COUNTED: lazy_gettext("Promises"),
    State.KEPT: lazy_gettext("Kept"),
    State.MISSED: lazy_gettext("Missed"),
    State.OPEN: lazy_gettext("Missed, still open"),
    State.LATE: lazy_gettext("Missed, met late"),
    State.ENDED: lazy_gettext("Missed, then cancelled"),
    State.TO_COME: lazy_gettext("Still to come"),
    State.EXCLUDED: lazy_gettext("Excluded"),
    State.PAUSED: lazy_gettext("Paused now"),
}


@dataclass(frozen=True)
class Scope:
    """Whose promises a page is about: what the reader may see, of a team or an agreement."""

    sight: Sight
    team_id: int | None = None
    agreement_id: int | None = None


@dataclass(frozen=True)
class Choice:
    """Some of a scope's promises; None means any, `NONE` those without one."""

    state: State = State.COUNTED
    measure: str | None = None
    service_id: int | None = None
    team_id: int | None = None
    priority: Priority | None = None


def of_scope(scope: Scope, *columns: Any, with_ticket: bool = False) -> Select[*tuple[Any, ...]]:
    """A statement over the clocks of ``scope``; the ticket is joined only where it is needed.

    Of an unfiltered page for staff nothing depends on tickets, and a report over a year of
    clocks need not look up each one's ticket.
    """
    tickets = visible_to(scope.sight)
    if with_ticket or scope.team_id is not None or tickets.whereclause is not None:
        query = tickets.join(Clock, Clock.ticket_id == Ticket.id)
        query = query.with_only_columns(*columns, maintain_column_froms=True)
    else:
        query = select(*columns).select_from(Clock)
    if scope.team_id is not None:
        query = query.where(Ticket.team_id == scope.team_id)
    if scope.agreement_id is not None:
        query = query.where(
            Clock.version_id.in_(
                select(AgreementVersion.id).where(
                    AgreementVersion.agreement_id == scope.agreement_id
                )
            )
        )
    return query


def due_in(first: Week, last: Week | None = None) -> ColumnElement[bool]:
    """Whether the due time falls in ``first``, or from ``first`` to the end of ``last``."""
    return and_(Clock.due_at >= first.starts_at, Clock.due_at < (last or first).ends_at)


def is_in(state: State, at: datetime) -> ColumnElement[bool]:
    """Whether a clock is in ``state``, judged at ``at``; the due time's week is not asked here."""
    unbroken, broken = Clock.breached_at.is_(None), Clock.breached_at.is_not(None)
    running = Clock.state == Phase.RUNNING
    counts = Clock.excluded_because.is_(None)
    kept = and_(counts, Clock.state == Phase.MET, unbroken)
    missed = and_(counts, or_(broken, and_(running, Clock.due_at < at)))
    match state:
        case State.COUNTED:
            return or_(kept, missed)
        case State.KEPT:
            return kept
        case State.MISSED:
            return missed
        case State.OPEN:
            return and_(missed, Clock.state.in_((Phase.RUNNING, Phase.PAUSED)))
        case State.LATE:
            return and_(missed, Clock.state == Phase.MET)
        case State.ENDED:
            return and_(missed, Clock.state == Phase.CANCELLED)
        case State.TO_COME:
            return and_(counts, running, unbroken, Clock.due_at >= at)
        case State.EXCLUDED:
            return and_(~counts, or_(Clock.state != Phase.CANCELLED, broken))
        case State.PAUSED:
            return and_(counts, Clock.state == Phase.PAUSED, unbroken)


def of_choice(choice: Choice) -> list[ColumnElement[bool]]:
    """The conditions of ``choice`` besides its state; all but the measure need the ticket."""
    conditions: list[ColumnElement[bool]] = []
    if choice.measure is not None:
        conditions.append(Clock.measure == choice.measure)
    for column, id in ((Ticket.service_id, choice.service_id), (Ticket.team_id, choice.team_id)):
        if id is not None:
            conditions.append(column.is_(None) if id == NONE else column == id)
    if choice.priority is not None:
        conditions.append(Ticket.priority == choice.priority)
    return conditions
