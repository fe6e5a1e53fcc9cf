"""What a search finds: newest ticket first, paged by its number, within what one may see.

Each ticket has the number of its place, so a page is a walk along one index from a number on,
and of the rows not found nothing is read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, joinedload

from app import statements
from app.catalogue.words import Kind, Priority
from app.clocks.models import Clock, Deadline
from app.database import db
from app.fulltext import looking
from app.people.models import Organisation, Person, Team
from app.statements import built_once, is_numbered, number_called, spelled
from app.tickets import lines
from app.tickets.lines import Ticking
from app.tickets.models import Ticket
from app.tickets.queries import visible_to
from app.tickets.search.searching import Search
from app.tickets.words import Channel, Status

PAGE = 25
CAP = 100
Found = TypeVar("Found")
Asked = TypeVar("Asked")


class Told(NamedTuple):
    """A ticket as a search shows it; fields are columns of `Ticket`."""

    id: int
    subject: str
    snippet: str
    status: Status
    priority: Priority
    kind: Kind
    channel: Channel
    assignee_id: int | None
    merged_into_id: int | None
    agent_unread: bool
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None

    @property
    def ref(self) -> str:
        """How people name it: ``#1042``."""
        return f"#{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status.is_open


class Row(NamedTuple):
    """One ticket that was found, with its people and the clock that comes next."""

    ticket: Told
    clock: Ticking | None
    requester: str | None
    organisation: str | None
    assignee: str | None
    team: str | None


@dataclass(frozen=True)
class Page(Generic[Found]):
    """What is on one page, and the numbers to go on from, None where there is nothing more.

    The first page knows how many there are, never counting beyond `CAP`.
    """

    rows: tuple[Found, ...]
    before: int | None
    after: int | None
    count: int | None = field(default=None, compare=False)


def page(
    search: Search, *, after: int | None = None, before: int | None = None, limit: int = PAGE
) -> Page[Row]:
    """The rows older than ``after`` (or newer than ``before``), at most ``limit``."""
    stretch = _Stretch(after, before, limit)
    numbers = _numbers_of(search, stretch)
    known = {"numbers": stretch.shown(numbers)}
    found = tuple(map(_row, statements.rows(_rows(), known).all())) if numbers else ()
    return stretch.page(numbers, found)


def requests(
    search: Search, *, after: int | None = None, before: int | None = None, limit: int = PAGE
) -> Page[Ticket]:
    """The same as tickets with who asked and who looks after them, for the portal."""
    stretch = _Stretch(after, before, limit)
    numbers = _numbers_of(search, stretch)
    known = {"numbers": stretch.shown(numbers)}
    found = tuple(db.session.scalars(_requests(), known)) if numbers else ()
    return stretch.page(numbers, found)


def count(search: Search, *, cap: int = CAP) -> int:
    """How many tickets it finds, never counting beyond ``cap``."""
    statement, known = _asked(_counted, search, cap)
    found: int = statements.rows(statement, known).scalar_one()
    return found


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

    @property
    def edge(self) -> int | None:
        """The number it begins or ends at."""
        return self.before if self.after is None else self.after

    @property
    def shape(self) -> "_Stretch":
        """The same wherever it begins."""
        after, before = (None if one is None else 0 for one in (self.after, self.before))
        return _Stretch(after, before, self.limit)

    @property
    def is_first(self) -> bool:
        """Whether it begins where the order does."""
        return self.edge is None

    def numbers(self, query: Select[int], key: ColumnElement[int]) -> Select[int]:
        """The numbers of the stretch, and one more where there is more.

        Of the first all that are counted: they need not be looked for twice.
        """
        edge = number_called("edge", self.edge)
        if self.after is not None:
            query = query.where(key < edge)
        if self.is_backwards:
            query = query.where(key > edge)
        most = max(self.limit + 1, CAP if self.is_first else 0)
        return query.order_by(key if self.is_backwards else key.desc()).limit(spelled(most))

    def shown(self, numbers: Sequence[int]) -> Sequence[int]:
        """Which of the numbers found are on the page, the newest first."""
        kept = numbers[: self.limit]
        return kept[::-1] if self.is_backwards else kept

    def page(self, numbers: Sequence[int], found: tuple[Found, ...]) -> Page[Found]:
        """What was ``found`` of the numbers that are shown, as a page."""
        kept, more = self.shown(numbers), len(numbers) > self.limit
        newer = more if self.is_backwards else self.after is not None
        older = more if not self.is_backwards else bool(kept)
        return Page(
            found,
            before=kept[0] if kept and newer else None,
            after=kept[-1] if kept and older else None,
            count=min(len(numbers), CAP) if self.is_first else None,
        )


def _numbers_of(search: Search, stretch: _Stretch) -> Sequence[int]:
    statement, known = _asked(_numbers, search, stretch)
    return statements.rows(statement, known).scalars().all()


def _asked(
    build: Callable[..., Asked], search: Search, about: "_Stretch | int"
) -> tuple[Asked, dict[str, Any]]:
    """What ``build`` puts together for the search, and what stands in it by name.

    Words alone are asked for in one way, whatever they are: that is put together once.
    """
    internal = search.sight.is_agent
    known: dict[str, Any] = {"viewer": search.sight.person_id}
    if search.sought:
        known["sought"] = looking.asked(search.sought, internal=internal)
    if isinstance(about, _Stretch):
        known["edge"] = about.edge
    if not search.is_words_alone:
        return build(search, about), known
    return _kept(build, search.shape, about.shape if isinstance(about, _Stretch) else about), known


@built_once
def _kept(build: Callable[..., Asked], search: Search, about: "_Stretch | int") -> Asked:
    return build(search, about)


def _numbers(search: Search, stretch: _Stretch) -> Select[int]:
    return stretch.numbers(*_found(search))


@built_once
def _rows() -> Select[*tuple[Any, ...]]:
    return _ROWS.where(is_numbered(Ticket.id, "numbers")).order_by(Ticket.id.desc())


@built_once
def _requests() -> Select[Ticket]:
    return _REQUESTS.where(is_numbered(Ticket.id, "numbers")).order_by(Ticket.id.desc())


def _counted(search: Search, cap: int) -> Select[int]:
    return select(func.count()).select_from(_found(search)[0].limit(spelled(cap)).subquery())


def _row(line: Sequence[Any]) -> Row:
    ticket, clock = line[: len(_TOLD)], line[len(_TOLD) : len(_TOLD) + len(lines.CLOCK)]
    ticking = Ticking._make(clock) if clock[0] is not None else None
    return Row(Told._make(ticket), ticking, *line[len(_TOLD) + len(lines.CLOCK) :])


def _found(search: Search) -> tuple[Select[int], ColumnElement[int]]:
    """The numbers of what it finds, and the column that they are ordered and paged by."""
    query: Select[*tuple[Any, ...]] = visible_to(search.sight)
    query, key = looking.holding(
        query, Ticket.id.expression, search.sought, internal=search.sight.is_agent
    )
    query = query.where(*search.held)
    return query.with_only_columns(key, maintain_column_froms=True), key


_TOLD = [getattr(Ticket, name) for name in Told._fields]
_REQUESTER, _ASSIGNEE = aliased(Person), aliased(Person)
_ROWS = (
    select(*_TOLD, *lines.CLOCK, _REQUESTER.name, Organisation.name, _ASSIGNEE.name, Team.name)
    .outerjoin(Deadline, Deadline.ticket_id == Ticket.id)
    .outerjoin(Clock, Clock.id == Deadline.clock_id)
    .outerjoin(_REQUESTER, _REQUESTER.id == Ticket.requester_id)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.id == Ticket.assignee_id)
    .outerjoin(Organisation, Organisation.id == Ticket.organisation_id)
    .outerjoin(Team, Team.id == Ticket.team_id)
)
_REQUESTS = select(Ticket).options(joinedload(Ticket.requester), joinedload(Ticket.assignee))
