"""Reading a table of an agreement file key by key; every mistake is kept with its path. Pure."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from app.agreements import durations
from app.businesstime import zones
from app.languages import gettext as _
from app.languages import lazy_gettext

Member = TypeVar("Member", bound=StrEnum)

KINDS: dict[type, Any] = {
    str: lazy_gettext("a text"),
    int: lazy_gettext("a whole number"),
    float: lazy_gettext("a number"),
    bool: lazy_gettext("true or false"),
    date: lazy_gettext("a date such as 2026-01-01"),
    list: lazy_gettext("a list"),
    dict: lazy_gettext("a table"),
}


def missing(kind: type) -> str:
    """What is said where a value of ``kind`` has to be and none is."""
    return _("is missing; it must be %(kind)s.", kind=KINDS[kind])


def is_missing(sentence: str) -> bool:
    """Whether a mistake only says that a value is not there."""
    return sentence in {_("is empty."), *map(missing, KINDS)}


class AgreementErrors(Exception):
    """An agreement file that cannot be loaded, with every mistake named by its key."""

    def __init__(self, mistakes: list[str]) -> None:
        """``mistakes`` are sentences that begin with the path of the key."""
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class Table:
    """One table of the file. What is never asked for is an unknown key."""

    def __init__(self, values: dict[str, Any], path: str, mistakes: list[str]) -> None:
        """``path`` is how mistakes name this table; ``mistakes`` is shared by all tables."""
        self._values = values
        self._asked: dict[str, None] = {}
        self.path = path
        self.mistakes = mistakes

    def wrong(self, key: str, sentence: str) -> None:
        """Keep a mistake of ``key`` (empty: of the table itself)."""
        where = ".".join(part for part in (self.path, key) if part)
        self.mistakes.append(f"{where}: {sentence}")

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self._values

    def holds(self, key: str, kind: type) -> bool:
        """Whether the key is given with a value of ``kind``."""
        return isinstance(self._values.get(key), kind)

    def value(self, key: str, kind: type, default: Any = None, *, required: bool = False) -> Any:
        """The value of ``key`` if it is of ``kind``, else ``default`` and perhaps a mistake."""
        self._asked[key] = None
        if key not in self._values:
            if required:
                self.wrong(key, missing(kind))
            return default
        found = self._values[key]
        # true is an int and an instant is a date, but neither is what the file should say
        if not isinstance(found, kind) or type(found) in {bool, datetime} - {kind}:
            self.wrong(key, _("%(value)s must be %(kind)s.", value=_shown(found), kind=KINDS[kind]))
            return default
        return found

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A text without blanks around it; one that is given must not be empty."""
        found: str = self.value(key, str, default, required=required)
        if self.holds(key, str) and not found.strip():
            self.wrong(key, _("is empty."))
        return found.strip()

    def number(self, key: str, default: int, *, least: int = 0, most: int = 100_000) -> int:
        """A whole number between ``least`` and ``most``."""
        found: int = self.value(key, int, default)
        if self.holds(key, int) and not least <= found <= most:
            self.wrong(key, _between(found, least, most))
        return found

    def amount(self, key: str, *, required: bool = False) -> float | None:
        """A number of at least 0, with a fraction or without; None where there is none."""
        kind = int if self.holds(key, int) else float
        found: float | None = self.value(key, kind, None, required=required)
        if found is not None and not 0 <= found <= 1e12:
            self.wrong(key, _("%(value)s must be at least 0.", value=found))
        return found

    def percent(self, key: str, *, required: bool = False) -> float | None:
        """A number between 0 and 100; None where there is none."""
        found = self.amount(key, required=required)
        if found is not None and found > 100:
            self.wrong(key, _between(found, 0, 100))
        return found

    def texts(self, key: str, *, required: bool = False) -> list[str]:
        """A list of texts; one text alone is a list of one."""
        if self.holds(key, str):
            return [self.text(key)]
        found = self.value(key, list, [], required=required)
        if required and self.holds(key, list) and not found:
            self.wrong(key, _("is empty."))
        for number, item in enumerate(found):
            if not isinstance(item, str) or not item.strip():
                self.wrong(
                    f"{key}[{number}]",
                    _("%(value)s must be %(kind)s.", value=_shown(item), kind=KINDS[str]),
                )
        return [item.strip() for item in found if isinstance(item, str) and item.strip()]

    def member(self, key: str, of: type[Member], *, required: bool = False) -> Member | None:
        """One of the words of ``of``; None when it is missing or wrong."""
        found = self.known(key, [member.value for member in of], required=required)
        return of(found) if found else None

    def known(self, key: str, words: Collection[str], *, required: bool = False) -> str:
        """A text that is one of ``words``; empty when it is not."""
        found = self.text(key, required=required)
        return found if found and self.is_one_of(key, found, words) else ""

    def all_known(self, key: str, words: Collection[str], *, required: bool = False) -> list[str]:
        """Texts that are each one of ``words``, without those that are not."""
        found = self.texts(key, required=required)
        alone = self.holds(key, str)
        return [
            word
            for number, word in enumerate(found)
            if self.is_one_of(key if alone else f"{key}[{number}]", word, words)
        ]

    def is_one_of(self, key: str, found: str, words: Collection[str]) -> bool:
        """Whether ``found`` is one of ``words``; a mistake of ``key`` when it is not."""
        if found not in words:
            said = ", ".join(words) or _("none at all")
            self.wrong(key, _('"%(value)s" is not one of %(words)s.', value=found, words=said))
        return found in words

    def zone(self, key: str, default: str = "", *, required: bool = False) -> str:
        """The name of a time zone; ``default`` where there is none."""
        found = self.text(key, required=required)
        if found and not zones.is_known(found):
            self.wrong(
                key,
                _('"%(zone)s" is no time zone; write one such as Europe/Berlin.', zone=found),
            )
            return default
        return found or default

    def duration(self, key: str, day_s: int, *, required: bool = False) -> int:
        """Business seconds of a duration such as "4 h"; 0 where there is none."""
        found = self.text(key, required=required)
        return self.as_duration(key, found, day_s) if found else 0

    def as_duration(self, key: str, found: str, day_s: int) -> int:
        """``found`` in business seconds; 0 and a mistake of ``key`` when it is no duration."""
        try:
            return durations.seconds_of(found, day_s)
        except ValueError as mistake:
            self.wrong(key, str(mistake))
            return 0

    def table(self, key: str, *, required: bool = False) -> "Table":
        """The table under ``key``, empty when there is none."""
        found = self.value(key, dict, {}, required=required)
        return Table(found, self._path(key), self.mistakes)

    def tables(self, key: str, *, required: bool = False, named: bool = False) -> "list[Table]":
        """The tables listed under ``key``, called by their number from 0 or, ``named``, by key.

        Of named ones no two may have the same key.
        """
        found = self.value(key, list, [], required=required)
        if required and self.holds(key, list) and not found:
            self.wrong(key, _("is empty."))
        tables: list[Table] = []
        seen: set[str] = set()
        for number, item in enumerate(found):
            if not isinstance(item, dict):
                self.wrong(
                    f"{key}[{number}]",
                    _("%(value)s must be %(kind)s.", value=_shown(item), kind=KINDS[dict]),
                )
                continue
            name = item.get("key") if named else None
            path = f"{key}.{name}" if isinstance(name, str) and name else f"{key}[{number}]"
            if path in seen:
                self.wrong(f"{key}[{number}].key", _('"%(name)s" stands there twice.', name=name))
            seen.add(path)
            tables.append(Table(item, self._path(path), self.mistakes))
        return tables

    def items(self, key: str) -> "Iterator[tuple[str, Table]]":
        """The named tables under ``key``."""
        for name, item in self.value(key, dict, {}).items():
            if isinstance(item, dict):
                yield name, Table(item, self._path(f"{key}.{name}"), self.mistakes)
            else:
                self.wrong(
                    f"{key}.{name}",
                    _("%(value)s must be %(kind)s.", value=_shown(item), kind=KINDS[dict]),
                )

    def done(self) -> None:
        """Keep a mistake for every key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                asked = ", ".join(self._asked)
                self.wrong(key, _("is no key here; these are: %(keys)s.", keys=asked))

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _shown(found: Any) -> str:
    """A value as the file writes it, or nearly so."""
    if isinstance(found, str):
        return f'"{found}"'
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, dict):
        return str(KINDS[dict])
    return str(found)


def _between(found: float, least: int, most: int) -> str:
    return _(
        "%(value)s must lie between %(least)s and %(most)s.", value=found, least=least, most=most
    )
