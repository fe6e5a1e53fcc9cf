"""The queue: open tickets, soonest deadline first, paged by key.

The order is that of `deadline` (one row per open ticket, kept by the clocks), so a page is one
walk along one index whatever is open. Source: product.md, "The queue page".
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, tuple_
from sqlalchemy.orm import aliased

from app.catalogue.words import Priority
from app.clocks.models import Clock, Deadline
from app.database import db
from app.people.access import Sight
from app.people.models import Organisation, Person, Team
from app.tickets.models import Ticket
from app.tickets.queries import count_up_to, visible_to
from app.tickets.words import Status

PAGE = 50


class Scope(StrEnum):
    """The ready-made views of the desk."""

    NEEDS_AGENT = "needs-agent"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    OVER = "over"
    WAITING_REQUESTER = "waiting-requester"
    WAITING_VENDOR = "waiting-vendor"
    ALL_OPEN = "all-open"

    @property
    def label(self) -> str:
        """The name in the navigation and above the table."""
        return _LABELS[self]


_LABELS = {
    Scope.NEEDS_AGENT: "Needs an agent now",
    Scope.MINE: "Mine",
    Scope.UNASSIGNED: "Unassigned",
    Scope.OVER: "Over",
    Scope.WAITING_REQUESTER: "Waiting for requester",
    Scope.WAITING_VENDOR: "Waiting for vendor",
    Scope.ALL_OPEN: "All open",
}


@dataclass(frozen=True)
class Filter:
    """What of the queue to show; None means any."""

    scope: Scope = Scope.ALL_OPEN
    team_id: int | None = None
    status: Status | None = None
    priority: Priority | None = None
    assignee_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True)
class Key:
    """A place in the queue's order: the row's deadline order and ticket id."""

    order_at: datetime
    ticket_id: int

    @classmethod
    def parse(cls, text: str | None) -> "Key | None":
        """Read a key from a URL, ``<epoch seconds>-<id>``; None when it is none."""
        first, _, second = (text or "").partition("-")
        if not (first.isdecimal() and second.isdecimal()) or len(first) > 12 or len(second) > 18:
            return None
        try:
            return cls(datetime.fromtimestamp(int(first), UTC), int(second))
        except ValueError:  # beyond the year 9999
            return None

    def __str__(self) -> str:
        return f"{int(self.order_at.timestamp())}-{self.ticket_id}"


@dataclass(frozen=True)
class Row:
    """One line of the queue, in columns rather than whole rows."""

    ticket: Ticket
    requester: str | None
    organisation: str | None
    assignee: str | None
    team: str | None
    order_at: datetime
    clock: Clock | None

    @property
    def key(self) -> Key:
        """The row's place in the order."""
        return Key(self.order_at, self.ticket.id)


@dataclass(frozen=True)
class Page:
    """Rows of one page and the keys of its neighbours, None where there is none."""

    rows: tuple[Row, ...]
    before: Key | None
    after: Key | None


def page(
    sight: Sight,
    chosen: Filter,
    *,
    at: datetime,
    after: Key | None = None,
    before: Key | None = None,
    limit: int = PAGE,
) -> Page:
    """The rows after ``after`` (or before ``before``), at most ``limit``, soonest first."""
    backwards = before is not None and after is None
    order = (Deadline.order_at, Deadline.ticket_id)
    query = _rows(sight, chosen, at=at)
    if after is not None:
        query = query.where(tuple_(*order) > (after.order_at, after.ticket_id))
    if backwards and before is not None:
        query = query.where(tuple_(*order) < (before.order_at, before.ticket_id))
        query = query.order_by(*(column.desc() for column in order))
    else:
        query = query.order_by(*order)
    found = [_row(line) for line in db.session.execute(query.limit(limit + 1))]
    more = len(found) > limit
    rows = found[:limit]
    if backwards:
        rows.reverse()
    has_after = bool(rows) and (more if not backwards else True)
    has_before = bool(rows) and (more if backwards else after is not None)
    return Page(
        rows=tuple(rows),
        before=rows[0].key if has_before else None,
        after=rows[-1].key if has_after else None,
    )


def count(sight: Sight, chosen: Filter, *, at: datetime, cap: int = 100) -> int:
    """How many tickets the filter shows, never counting beyond ``cap``."""
    query = visible_to(sight).join(Deadline, Deadline.ticket_id == Ticket.id)
    return count_up_to(query.where(*_conditions(sight, chosen, at=at)), cap)


def _row(line: Any) -> Row:
    ticket, requester, organisation, assignee, team, order_at, clock = line
    return Row(ticket, requester, organisation, assignee, team, order_at, clock)


def _rows(
    sight: Sight, chosen: Filter, *, at: datetime
) -> Select[Ticket, str, str, str, str, datetime, Clock]:
    requester, assignee = aliased(Person), aliased(Person)
    return (
        visible_to(sight)
        .join(Deadline, Deadline.ticket_id == Ticket.id)
        .outerjoin(Clock, Clock.id == Deadline.clock_id)
        .outerjoin(requester, requester.id == Ticket.requester_id)
        .outerjoin(assignee, assignee.id == Ticket.assignee_id)
        .outerjoin(Organisation, Organisation.id == Ticket.organisation_id)
        .outerjoin(Team, Team.id == Ticket.team_id)
        .where(*_conditions(sight, chosen, at=at))
        .with_only_columns(
            Ticket,
            requester.name,
            Organisation.name,
            assignee.name,
            Team.name,
            Deadline.order_at,
            Clock,
            maintain_column_froms=True,
        )
    )


def _conditions(sight: Sight, chosen: Filter, *, at: datetime) -> list[ColumnElement[bool]]:
    conditions = [_scope(sight, chosen.scope, at=at)]
    for column, value in (
        (Ticket.team_id, chosen.team_id),
        (Ticket.status, chosen.status),
        (Ticket.priority, chosen.priority),
        (Ticket.assignee_id, chosen.assignee_id),
        (Ticket.organisation_id, chosen.organisation_id),
    ):
        if value is not None:
            conditions.append(column == value)
    return conditions


def _scope(sight: Sight, scope: Scope, *, at: datetime) -> ColumnElement[bool]:
    needs_agent = Ticket.status.in_((Status.NEW, Status.OPEN))
    match scope:
        case Scope.NEEDS_AGENT:
            return needs_agent
        case Scope.MINE:
            return and_(Ticket.is_open, Ticket.assignee_id == sight.person_id)
        case Scope.UNASSIGNED:
            return and_(needs_agent, Ticket.assignee_id.is_(None))
        case Scope.OVER:
            return and_(Ticket.is_open, Deadline.due_at < at)
        case Scope.WAITING_REQUESTER:
            return Ticket.status == Status.WAITING_REQUESTER
        case Scope.WAITING_VENDOR:
            return Ticket.status == Status.WAITING_VENDOR
        case Scope.ALL_OPEN:
            return and_(Ticket.is_open)
