"""What a search finds: newest ticket first, paged by its number, within what one may see.

Each ticket has the number of its place, so a page is a walk along one index from a number on,
and of the rows not found nothing is read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, joinedload

from app.clocks.models import Clock, Deadline
from app.database import db
from app.fulltext import looking
from app.people.models import Organisation, Person, Team
from app.tickets.models import Ticket
from app.tickets.queries import visible_to
from app.tickets.search.searching import Search

PAGE = 25
CAP = 100
Found = TypeVar("Found")


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
class Page(Generic[Found]):
    """What is on one page, and the numbers to go on from, None where there is nothing more."""

    rows: tuple[Found, ...]
    before: int | None
    after: int | None


def page(
    search: Search, *, after: int | None = None, before: int | None = None, limit: int = PAGE
) -> Page[Row]:
    """The rows older than ``after`` (or newer than ``before``), at most ``limit``."""
    stretch = _Stretch(after, before, limit)
    lines = db.session.execute(_among(_ROWS, search, stretch))
    return stretch.page([Row(*line) for line in lines], lambda row: row.ticket.id)


def requests(
    search: Search, *, after: int | None = None, before: int | None = None, limit: int = PAGE
) -> Page[Ticket]:
    """The same as tickets with who asked and who looks after them, for the portal."""
    stretch = _Stretch(after, before, limit)
    found = db.session.scalars(_among(_REQUESTS, search, stretch)).all()
    return stretch.page(found, lambda ticket: ticket.id)


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


@dataclass(frozen=True)
class _Stretch:
    """Which rows of all that are found: those after a number, or before one."""

    after: int | None
    before: int | None
    limit: int

    @property
    def is_backwards(self) -> bool:
        """Whether it is read from its end."""
        return self.before is not None and self.after is None

    def numbers(self, query: Select[int], key: ColumnElement[int]) -> Select[int]:
        """The numbers of the stretch, and one more where there is more."""
        if self.after is not None:
            query = query.where(key < self.after)
        if self.is_backwards:
            query = query.where(key > self.before)
        return query.order_by(key if self.is_backwards else key.desc()).limit(self.limit + 1)

    def page(self, found: Sequence[Found], number_of: Callable[[Found], int]) -> Page[Found]:
        """What was found of the stretch, newest first, as a page."""
        more = len(found) > self.limit
        kept = found[-self.limit :] if self.is_backwards else found[: self.limit]
        newer = more if self.is_backwards else self.after is not None
        older = more if not self.is_backwards else bool(kept)
        return Page(
            tuple(kept),
            before=number_of(kept[0]) if kept and newer else None,
            after=number_of(kept[-1]) if kept and older else None,
        )


def _among(
    rows: Select[*tuple[Any, ...]], search: Search, stretch: _Stretch
) -> Select[*tuple[Any, ...]]:
    """``rows`` of the tickets in the stretch: their numbers are found first, alone."""
    numbers = stretch.numbers(*_found(search)).subquery()
    return rows.where(Ticket.id.in_(select(numbers))).order_by(Ticket.id.desc())


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
_REQUESTS = select(Ticket).options(joinedload(Ticket.requester), joinedload(Ticket.assignee))
