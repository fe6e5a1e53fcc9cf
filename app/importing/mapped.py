"""Rows of a mapped log become facts: what changed from one row of a ticket to the next. Pure."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from app.errors import Refusal
from app.importing.directory import Directory
from app.importing.events import OPENED_KEYS, written
from app.importing.instants import Reader
from app.importing.mapping import NOTHING, Mapping, Part, Rule
from app.importing.rows import Fact, Row, Unusable
from app.importing.values import opening_of

_DONE = frozenset({"resolved", "closed"})
_BESIDES = frozenset(
    {"requester_message", "agent_reply", "workaround", "note", "assigned", "acknowledged"}
)
"""What may happen to a ticket that is done without opening it again."""
_LOOKED_UP = {
    "organisation": Directory.organisation_id,
    "service": Directory.service_id,
    "team": Directory.team_id,
}
_FIRST = -1
"""The place of the opening within its instant: before every row."""


def checker_of(
    mapping: Mapping, read_at: Reader, directory: Directory
) -> Callable[[list[str]], None]:
    """A function that raises `ValueError` with a sentence for cells the mapping cannot explain.

    What is the same in row after row is looked at once; an organisation or service that the
    mapping itself names and that does not exist is refused here.
    """
    for key, exists in _LOOKED_UP.items():
        if key in mapping.parts:
            try:
                exists(directory, mapping.parts[key].fixed)
            except ValueError as error:
                raise Refusal(f"opened.{key}: {error}") from None
    unknown = frozenset(("", mapping.unknown))
    instants = {mapping.opened_at, *mapping.last.values()} - {None}
    rules = [(rule.column, rule.values) for rule in mapping.rules if rule.values is not None]
    parts = [part.column for part in mapping.parts.values() if part.column is not None]
    fine: set[tuple[str, ...]] = set()

    def check(cells: list[str]) -> None:
        for column in instants:
            if cells[column or 0] not in unknown:
                read_at(cells[column or 0])
        for column, values in rules:
            if cells[column] not in values and cells[column] not in unknown:
                name = mapping.columns[column]
                raise Unusable(f"{name} {cells[column]!r} is no event in the mapping.")
        key = tuple([cells[column] for column in parts])
        if key not in fine:
            opening_of(_opening(cells, mapping), directory)
            fine.add(key)

    return check


def facts_of(
    rows: Sequence[Row], mapping: Mapping, read_at: Reader
) -> Iterator[Fact | tuple[Row, str]]:
    """The facts that a ticket's rows tell, or a row with the reason why it tells none.

    ``rows`` are all those of one ticket read in this way, in their order. The
    ticket was opened when its column says so, else with its first row; rows before that are
    reported. A cell that is unknown changes nothing.
    """
    cells_of = [(row, json.loads(row.value)) for row in rows]
    opened_at = _opened_at(cells_of, mapping, read_at)
    usable = []
    for row, cells in cells_of:
        if row.at < opened_at:
            yield row, f"It is dated before the ticket was opened ({opened_at:%Y-%m-%d %H:%M} UTC)."
        else:
            usable.append((row, cells))
    first, cells = (usable or cells_of)[0]
    requester = mapping.parts.get("requester")
    actor = requester.read(cells, mapping.unknown) if requester else first.actor
    yield Fact(opened_at, _FIRST, "opened", _opening(cells, mapping), actor, first, first.ticket)
    found: list[Fact] = []
    for rule in mapping.rules:
        found += _changes(usable, rule, mapping.unknown)
    priority = mapping.parts.get("priority")
    if priority is not None and priority.column is not None:
        found += _priorities(usable, priority, mapping.unknown)
    for name, column in mapping.last.items():
        reason = _settle_last(found, usable, name, column, mapping, read_at)
        if reason:
            yield usable[-1][0], reason
    yield from found


def _opening(cells: list[str], mapping: Mapping) -> str:
    said = {}
    for key in OPENED_KEYS:
        part = mapping.parts.get(key)
        if part is not None:
            try:
                said[key] = part.read(cells, mapping.unknown)
            except KeyError as error:
                raise Unusable(f"{key} {error.args[0]!r} has no value in the mapping.") from None
    return written(said)


def _opened_at(
    cells_of: list[tuple[Row, list[str]]], mapping: Mapping, read_at: Reader
) -> datetime:
    if mapping.opened_at is not None:
        for _, cells in cells_of:
            if cells[mapping.opened_at] not in ("", mapping.unknown):
                return read_at(cells[mapping.opened_at])
    return cells_of[0][0].at


def _changes(usable: list[tuple[Row, list[str]]], rule: Rule, unknown: str) -> Iterator[Fact]:
    previous, done = "", False
    for row, cells in usable:
        cell = cells[rule.column]
        if cell in ("", unknown) or (rule.on_change and cell == previous):
            continue
        previous = cell
        said = rule.values[cell] if rule.values is not None else rule.says
        name, _, value = said.partition(" ")
        if name == NOTHING:
            continue
        if done and name not in _DONE | _BESIDES:
            reopened, _, by = rule.reopened.partition(" ")
            yield Fact(row.at, row.position, reopened, by, row.actor, row, row.ticket, True)
        done = name in _DONE or (done and name in _BESIDES)
        value = cell if rule.values is None else value
        yield Fact(row.at, row.position, name, value, row.actor, row, row.ticket)


def _priorities(usable: list[tuple[Row, list[str]]], part: Part, unknown: str) -> Iterator[Fact]:
    previous = ""
    for row, cells in usable:
        priority = part.read(cells, unknown)
        if priority and previous and priority != previous:
            yield Fact(row.at, row.position, "priority", priority, row.actor, row, row.ticket)
        previous = priority or previous


def _settle_last(
    found: list[Fact],
    usable: list[tuple[Row, list[str]]],
    name: str,
    column: int,
    mapping: Mapping,
    read_at: Reader,
) -> str:
    """Move the last ``name`` to what the column says last, or add it; a reason when it fails."""
    for row, cells in reversed(usable):
        if cells[column] in ("", mapping.unknown):
            continue
        at = read_at(cells[column])
        told = [fact for fact in found if fact.name == name]
        reopened_at = max((fact.at for fact in found if fact.name == "reopened"), default=None)
        if reopened_at is not None and at < reopened_at:
            return f"{mapping.columns[column]} lies before the ticket was last reopened."
        if told:
            max(told, key=lambda fact: fact.key).at = at
        else:
            found.append(Fact(at, row.position, name, "", row.actor, row, row.ticket))
        return ""
    return ""
