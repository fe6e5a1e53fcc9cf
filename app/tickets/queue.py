"""The queue: open tickets, soonest deadline first, paged by key.

The order is that of `deadline` (one row per open ticket, kept by the clocks), so a page is one
walk along one index whatever is open. Source: product.md, "The queue page".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Select, func, select, tuple_, union_all
from sqlalchemy.orm import aliased

from app.catalogue.words import Priority
from app.clocks.models import Clock, Deadline
from app.database import db
from app.people.access import Sight
from app.people.models import Organisation, Person, Team
from app.statements import built_once, instant_called, number_called, rows, spelled
from app.tickets import filters, lines
from app.tickets.filters import Filter, Scope
from app.tickets.lines import Listed, Ticking
from app.tickets.models import Ticket
from app.tickets.queries import visible_to

PAGE, CAP = 50, 100
LAST = (Scope.WAITING_REQUESTER, Scope.WAITING_VENDOR)
"""What stands at the end of the order, behind everything else: no walk gets there soon."""

ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands in a statement until it is asked."""
Beside = Callable[[], ScalarSelect[Any]]


class _Way(Enum):
    """Which rows of the order: the first, those on from a place, or those back from it."""

    START = auto()
    ON = auto()
    BACK = auto()


class Key(NamedTuple):
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


class Row(NamedTuple):
    """One line of the queue, in columns rather than whole rows."""

    ticket: Listed
    clock: Ticking | None
    requester: str | None
    organisation: str | None
    assignee: str | None
    team: str | None
    order_at: datetime

    @property
    def key(self) -> Key:
        """The row's place in the order."""
        return Key(self.order_at, self.ticket.id)


@dataclass(frozen=True)
class Shown:
    """A page as somebody sees it: its tickets, and between which places of the order it lies."""

    ids: tuple[int, ...]
    after: Key | None = None
    until: Key | None = None


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
    is_long: bool = False,
) -> Page:
    """The rows after ``after`` (or before ``before``), at most ``limit``, soonest first.

    ``is_long`` says that many match: then the order is walked until the page is full, else what
    matches is looked up and sorted.
    """
    backwards = before is not None and after is None
    edge = after or before
    walks = is_long and chosen.scope not in LAST
    known = {"viewer": sight.person_id, "at": at}
    if edge is not None:
        known |= {"order_at": edge.order_at, "ticket_id": edge.ticket_id}
    way = _Way.BACK if backwards else _Way.ON if after is not None else _Way.START
    statement = _page(sight.shape, chosen, way, limit=limit + 1, walks=walks)
    found = [_row(line) for line in rows(statement, known).all()]
    more = len(found) > limit
    kept = found[-limit:] if backwards else found[:limit]
    has_after = bool(kept) and (more if not backwards else True)
    has_before = bool(kept) and (more if backwards else after is not None)
    return Page(
        rows=tuple(kept),
        before=kept[0].key if has_before else None,
        after=kept[-1].key if has_after else None,
    )


def count(sight: Sight, chosen: Filter, *, at: datetime, cap: int = CAP) -> int:
    """How many tickets the filter shows, never counting beyond ``cap``."""
    found: int = counts(sight, [chosen], at=at, cap=cap)[0]
    return found


def counts(
    sight: Sight,
    chosen: Iterable[Filter],
    *,
    at: datetime,
    cap: int = CAP,
    besides: Iterable[Beside] = (),
) -> list[Any]:
    """How many tickets each filter shows, never counting beyond ``cap``, in one statement.

    What ``besides`` asks for is answered with them, after the counts; who looks and when stand
    in it by the names ``viewer`` and ``at``.
    """
    statement = _counts(sight.shape, tuple(chosen), tuple(besides), cap=cap)
    known = {"viewer": sight.person_id, "at": at}
    return list(rows(statement, known).one())


def find_key(ticket_id: int) -> Key | None:
    """Where an open ticket stands in the queue's order."""
    deadline = db.session.get(Deadline, ticket_id)
    return Key(deadline.order_at, ticket_id) if deadline is not None else None


def neighbours(
    sight: Sight, chosen: Filter, key: Key, *, at: datetime
) -> tuple[Key | None, Key | None]:
    """The places before and after ``key`` in the filter's order, None where there is none.

    The ticket at ``key`` itself may have left: where it stood is what counts.
    """
    order, place = (Deadline.order_at, Deadline.ticket_id), (key.order_at, key.ticket_id)
    others = (
        matching(sight, chosen, at=at, walks=True)
        .where(Ticket.id != key.ticket_id)
        .with_only_columns(*order, maintain_column_froms=True)
        .limit(1)
    )
    before = others.where(tuple_(*order) < place).order_by(*(one.desc() for one in order))
    after = others.where(tuple_(*order) > place).order_by(*order)
    ends = [select(*query.subquery().c) for query in (before, after)]
    found = [Key(*line) for line in db.session.execute(union_all(*ends))]
    return (
        next((each for each in found if (each.order_at, each.ticket_id) < place), None),
        next((each for each in found if (each.order_at, each.ticket_id) > place), None),
    )


def come_since(
    sight: Sight, chosen: Filter, shown: Shown, *, at: datetime, cap: int = CAP
) -> list[tuple[int, Priority]]:
    """The tickets that stand on a page by now and did not when it was shown; at most ``cap``."""
    query = matching(sight, chosen, at=at, walks=True).where(Ticket.id.not_in(shown.ids))
    order = (Deadline.order_at, Deadline.ticket_id)
    if shown.after is not None:
        query = query.where(tuple_(*order) > (shown.after.order_at, shown.after.ticket_id))
    if shown.until is not None:
        query = query.where(tuple_(*order) < (shown.until.order_at, shown.until.ticket_id))
    found = query.with_only_columns(Ticket.id, Ticket.priority, maintain_column_froms=True)
    lines = db.session.execute(found.order_by(*order).limit(cap))
    return [(id_, priority) for id_, priority in lines]


def ids_of(sight: Sight, chosen: Filter, *, at: datetime, limit: int) -> list[int]:
    """The tickets that the filter shows, soonest deadline first, at most ``limit``."""
    query = matching(sight, chosen, at=at).with_only_columns(Ticket.id)
    query = query.order_by(Deadline.order_at, Deadline.ticket_id)
    return list(db.session.scalars(query.limit(limit)))


def visible_ids(sight: Sight, ids: Sequence[int]) -> list[int]:
    """Those of ``ids`` that this person may see."""
    query = visible_to(sight).where(Ticket.id.in_(ids)).with_only_columns(Ticket.id)
    return list(db.session.scalars(query))


def matching(sight: Sight, chosen: Filter, *, at: datetime, walks: bool = False) -> Select[Ticket]:
    """The tickets that the filter shows, joined with their deadline, in no order.

    ``walks`` is for who walks along the deadlines (`filters.conditions`).
    """
    return (
        visible_to(sight)
        .join(Deadline, Deadline.ticket_id == Ticket.id)
        .where(*filters.conditions(chosen, sight, at=at, walks=walks))
    )


@built_once
def _counts(
    shape: Sight, chosen: tuple[Filter, ...], besides: tuple[Beside, ...], *, cap: int
) -> Select[*tuple[Any, ...]]:
    asked = [_counted(_numbered(shape, one), cap) for one in chosen]
    return select(*asked, *(ask() for ask in besides))


def _numbered(shape: Sight, chosen: Filter) -> Select[int]:
    """The numbers of what the filter shows, to be counted.

    Every open ticket has a deadline and no other has: where only one of the two decides, the
    other need not be read.
    """
    if chosen.scope is not Scope.AT_RISK:
        shown = visible_to(shape).where(*filters.conditions(chosen, shape, at=ANY_TIME))
    elif chosen.wanted or not shape.sees_all:
        shown = matching(shape, chosen, at=ANY_TIME)
    else:
        return select(Deadline.ticket_id).where(Deadline.risk_at <= instant_called("at", ANY_TIME))
    return shown.with_only_columns(Ticket.id)


def _counted(numbers: Select[int], cap: int) -> ScalarSelect[int]:
    some = numbers.limit(spelled(cap)).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _row(line: Any) -> Row:
    return Row(*lines.read(line), *line[len(lines.COLUMNS) :])


@built_once
def _page(
    shape: Sight, chosen: Filter, way: _Way, *, limit: int, walks: bool
) -> Select[*tuple[Any, ...]]:
    order = (Deadline.order_at, Deadline.ticket_id)
    edge = tuple_(instant_called("order_at"), number_called("ticket_id"))
    places = matching(shape, chosen, at=ANY_TIME, walks=walks)
    match way:
        case _Way.ON:
            places = places.where(tuple_(*order) > edge)
        case _Way.BACK:
            places = places.where(tuple_(*order) < edge)
    ordered = places.order_by(*((one.desc() if way is _Way.BACK else one) for one in order))
    return _lines(ordered.limit(spelled(limit)))


def _lines(places: Select[Ticket]) -> Select[*tuple[Any, ...]]:
    """What is shown of the tickets at ``places``, soonest first: joined once they are chosen."""
    requester, assignee = aliased(Person), aliased(Person)
    page = places.with_only_columns(
        Ticket.id, Deadline.order_at, Deadline.clock_id, maintain_column_froms=True
    ).subquery()
    return (
        select(
            *lines.COLUMNS,
            requester.name,
            Organisation.name,
            assignee.name,
            Team.name,
            page.c.order_at,
        )
        .select_from(page)
        .join(Ticket, Ticket.id == page.c.id)
        .outerjoin(Clock, Clock.id == page.c.clock_id)
        .outerjoin(requester, requester.id == Ticket.requester_id)
        .outerjoin(assignee, assignee.id == Ticket.assignee_id)
        .outerjoin(Organisation, Organisation.id == Ticket.organisation_id)
        .outerjoin(Team, Team.id == Ticket.team_id)
        .order_by(page.c.order_at, page.c.id)
    )
