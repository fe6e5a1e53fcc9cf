"""The names that menus and filters offer: teams, agents, organisations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, null, select

from app.people.models import Organisation, Person, Role, Team
from app.statements import spelled

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


def house(named: Iterable[tuple[Any, ...]]) -> House:
    """The house of what the statements of `named` answered: kind, id, name and slug of each."""
    return _house(tuple(named))


@lru_cache(maxsize=16)
def _house(named: tuple[tuple[Any, ...], ...]) -> House:
    """What is drawn of a house can be kept as long as it is the same one."""
    found: dict[str, list[Named]] = {"team": [], "agent": [], "organisation": []}
    for kind, id_, name, slug in named:
        found[kind].append(Named(id_, name, slug))
    return House(*(_by_name(found[kind]) for kind in found))


def named() -> Sequence[Select[*tuple[Any, ...]]]:
    """The statements for the teams, the active agents and the organisations, 300 of each."""
    asked = (
        _names("team", Team.id, Team.name, Team.slug),
        _names("agent", Person.id, Person.name, null()).where(
            Person.is_active, Person.role != spelled(Role.REQUESTER)
        ),
        _names("organisation", Organisation.id, Organisation.name, Organisation.slug),
    )
    return [query.limit(spelled(MOST)) for query in asked]


def _names(kind: str, *columns: ColumnElement[object] | object) -> Select[*tuple[object, ...]]:
    called = ("id", "name", "slug")
    labelled = [
        column.label(name)  # type: ignore[attr-defined]
        for column, name in zip(columns, called, strict=True)
    ]
    return select(literal(kind).label("kind"), *labelled).order_by(labelled[1], labelled[0])


def _by_name(found: Sequence[Named]) -> tuple[Named, ...]:
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.id)))
