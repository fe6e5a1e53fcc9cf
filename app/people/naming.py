"""The names that menus and filters offer: teams, agents, organisations, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, literal, null, select, union_all

from app.people.models import Organisation, Person, Role, Team
from app.statements import rows, spelled

MOST = 300


@dataclass(frozen=True, slots=True)
class Named:
    """A row and what people call it; teams and organisations have a ``slug``."""

    id: int
    name: str
    slug: str | None


@dataclass(frozen=True, eq=False)
class House:
    """Everybody and everything with a name, each kind by name; one as long as nothing changes."""

    teams: tuple[Named, ...]
    agents: tuple[Named, ...]
    organisations: tuple[Named, ...]


def house() -> House:
    """The teams, the active agents and the organisations, at most 300 of each."""
    return _house(tuple([tuple(row) for row in rows(_everybody()).all()]))


@lru_cache(maxsize=16)
def _house(named: tuple[tuple[Any, ...], ...]) -> House:
    """What is drawn of a house can be kept as long as it is the same one."""
    found: dict[str, list[Named]] = {"team": [], "agent": [], "organisation": []}
    for kind, id_, name, slug in named:
        found[kind].append(Named(id_, name, slug))
    return House(*(_by_name(found[kind]) for kind in found))


@cache
def _everybody() -> CompoundSelect[*tuple[Any, ...]]:
    asked = (
        _names("team", Team.id, Team.name, Team.slug),
        _names("agent", Person.id, Person.name, null()).where(
            Person.is_active, Person.role != spelled(Role.REQUESTER)
        ),
        _names("organisation", Organisation.id, Organisation.name, Organisation.slug),
    )
    return union_all(*(select(query.limit(spelled(MOST)).subquery()) for query in asked))


def _names(kind: str, *columns: ColumnElement[object] | object) -> Select[*tuple[object, ...]]:
    called = ("id", "name", "slug")
    labelled = [
        column.label(name)  # type: ignore[attr-defined]
        for column, name in zip(columns, called, strict=True)
    ]
    return select(literal(kind).label("kind"), *labelled).order_by(labelled[1], labelled[0])


def _by_name(found: Sequence[Named]) -> tuple[Named, ...]:
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.id)))
