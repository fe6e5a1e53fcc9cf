"""What of the queue to show: a ready-made view, narrowed by filters that stand in the URL.

A filter is written ``status=new&status=open&not=status&team=3``: values of one name are
alternatives, names are all met at once, and ``not`` turns a name round. What makes no sense in
a URL is no filter. Sources: product.md, "The queue page"; security.md (names from a list).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, and_, func, null, or_, select, true

from app.catalogue.words import Priority
from app.clocks.models import Deadline
from app.database import is_postgresql
from app.languages import lazy_gettext as _
from app.people.access import Sight
from app.statements import instant_called, is_one_of, spelled
from app.tickets.models import Tag, Ticket, TicketTag
from app.tickets.words import OPEN, Status

MOST_VALUES, LONGEST = 20, 60
MAX_ROW = 2**63 - 1
ME, NOBODY, NO_TEAM = "me", "nobody", "none"
NOT, SCOPE = "not", "scope"
Plain = Callable[[Any], Any]


class Scope(StrEnum):
    """The ready-made views of the desk."""

    NEEDS_AGENT = "needs-agent"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    AT_RISK = "at-risk"
    WAITING_REQUESTER = "waiting-requester"
    WAITING_VENDOR = "waiting-vendor"
    ALL_OPEN = "all-open"

    @property
    def label(self) -> str:
        """The name in the navigation and above the table."""
        return str(_LABELS[self])


_LABELS = {
    Scope.NEEDS_AGENT: _("Needs an agent now"),
    Scope.MINE: _("Mine"),
    Scope.UNASSIGNED: _("Unassigned"),
    Scope.AT_RISK: _("At risk or over"),
    Scope.WAITING_REQUESTER: _("Waiting for requester"),
    Scope.WAITING_VENDOR: _("Waiting for vendor"),
    Scope.ALL_OPEN: _("All open"),
}


class Field(StrEnum):
    """What can be filtered by, in the order in which it is shown."""

    STATUS = "status"
    PRIORITY = "priority"
    TEAM = "team"
    ASSIGNEE = "assignee"
    ORGANISATION = "organisation"
    REQUESTER = "requester"
    TAG = "tag"

    @property
    def label(self) -> str:
        """What it is called on a filter."""
        return str(_FIELDS[self])


_FIELDS = {
    Field.STATUS: _("Status"),
    Field.PRIORITY: _("Priority"),
    Field.TEAM: _("Team"),
    Field.ASSIGNEE: _("Assignee"),
    Field.ORGANISATION: _("Organisation"),
    Field.REQUESTER: _("Requester"),
    Field.TAG: _("Tag"),
}
_COLUMNS = {
    Field.TEAM: Ticket.team_id,
    Field.ASSIGNEE: Ticket.assignee_id,
    Field.ORGANISATION: Ticket.organisation_id,
    Field.REQUESTER: Ticket.requester_id,
}
_WORDS = {
    Field.STATUS: frozenset(status.value for status in Status if status.is_open),
    Field.PRIORITY: frozenset(priority.value for priority in Priority),
    Field.TEAM: frozenset({NO_TEAM}),
    Field.ASSIGNEE: frozenset({ME, NOBODY}),
}
"""What may be asked for beside numbers of rows."""


@dataclass(frozen=True)
class Wanted:
    """One of these values, or (``is_not``) none of them."""

    field: Field
    values: tuple[str, ...]
    is_not: bool = False

    @property
    def ids(self) -> list[int]:
        """Those values that are numbers of rows."""
        return [int(value) for value in self.values if value.isdecimal()]


@dataclass(frozen=True)
class Filter:
    """What of the queue to show: a ready-made view and what narrows it, each field once."""

    scope: Scope = Scope.ALL_OPEN
    wanted: tuple[Wanted, ...] = ()

    def __hash__(self) -> int:
        known: int | None = self.__dict__.get("_hash")
        if known is None:
            known = self.__dict__["_hash"] = hash((self.scope, self.wanted))
        return known

    def find(self, field: Field) -> Wanted | None:
        """What is wanted of ``field``."""
        return next((each for each in self.wanted if each.field is field), None)

    def without(self, field: Field) -> "Filter":
        """The same, whatever ``field`` is."""
        kept = tuple(each for each in self.wanted if each.field is not field)
        return replace(self, wanted=kept)

    def within(self, wanted: Wanted) -> "Filter":
        """The same where ``wanted`` holds; it stands in for what was wanted of its field."""
        return replace(self, wanted=(*self.without(wanted.field).wanted, wanted))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """As it stands in a URL, without the ready-made view."""
        said = [(each.field.value, value) for each in self.wanted for value in each.values]
        return said + [(NOT, each.field.value) for each in self.wanted if each.is_not]

    @property
    def query(self) -> str:
        """As a query string that says all of it: what a saved view keeps."""
        return urlencode([(SCOPE, self.scope.value), *self.pairs])


def of_team(team_id: int) -> Filter:
    """The queue of one team."""
    return Filter(wanted=(Wanted(Field.TEAM, (str(team_id),)),))


def read(pairs: Iterable[tuple[str, str]], *, scope: Scope = Scope.ALL_OPEN) -> Filter:
    """The filter that the names and values of a URL say, within ``scope`` where it names none."""
    said: dict[str, list[str]] = {}
    for name, value in pairs:
        said.setdefault(name, []).append(value)
    named = said.get(SCOPE, [""])[0]
    return Filter(Scope(named) if named in list(Scope) else scope, tuple(_wanted(said)))


@lru_cache(maxsize=1024)
def read_query(query: str) -> Filter:
    """The filter that a query string says."""
    return read(parse_qsl(query, max_num_fields=200) if query.count("&") < 200 else ())


def _wanted(said: dict[str, list[str]]) -> Iterator[Wanted]:
    turned = said.get(NOT, ())
    for field in Field:
        values = dict.fromkeys(_value(field, value) for value in said.get(field.value, ()))
        kept = tuple(value for value in values if value)[:MOST_VALUES]
        if kept:
            yield Wanted(field, kept, field.value in turned)


def _value(field: Field, value: str) -> str:
    """The value in the one way it is written; empty where ``field`` can never have it."""
    value = value.strip().lower()
    if value in _WORDS.get(field, ()):
        return value
    if field is Field.TAG:
        return value[:LONGEST]
    is_row = value.isascii() and value.isdecimal() and len(value) < LONGEST
    return value if field in _COLUMNS and is_row and 0 < int(value) <= MAX_ROW else ""


def conditions(
    chosen: Filter, sight: Sight, *, at: datetime, walks: bool = False
) -> list[ColumnElement[bool]]:
    """What holds of the tickets that ``chosen`` shows to ``sight``; `Deadline` must be joined.

    Who looks and when stand in them by the names ``viewer`` and ``at``.

    ``walks`` keeps SQLite, which knows no shares of values, from looking tickets up by their
    status or team and sorting them where walking along the deadlines ends sooner.
    """
    walks = walks or chosen.scope is Scope.AT_RISK  # few are, and an index of deadlines has them
    plain = _unindexed if walks and not is_postgresql() else _as_it_is
    return [
        _scope(chosen.scope, sight, plain, instant_called("at", at)),
        *(_turned(_condition(each, sight, plain), each.is_not) for each in chosen.wanted),
    ]


def _as_it_is(column: Any) -> Any:
    return column


def _unindexed(column: Any) -> Any:
    """The column's value, in words that no index serves."""
    return func.coalesce(column, null(), type_=column.type)


def _turned(condition: ColumnElement[bool], is_not: bool) -> ColumnElement[bool]:
    """``condition``, or that it does not hold: an empty column is never what was asked for."""
    return condition.is_not(true()) if is_not else condition


def _condition(wanted: Wanted, sight: Sight, plain: Plain) -> ColumnElement[bool]:
    match wanted.field:
        case Field.STATUS:
            return is_one_of(plain(Ticket.status), map(Status, wanted.values))
        case Field.PRIORITY:
            return is_one_of(Ticket.priority, map(Priority, wanted.values))
        case Field.TAG:
            tagged = select(TicketTag.ticket_id).join(Tag, Tag.id == TicketTag.tag_id)
            return Ticket.id.in_(tagged.where(Tag.name.in_(wanted.values)))
    column: Any = plain(_COLUMNS[wanted.field])
    ids = [*map(spelled, wanted.ids), *([sight.viewer] if ME in wanted.values else [])]
    is_empty = NOBODY in wanted.values or NO_TEAM in wanted.values
    return or_(column.in_(ids), column.is_(None)) if is_empty else column.in_(ids)


def _scope(
    scope: Scope, sight: Sight, plain: Plain, at: ColumnElement[datetime]
) -> ColumnElement[bool]:
    status: Any = plain(Ticket.status)
    needs_agent = is_one_of(status, (Status.NEW, Status.OPEN))
    match scope:
        case Scope.NEEDS_AGENT:
            return needs_agent
        case Scope.MINE:
            return and_(Ticket.is_open, Ticket.assignee_id == sight.viewer)
        case Scope.UNASSIGNED:
            return and_(needs_agent, plain(Ticket.assignee_id).is_(None))
        case Scope.AT_RISK:
            return and_(is_one_of(status, OPEN), Deadline.risk_at <= at)
        case Scope.WAITING_REQUESTER:
            return is_one_of(status, (Status.WAITING_REQUESTER,))
        case Scope.WAITING_VENDOR:
            return is_one_of(status, (Status.WAITING_VENDOR,))
        case Scope.ALL_OPEN:
            return is_one_of(status, OPEN)
