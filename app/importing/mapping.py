"""A mapping: how the rows of any other log become events (docs/importing.md). Pure."""

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.importing.events import MEASURES, STATUSES, USUAL

NOTHING = "nothing"
_SAID = frozenset(
    {
        NOTHING,
        "requester_message",
        "agent_reply",
        "workaround",
        "acknowledged",
        "note",
        "assigned",
        "resolved",
        "resolved silent",
        "reopened",
        "reopened requester",
        "reopened agent",
        "closed",
        "spam",
        *(f"status {status}" for status in STATUSES),
    }
)
_TAKES_A_CELL = ("assigned", "requester_message", "agent_reply", "workaround", "note")
_OPENED = ("priority", "kind", "organisation", "service", "team", "subject", "requester")


class BadMapping(ValueError):
    """A mapping that cannot be used; `mistakes` names each with its key."""

    def __init__(self, mistakes: list[str]) -> None:
        """``mistakes`` are sentences."""
        super().__init__(" ".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Part:
    """Where a part of the opening stands: a column, perhaps translated, else a fixed value."""

    column: int | None
    fixed: str
    values: Table[str, str] | None

    def read(self, cells: list[str], unknown: str) -> str:
        """The part in ``cells``; `KeyError` for a cell that has no translation."""
        if self.column is None:
            return self.fixed
        cell = cells[self.column]
        if cell in ("", unknown):
            return self.fixed
        return cell if self.values is None else self.values[cell]


@dataclass(frozen=True)
class Rule:
    """A column whose values are events: each time it changes, or in every row.

    `values` translates a cell into an event and its value; without it every cell is the event
    `says`, with the cell as its value. `reopened` is said where the column leaves a resolved or
    closed value.
    """

    column: int
    on_change: bool
    values: Table[str, str] | None
    says: str
    reopened: str


@dataclass(frozen=True)
class Mapping:
    """A mapping that makes sense. Columns are numbers into `columns`, the cells that are kept."""

    document: dict[str, Any]
    columns: tuple[str, ...]
    ticket: str
    time: str
    format: str | None
    order: str | None
    actor: str | None
    zone: str | None
    unknown: str
    measures: frozenset[str]
    opened_at: int | None
    parts: Table[str, Part]
    rules: tuple[Rule, ...]
    last: Table[str, int]


def load(text: str) -> Mapping:
    """The mapping in a TOML document; `BadMapping` names every mistake with its key."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMapping([f"The mapping is no TOML: {error}."]) from None
    return read(document)


def read(document: dict[str, Any]) -> Mapping:
    """The mapping in a document; `BadMapping` names every mistake with its key."""
    return _Reading(document).mapping()


class _Reading:
    """A document being read: the columns met and the mistakes found on the way."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.columns: list[str] = []
        self.mistakes: list[str] = []

    def mapping(self) -> Mapping:
        known = {"ticket", "time", "opened", "change", "last", "measures", "unknown", "actor"}
        self.only(self.document, known, "")
        time = self.table(self.document, "time")
        self.only(time, {"column", "format", "order", "zone"}, "time.")
        opened = self.table(self.document, "opened")
        self.only(opened, {"at", *_OPENED}, "opened.")
        mapping = Mapping(
            document=self.document,
            columns=(),
            ticket=self.text(self.document, "ticket", "", needed=True) or "",
            time=self.text(time, "column", "time.", needed=True) or "",
            format=self.text(time, "format", "time."),
            order=self.text(time, "order", "time."),
            actor=self.text(self.document, "actor", ""),
            zone=self.zone(time),
            unknown=self.text(self.document, "unknown", "") or "",
            measures=self.measures(),
            opened_at=self.kept(self.text(opened, "at", "opened.")),
            parts={key: self.part(opened, key) for key in _OPENED if key in opened},
            rules=tuple(self.rules()),
            last=self.last(),
        )
        if self.mistakes:
            raise BadMapping(self.mistakes)
        object.__setattr__(mapping, "columns", tuple(self.columns))
        return mapping

    def measures(self) -> frozenset[str]:
        named = self.document.get("measures", list(USUAL))
        if not isinstance(named, list) or not set(map(str, named)) <= set(MEASURES):
            self.mistakes.append(f"measures: a list of some of {', '.join(MEASURES)}.")
            return frozenset()
        return frozenset(named)

    def zone(self, time: dict[str, Any]) -> str | None:
        zone = self.text(time, "zone", "time.")
        try:
            return zone and ZoneInfo(zone).key
        except (ZoneInfoNotFoundError, ValueError):
            self.mistakes.append(f"time.zone: {zone!r} is no time zone.")
            return None

    def part(self, opened: dict[str, Any], key: str) -> Part:
        given = opened[key]
        if isinstance(given, str):
            return Part(None, given, None)
        path = f"opened.{key}."
        table = self.table(opened, key, "opened.")
        self.only(table, {"column", "values", "default"}, path)
        column = self.kept(self.text(table, "column", path, needed=True))
        return Part(column, self.text(table, "default", path) or "", self.values(table, path))

    def rules(self) -> list[Rule]:
        given = self.document.get("change", [])
        if not isinstance(given, list) or not all(isinstance(rule, dict) for rule in given):
            self.mistakes.append("change: write [[change]].")
            return []
        return [self.rule(rule, f"change[{place}].") for place, rule in enumerate(given)]

    def rule(self, given: dict[str, Any], path: str) -> Rule:
        self.only(given, {"column", "on", "values", "event", "reopened"}, path)
        on = self.text(given, "on", path) or "change"
        if on not in ("change", "row"):
            self.mistakes.append(f"{path}on: change or row, not {on!r}.")
        values = self.values(given, path)
        says = self.text(given, "event", path) or ""
        if (values is None) == (not says):
            self.mistakes.append(f"{path}values: give either values or event.")
        if says and says not in _TAKES_A_CELL:
            self.mistakes.append(f"{path}event: {says!r} takes no value of a column.")
        reopened = self.text(given, "reopened", path) or "reopened"
        for key, said in [*(values or {}).items(), ("reopened", reopened)]:
            if said not in _SAID:
                self.mistakes.append(f"{path}values.{key}: {said!r} is no event.")
        column = self.kept(self.text(given, "column", path, needed=True))
        return Rule(column or 0, on == "change", values, says, reopened)

    def last(self) -> dict[str, int]:
        table = self.table(self.document, "last")
        self.only(table, {"resolved", "closed"}, "last.")
        found = {key: self.kept(self.text(table, key, "last.")) for key in table}
        return {key: column for key, column in found.items() if column is not None}

    def values(self, table: dict[str, Any], path: str) -> dict[str, str] | None:
        if "values" not in table:
            return None
        given = self.table(table, "values", path)
        return {key: self.text(given, key, f"{path}values.") or "" for key in given}

    def kept(self, column: str | None) -> int | None:
        if column is None:
            return None
        if column not in self.columns:
            self.columns.append(column)
        return self.columns.index(column)

    def table(self, given: dict[str, Any], key: str, path: str = "") -> dict[str, Any]:
        found = given.get(key, {})
        if not isinstance(found, dict):
            self.mistakes.append(f"{path}{key}: is to be a table.")
            return {}
        return found

    def text(
        self, given: dict[str, Any], key: str, path: str, *, needed: bool = False
    ) -> str | None:
        found = given.get(key)
        if found is None and needed:
            self.mistakes.append(f"{path}{key}: is missing.")
        elif found is not None and not isinstance(found, str):
            self.mistakes.append(f"{path}{key}: is to be a text in quotes.")
            return None
        return found

    def only(self, given: dict[str, Any], known: set[str], path: str) -> None:
        for key in given.keys() - known:
            self.mistakes.append(f"{path}{key}: is unknown; known are {', '.join(sorted(known))}.")
