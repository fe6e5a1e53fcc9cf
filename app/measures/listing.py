"""The promises behind a figure, paged by key, with how far each is over, and those at risk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select, tuple_

from app.calendars import queries as calendars
from app.clocks.chips import AT_RISK
from app.clocks.models import Clock
from app.database import db
from app.measures.cohort import Choice, Scope, State, due_in, is_in, of_choice, of_scope
from app.measures.weeks import Week
from app.people.models import Person, Team
from app.tickets.models import HistoryEntry, Ticket

PAGE = 50
SOONEST = 300
"""How many of the next due times are looked at for "at risk"."""


@dataclass(frozen=True)
class Promise:
    """One clock with its ticket's name and owner, and by how much it is over."""

    clock: Clock
    ticket_id: int
    subject: str
    owner: str | None
    team: str | None
    over_s: int

    @property
    def key(self) -> "Key":
        """Its place in the list."""
        return Key(self.clock.due_at, self.clock.id)


@dataclass(frozen=True)
class Key:
    """A place in a list of promises: the due time (none while paused) and the clock's id."""

    due_at: datetime | None
    clock_id: int

    @classmethod
    def parse(cls, text: str | None) -> "Key | None":
        """Read a key from a URL, ``<epoch seconds or 0>-<id>``; None when it is none."""
        first, _, second = (text or "").partition("-")
        whole = all(part.isascii() and part.isdigit() for part in (first, second))
        if not whole or len(first) > 11 or len(second) > 18:
            return None
        return cls(datetime.fromtimestamp(int(first), UTC) if int(first) else None, int(second))

    def __str__(self) -> str:
        return f"{int(self.due_at.timestamp()) if self.due_at else 0}-{self.clock_id}"


def page(
    scope: Scope,
    choice: Choice,
    week: Week,
    *,
    at: datetime,
    after: Key | None = None,
    limit: int = PAGE,
) -> tuple[list[Promise], Key | None]:
    """The promises of ``choice`` by due time, and the key of the next page or None.

    Paused ones have no due time and so no week: all of them are listed, oldest clock first.
    """
    query = _rows(scope).where(is_in(choice.state, at), *of_choice(choice))
    if choice.state is State.PAUSED:
        query = query.order_by(Clock.id)
        if after is not None:
            query = query.where(Clock.id > after.clock_id)
    else:
        query = query.where(due_in(week)).order_by(Clock.due_at, Clock.id)
        if after is not None and after.due_at is not None:
            query = query.where(
                Clock.due_at >= after.due_at,  # what an index can seek; the next line is exact
                tuple_(Clock.due_at, Clock.id) > (after.due_at, after.clock_id),
            )
    found = _promises(query.limit(limit + 1), at)
    return found[:limit], found[limit - 1].key if len(found) > limit else None


def worst(scope: Scope, state: State, week: Week, *, at: datetime, limit: int) -> list[Promise]:
    """Missed promises of ``week``: open ones longest due first, ended ones furthest over first."""
    order = Clock.due_at if state is State.OPEN else (Clock.used_s - Clock.budget_s).desc()
    query = _rows(scope).where(is_in(state, at), due_in(week))
    return _promises(query.order_by(order, Clock.id).limit(limit), at)


def at_risk(scope: Scope, *, at: datetime, limit: int) -> list[Promise]:
    """Running promises with `AT_RISK` or more of the budget used, soonest due first.

    Business time is not known to SQL: the `SOONEST` next due times are looked at.
    """
    query = _rows(scope).where(is_in(State.TO_COME, at), Clock.due_at >= at)
    soonest = _promises(query.order_by(Clock.due_at, Clock.id).limit(SOONEST), at)
    risky = [row for row in soonest if row.clock.budget_s + row.over_s >= _risky(row.clock)]
    return risky[:limit]


def causes(ticket_ids: Iterable[int]) -> Mapping[int, str]:
    """The last reason that somebody gave on each ticket; those without one are missing."""
    reason = HistoryEntry.facts["reason"].as_string()
    query = (
        select(HistoryEntry.ticket_id, reason)
        .where(HistoryEntry.ticket_id.in_(set(ticket_ids)), reason.is_not(None), reason != "")
        .order_by(HistoryEntry.ticket_id, HistoryEntry.at, HistoryEntry.id)
    )
    return {ticket_id: given for ticket_id, given in db.session.execute(query)}


def _risky(clock: Clock) -> float:
    return clock.budget_s * AT_RISK


def _rows(scope: Scope) -> Select[*tuple[Any, ...]]:
    query = of_scope(
        scope, Clock, Ticket.id, Ticket.subject, Person.name, Team.name, with_ticket=True
    )
    return query.outerjoin(Person, Person.id == Ticket.assignee_id).outerjoin(
        Team, Team.id == Ticket.team_id
    )


def _promises(query: Select[*tuple[Any, ...]], at: datetime) -> list[Promise]:
    return [
        Promise(clock, ticket_id, subject, owner, team, _over(clock, at))
        for clock, ticket_id, subject, owner, team in db.session.execute(query)
    ]


def _over(clock: Clock, at: datetime) -> int:
    """Business seconds beyond the budget; negative is what is left."""
    used_s = clock.used_s
    if clock.running_since is not None:
        calendar = calendars.value(clock.calendar_version_id)
        used_s += calendar.elapsed(clock.running_since, at)
    return used_s - clock.budget_s
