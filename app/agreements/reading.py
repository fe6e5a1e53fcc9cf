"""Reading a table of an agreement file key by key; every mistake is kept with its path. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

Member = TypeVar("Member", bound=StrEnum)

DURATION = re.compile(
    r"(?P<amount>\d+(\.\d+)?)\s*"
    r"(?P<unit>s|sec|seconds?|m|min|minutes?|h|hours?|business days?|days?)"
)
UNITS = {"s": 1, "m": 60, "h": 3600}
KINDS = {str: "a text", int: "a whole number", bool: "true or false", date: "a date such as"
         " 2026-01-01", list: "a list", dict: "a table"}


class AgreementErrors(Exception):
    """An agreement file that cannot be loaded, with every mistake named by its key."""

    def __init__(self, mistakes: list[str]) -> None:
        """``mistakes`` are sentences that begin with the path of the key."""
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class Table:
    """One table of the file. What is never asked for is an unknown key."""

    def __init__(self, values: dict[str, Any], path: str, mistakes: list[str]) -> None:
        """``path`` is how the file names this table; ``mistakes`` is shared by all tables."""
        self._values = values
        self._asked: set[str] = set()
        self.path = path
        self.mistakes = mistakes

    def wrong(self, key: str, sentence: str) -> None:
        """Keep a mistake of ``key`` (empty: of the table itself)."""
        where = ".".join(part for part in (self.path, key) if part)
        self.mistakes.append(f"{where}: {sentence}")

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self._values

    def value(self, key: str, kind: type, default: Any = None, *, required: bool = False) -> Any:
        """The value of ``key`` if it is of ``kind``, else ``default`` and perhaps a mistake."""
        self._asked.add(key)
        if key not in self._values:
            if required:
                self.wrong(key, f"is missing; it must be {KINDS[kind]}.")
            return default
        found = self._values[key]
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            self.wrong(key, f"{found!r} must be {KINDS[kind]}.")
            return default
        return found

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A text without blanks around it; a required one must not be empty."""
        found: str = self.value(key, str, default, required=required)
        if required and self.has(key) and isinstance(found, str) and not found.strip():
            self.wrong(key, "is empty.")
        return found.strip()

    def number(self, key: str, default: int, *, least: int = 0, most: int = 100_000) -> int:
        """A whole number between ``least`` and ``most``."""
        found: int = self.value(key, int, default)
        if not least <= found <= most:
            self.wrong(key, f"{found} must lie between {least} and {most}.")
        return found

    def texts(self, key: str, *, required: bool = False) -> list[str]:
        """A list of texts; one text alone is a list of one."""
        if isinstance(self._values.get(key), str):
            return [self.text(key, required=required)]
        found = self.value(key, list, [], required=required)
        for number, item in enumerate(found):
            if not isinstance(item, str):
                self.wrong(f"{key}[{number}]", f"{item!r} must be a text.")
        return [item for item in found if isinstance(item, str)]

    def member(
        self, key: str, of: type[Member], default: Member | None = None, *, required: bool = False
    ) -> Member | None:
        """One of the words of ``of``."""
        found = self.text(key, required=required)
        if not found:
            return default
        return self.as_member(key, found, of) or default

    def as_member(self, key: str, found: str, of: type[Member]) -> Member | None:
        """``found`` as a word of ``of``; a mistake of ``key`` when it is none."""
        try:
            return of(found)
        except ValueError:
            known = ", ".join(member.value for member in of)
            self.wrong(key, f"{found!r} is not one of {known}.")
            return None

    def known(self, key: str, words: "set[str] | dict[str, Any]", what: str, *,
              required: bool = False) -> str:
        """A text that names something in ``words``; empty when it does not."""
        found = self.text(key, required=required)
        if found and found not in words:
            known = ", ".join(sorted(words)) or "none"
            self.wrong(key, f"there is no {what} {found!r}; the file knows: {known}.")
            return ""
        return found

    def table(self, key: str, *, required: bool = False) -> "Table":
        """The table under ``key``, empty when there is none."""
        found = self.value(key, dict, {}, required=required)
        return Table(found, f"{self.path}.{key}" if self.path else key, self.mistakes)

    def tables(self, key: str, *, required: bool = False) -> "list[Table]":
        """The tables listed under ``key``."""
        path = f"{self.path}.{key}" if self.path else key
        found = self.value(key, list, [], required=required)
        if required and self.has(key) and not found:
            self.wrong(key, "is empty.")
        tables = []
        for number, item in enumerate(found):
            if isinstance(item, dict):
                tables.append(Table(item, f"{path}[{number}]", self.mistakes))
            else:
                self.wrong(f"{key}[{number}]", f"{item!r} must be a table.")
        return tables

    def items(self, key: str) -> "Iterator[tuple[str, Table]]":
        """The named tables under ``key``."""
        found = self.value(key, dict, {})
        path = f"{self.path}.{key}" if self.path else key
        for name, item in found.items():
            if isinstance(item, dict):
                yield name, Table(item, f"{path}.{name}", self.mistakes)
            else:
                self.wrong(f"{key}.{name}", f"{item!r} must be a table.")

    def duration(self, key: str, day_s: int, *, required: bool = False) -> int:
        """Business seconds of a duration such as "4 h"; 0 where there is none."""
        found = self.text(key, required=required)
        return self.as_duration(key, found, day_s) if found else 0

    def as_duration(self, key: str, found: str, day_s: int) -> int:
        """``found`` in business seconds; business days are ``day_s`` each."""
        match = DURATION.fullmatch(found.strip())
        if match is None:
            self.wrong(
                key, f'{found!r} is no duration; write "4 h", "30 min" or "2 business days".'
            )
            return 0
        unit = match["unit"]
        each = day_s if "day" in unit else UNITS[unit[0]]
        seconds = round(float(match["amount"]) * each)
        if seconds <= 0:
            self.wrong(key, f"{found!r} must be longer than nothing.")
        return seconds

    def done(self) -> None:
        """Keep a mistake for every key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                self.wrong(key, f"is no key here; these are: {known}.")
