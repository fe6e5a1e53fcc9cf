"""Whether a file has the shape of an agreement at all, so that the editor can show it. Pure.

What is wrong within that shape is shown at its field; a list where a table should be has none.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.languages import gettext as _

ROWS, TABLE, TEXTS, TABLES, WORDS = "rows", "table", "texts", "tables", "words"
SHAPES: Mapping[str, str] = {
    "agreement": TABLE,
    "term": TABLE,
    "review": TABLE,
    "credits": TABLE,
    "credits.steps": ROWS,
    "signatures": TABLE,
    "organisations": ROWS,
    "contacts": ROWS,
    "text": ROWS,
    "text.clauses": TEXTS,
    "services": ROWS,
    "request_types": ROWS,
    "calendars": TABLES,
    "calendars.week": TABLE,
    "calendars.holidays": TABLE,
    "calendars.exceptions": TABLE,
    "calendars.names": TABLE,
    "tiers": ROWS,
    "tiers.pauses": TABLE,
    "tiers.reopen": TABLE,
    "tiers.targets": ROWS,
    "tiers.ladder": ROWS,
    "tiers.ladder.measure": WORDS,
    "tiers.ladder.tell": WORDS,
    "tiers.ladder.repeat": TABLE,
    "tiers.ladder.actions": ROWS,
    "coverage": ROWS,
    "objectives": ROWS,
}
"""What each key has to be, for those that hold more than a value."""


def mistakes(values: Mapping[str, Any]) -> list[str]:
    """A sentence for every key that is not even of the right shape."""
    return list(_mistakes(values, ""))


def _mistakes(table: Mapping[str, Any], path: str) -> Iterator[str]:
    for key, value in table.items():
        where = f"{path}.{key}" if path else key
        shape = SHAPES.get(where)
        if shape is None:
            continue
        if not _has(value, shape):
            yield _sentence(where, shape)
        elif shape == ROWS:
            for row in value:
                yield from _mistakes(row, where)
        elif shape == TABLES:
            for one in value.values():
                yield from _mistakes(one, where)
        elif shape == TABLE:
            yield from _mistakes(value, where)


def _has(value: Any, shape: str) -> bool:
    if shape == TABLE:
        return isinstance(value, Mapping)
    if shape == TABLES:
        return isinstance(value, Mapping) and all(isinstance(x, Mapping) for x in value.values())
    if shape == WORDS and isinstance(value, str):
        return True
    kind = str if shape in {TEXTS, WORDS} else Mapping
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _sentence(where: str, shape: str) -> str:
    wanted = {
        ROWS: _("a list of tables"),
        TABLE: _("a table"),
        TABLES: _("a table of tables"),
        TEXTS: _("a list of texts"),
        WORDS: _("a text or a list of texts"),
    }
    return _("%(key)s must be %(shape)s.", key=where, shape=wanted[shape])
