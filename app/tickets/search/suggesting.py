"""What could be typed next: fields, and their values as far as the reader may see them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.catalogue.models import Service
from app.database import db
from app.fulltext.words import plain
from app.people.access import Sight
from app.people.models import Organisation, Person, Role, Team
from app.tickets import tagging
from app.tickets.models import Tag, Ticket
from app.tickets.queries import visible_to
from app.tickets.search import beginnings, fields
from app.tickets.search.fields import Field
from app.tickets.search.terms import quoted

MOST = 8
_TYPED = re.compile(
    r'((?:(?:[^"]|"[^"]*")*\s)?)(-?)(?:([A-Za-z-]+):)?((?:"[^"]*"|[^\s"])*(?:"[^"]*)?)'
)
"""What stands before the term at the cursor, its minus and its field, and its value so far."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The line as it would be, where the cursor then stands, and what it adds in words."""

    line: str
    cursor: int
    label: str
    says: str = ""


def suggest(line: str, cursor: int, sight: Sight) -> list[Suggestion]:
    """What could stand where the cursor is, the most likely first, at most `MOST`."""
    before, behind = line[:cursor], line[cursor:]
    found = _TYPED.fullmatch(before)
    if found is None:
        return []
    rest, minus, name, typed = found.groups()
    start = rest + minus
    staff = sight.is_agent
    if name is None:
        return [
            _with(start, f"{field.name}:", behind, field.example, str(field.says))
            for field in fields.known(staff=staff)
            if field.name.startswith(typed.lower()) and typed.lower() != field.name + ":"
        ][:MOST]
    named = fields.ALSO.get(name.lower(), name.lower())
    field = next((each for each in fields.known(staff=staff) if each.name == named), None)
    if field is None:
        return []
    *chosen, last = typed.split(",")
    values = _values(field, last.strip('"'), sight)
    head = f"{name}:" + "".join(f"{value}," for value in chosen)
    return [
        _with(start, head + quoted(value) + " ", behind.lstrip(), value, says)
        for value, says in values
        if value not in chosen
    ][:MOST]


def _with(start: str, added: str, behind: str, label: str, says: str) -> Suggestion:
    line = start + added
    return Suggestion(line + behind, len(line), label, says)


def _values(field: Field, typed: str, sight: Sight) -> list[tuple[str, str]]:
    """Values of ``field`` that begin with ``typed``, each with who or what it is."""
    own = [
        (value, "")
        for value in field.values_for(staff=sight.is_agent)
        if value.startswith(typed.lower())
    ]
    if field.takes is not fields.Takes.NAMES:
        return own
    rows = db.session.execute(_NAMES[field.name](typed, sight).limit(MOST)).all()
    return [*own, *_named(field.name, rows)]


def _named(field: str, rows: Iterable[Any]) -> list[tuple[str, str]]:
    if field in {"from", "assignee"}:
        return [(address or name, name if address else "") for name, address in rows]
    return [(key, name if plain(name) != plain(key) else "") for name, key in rows]


def _people(
    typed: str, column: InstrumentedAttribute[Any], sight: Sight
) -> Select[str, str | None]:
    """People who stand in ``column`` of a ticket that ``sight`` may see."""
    seen = visible_to(sight).where(column == Person.id).with_only_columns(Ticket.id)
    return (
        select(Person.name, Person.address)
        .where(_begins(typed, Person.name, Person.address), seen.exists())
        .order_by(Person.name, Person.id)
    )


def requesters(typed: str, sight: Sight) -> Select[str, str | None]:
    """Name and address of those who asked for what ``sight`` may see and are named so."""
    return _people(typed, Ticket.requester_id, sight)


def _assignees(typed: str, sight: Sight) -> Select[str, str | None]:
    return (
        select(Person.name, Person.address)
        .where(Person.role != Role.REQUESTER, Person.is_active)
        .where(_begins(typed, Person.name, Person.address))
        .order_by(Person.name, Person.id)
    )


def organisations(typed: str, sight: Sight) -> Select[str, str]:
    """Name and key of organisations of what ``sight`` may see that are named so."""
    seen = visible_to(sight).where(Ticket.organisation_id == Organisation.id)
    return (
        select(Organisation.name, Organisation.slug)
        .where(_begins(typed, Organisation.name, Organisation.slug))
        .where(seen.with_only_columns(Ticket.id).exists())
        .order_by(Organisation.name)
    )


def _teams(typed: str, _sight: Sight) -> Select[str, str]:
    query = select(Team.name, Team.slug).where(_begins(typed, Team.name, Team.slug))
    return query.order_by(Team.name)


def _services(typed: str, _sight: Sight) -> Select[str, str]:
    query = select(Service.name, Service.key).where(_begins(typed, Service.name, Service.key))
    return query.order_by(Service.name, Service.id)


def _tags(typed: str, sight: Sight) -> Select[str, str]:
    begins = Tag.name.startswith(typed.lower(), autoescape=True)
    query = select(Tag.name, Tag.name).where(begins, tagging.is_on_ticket_of(sight))
    return query.order_by(Tag.name)


def _begins(typed: str, name: InstrumentedAttribute[Any], key: InstrumentedAttribute[Any]) -> Any:
    return or_(
        beginnings.begins(name, typed),
        func.lower(key).startswith(typed.lower(), autoescape=True),
    )


_NAMES: dict[str, Callable[[str, Sight], Select[*tuple[Any, ...]]]] = {
    "from": requesters,
    "org": organisations,
    "assignee": _assignees,
    "team": _teams,
    "tag": _tags,
    "service": _services,
}
