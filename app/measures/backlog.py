"""Open tickets over the weeks: how many, how many came and went, and the oldest.

Spam and what was merged into another ticket were never work of their own and count nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select, tuple_

from app.agreements.models import AgreementVersion
from app.database import db
from app.languages import lazy_gettext
from app.measures.cohort import Scope
from app.measures.weeks import Week
from app.people.models import Person
from app.tickets.models import Ticket
from app.tickets.queries import visible_to
from app.tickets.words import NO_ANSWER, OPEN, Status

PAGE = 50


class Flow(StrEnum):
    """Tickets of a week: open at its end, new in it, ended in it (solved or withdrawn).

    Unanswered are those among the ended that were resolved for want of the requester's answer.
    """

    OPEN = "open"
    NEW = "new"
    ENDED = "ended"
    UNANSWERED = "unanswered"

    @property
    def label(self) -> str:
        """The words on the page."""
        return str(_LABELS[self])


_LABELS = {
    Flow.OPEN: lazy_gettext("Open at the end"),
    Flow.NEW: lazy_gettext("New"),
    Flow.ENDED: lazy_gettext("Ended"),
    Flow.UNANSWERED: lazy_gettext("Resolved for want of an answer"),
}


@dataclass(frozen=True)
class Backlog:
    """Open at the end of a week (or now, in a running one), and what came and went in it."""

    open_at_end: int = 0
    new: int = 0
    ended: int = 0


@dataclass(frozen=True)
class OpenTicket:
    """A ticket of a list, in columns."""

    id: int
    subject: str
    status: Status
    contact_at: datetime
    owner: str | None


def by_week(scope: Scope, weeks: Sequence[Week], *, at: datetime) -> list[Backlog]:
    """The backlog of each of the consecutive ``weeks``, from one statement of counts.

    Counted back from what is open now, so that a recent week costs no walk through the past.
    """
    spans: list[tuple[datetime, datetime | None]] = [
        *((week.starts_at, week.ends_at) for week in weeks),
        (weeks[-1].ends_at, None),
    ]
    counts = [_count(scope, Ticket.status.in_(OPEN))]
    for starts_at, ends_at in spans:
        counts.append(_count(scope, _within(Ticket.contact_at, starts_at, ends_at)))
        counts.extend(_count(scope, ended) for ended in _endings(starts_at, ends_at))
    open_now, *rest = db.session.execute(select(*counts)).one()
    flows = [(rest[i], rest[i + 1] + rest[i + 2]) for i in range(0, len(rest), 3)]
    found: list[Backlog] = []
    still_open = open_now - flows[-1][0] + flows[-1][1]
    for new, ended in reversed(flows[:-1]):
        found.insert(0, Backlog(still_open, new, ended))
        still_open += ended - new
    return found


def unanswered(scope: Scope, week: Week) -> int:
    """How many tickets were resolved in ``week`` because their requester no longer answered."""
    query = _of_scope(scope).where(_flows(Flow.UNANSWERED, week))
    return db.session.scalar(query.with_only_columns(func.count())) or 0


def page(
    scope: Scope,
    flow: Flow,
    week: Week,
    *,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> tuple[list[OpenTicket], tuple[datetime, int] | None]:
    """The tickets behind a figure of `by_week`, oldest first, and the next page's key or None."""
    query = _tickets(scope).where(_flows(flow, week))
    if after is not None:
        query = query.where(
            Ticket.contact_at >= after[0],
            tuple_(Ticket.contact_at, Ticket.id) > after,
        )
    found = _listed(query, limit + 1)
    more = len(found) > limit
    return found[:limit], (found[limit - 1].contact_at, found[limit - 1].id) if more else None


def oldest(scope: Scope, *, limit: int) -> list[OpenTicket]:
    """The open tickets whose request came first."""
    return _listed(_tickets(scope).where(Ticket.is_open), limit)


def _flows(flow: Flow, week: Week) -> ColumnElement[bool]:
    match flow:
        case Flow.NEW:
            return _within(Ticket.contact_at, week.starts_at, week.ends_at)
        case Flow.ENDED:
            return or_(*_endings(week.starts_at, week.ends_at))
        case Flow.UNANSWERED:
            solved = _within(Ticket.resolved_at, week.starts_at, week.ends_at)
            return and_(solved, Ticket.resolved_because == NO_ANSWER)
        case Flow.OPEN:
            later = or_(Ticket.is_open, *_endings(week.ends_at, None))
            return and_(Ticket.contact_at < week.ends_at, later)


def _endings(starts_at: datetime, ends_at: datetime | None) -> list[ColumnElement[bool]]:
    """Two conditions that never both hold: solved in the span, or closed unsolved in it."""
    return [
        _within(Ticket.resolved_at, starts_at, ends_at),
        and_(Ticket.resolved_at.is_(None), _within(Ticket.closed_at, starts_at, ends_at)),
    ]


def _within(column: Any, starts_at: datetime, ends_at: datetime | None) -> ColumnElement[bool]:
    since = column >= starts_at
    return since if ends_at is None else and_(since, column < ends_at)


def _count(scope: Scope, condition: ColumnElement[bool]) -> ScalarSelect[int]:
    query = _of_scope(scope).where(condition)
    return query.with_only_columns(func.count()).scalar_subquery()


def _of_scope(scope: Scope) -> Select[*tuple[Any, ...]]:
    query = visible_to(scope.sight).where(Ticket.status.not_in((Status.SPAM, Status.MERGED)))
    if scope.team_id is not None:
        query = query.where(Ticket.team_id == scope.team_id)
    if scope.agreement_id is not None:
        query = query.where(
            Ticket.version_id.in_(
                select(AgreementVersion.id).where(
                    AgreementVersion.agreement_id == scope.agreement_id
                )
            )
        )
    return query


def _tickets(scope: Scope) -> Select[*tuple[Any, ...]]:
    query = _of_scope(scope).outerjoin(Person, Person.id == Ticket.assignee_id)
    return query.with_only_columns(
        Ticket.id,
        Ticket.subject,
        Ticket.status,
        Ticket.contact_at,
        Person.name,
        maintain_column_froms=True,
    )


def _listed(query: Select[*tuple[Any, ...]], limit: int) -> list[OpenTicket]:
    ordered = query.order_by(Ticket.contact_at, Ticket.id).limit(limit)
    return [OpenTicket(*line) for line in db.session.execute(ordered)]
