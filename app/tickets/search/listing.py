"""What a search finds: newest ticket first, paged by its number, within what one may see.

Each ticket has the number of its place, so a page is a walk along one index from a number on,
and of the rows not found nothing is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from app.clocks.models import Clock, Deadline
from app.database import db
from app.fulltext import looking
from app.people.models import Organisation, Person, Team
from app.tickets.models import Ticket
from app.tickets.queries import visible_to
from app.tickets.search.searching import Search

PAGE = 25
CAP = 100


@dataclass(frozen=True)
class Row:
    """One ticket that was found, with its people and the clock that comes next."""

    ticket: Ticket
    requester: str | None
    organisation: str | None
    assignee: str | None
    team: str | None
    clock: Clock | None


@dataclass(frozen=True)
class Page:
    """Rows of one page and the numbers to go on from, None where there is nothing more."""

    rows: tuple[Row, ...]
    before: int | None
    after: int | None


def page(
    search: Search, *, after: int | None = None, before: int | None = None, limit: int = PAGE
) -> Page:
    """The rows older than ``after`` (or newer than ``before``), at most ``limit``."""
    backwards = before is not None and after is None
    query, key = _found(search)
    if after is not None:
        query = query.where(key < after)
    if backwards:
        query = query.where(key > before)
    numbers = query.order_by(key if backwards else key.desc()).limit(limit + 1).subquery()
    rows = _ROWS.where(Ticket.id.in_(select(numbers))).order_by(Ticket.id.desc())
    found = [Row(*line) for line in db.session.execute(rows)]
    more = len(found) > limit
    kept = found[-limit:] if backwards else found[:limit]
    newer = more if backwards else after is not None
    older = more if not backwards else bool(kept)
    return Page(
        tuple(kept),
        before=kept[0].ticket.id if kept and newer else None,
        after=kept[-1].ticket.id if kept and older else None,
    )


def count(search: Search, *, cap: int = CAP) -> int:
    """How many tickets it finds, never counting beyond ``cap``."""
    numbers = _found(search)[0].limit(cap).subquery()
    return db.session.scalar(select(func.count()).select_from(numbers)) or 0


def neighbours(search: Search, ticket_id: int) -> tuple[int | None, int | None]:
    """The tickets shown right before and after this one; None where there is none."""
    query, key = _found(search)
    newer = query.where(key > ticket_id).order_by(key).limit(1)
    older = query.where(key < ticket_id).order_by(key.desc()).limit(1)
    return db.session.scalar(newer), db.session.scalar(older)


def all_rows(search: Search, *, most: int) -> Iterator[Row]:
    """What it finds, at most ``most`` rows, read a batch at a time."""
    after: int | None = None
    left = most
    while left > 0:
        part = page(search, after=after, limit=min(left, 500))
        yield from part.rows
        left -= len(part.rows)
        after = part.after
        if after is None:
            return


def _found(search: Search) -> tuple[Select[int], ColumnElement[int]]:
    """The numbers of what it finds, and the column that they are ordered and paged by."""
    query: Select[*tuple[Any, ...]] = visible_to(search.sight)
    query, key = looking.holding(
        query, Ticket.id.expression, search.sought, internal=search.sight.is_agent
    )
    query = query.where(*search.held)
    return query.with_only_columns(key, maintain_column_froms=True), key


_REQUESTER, _ASSIGNEE = aliased(Person), aliased(Person)
_ROWS = (
    select(Ticket, _REQUESTER.name, Organisation.name, _ASSIGNEE.name, Team.name, Clock)
    .outerjoin(Deadline, Deadline.ticket_id == Ticket.id)
    .outerjoin(Clock, Clock.id == Deadline.clock_id)
    .outerjoin(_REQUESTER, _REQUESTER.id == Ticket.requester_id)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.id == Ticket.assignee_id)
    .outerjoin(Organisation, Organisation.id == Ticket.organisation_id)
    .outerjoin(Team, Team.id == Ticket.team_id)
)
