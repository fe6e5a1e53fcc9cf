"""An agreement as a TOML file that loads again, in the order of docs/agreements.md. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

ORDER = (
    "agreement",
    "term",
    "review",
    "organisations",
    "contacts",
    "text",
    "services",
    "request_types",
    "calendars",
    "tiers",
    "coverage",
    "objectives",
    "credits",
    "signatures",
)
ROWS = {"targets", "ladder"}
"""Lists within a table that get tables of their own; all others are written in one line."""
BARE = re.compile(r"[A-Za-z0-9_-]+")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
DATES = {"effective_from", "effective_until", "on"}
UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
LINE = 88


def text(values: Mapping[str, Any]) -> str:
    """``values`` as a file: dates may be dates or their ISO form, as a stored version has them.

    Keys without a value are left out: TOML has no word for nothing.
    """
    known = [key for key in ORDER if key in values]
    keys = [*known, *(key for key in values if key not in ORDER)]
    alone = [
        key for key in keys if not isinstance(values[key], Mapping) and not _is_rows(values[key])
    ]
    tables = [key for key in keys if key not in alone]
    return "\n".join(_section(key, values[key]) for key in [*alone, *tables])


def _section(key: str, value: Any) -> str:
    if isinstance(value, Mapping) and key in {"calendars", "signatures"}:
        if key == "signatures":
            return "\n".join(_table(_key(key), value))
        return "\n".join(
            "\n".join(_table(f"{_key(key)}.{_key(name)}", table)) for name, table in value.items()
        )
    if isinstance(value, Mapping):
        return "\n".join(_table(_key(key), value))
    if _is_rows(value):
        return "\n".join("\n".join(_row(_key(key), row)) for row in value)
    return f"{_key(key)} = {_inline(key, value)}\n"


def _row(path: str, row: Mapping[str, Any]) -> Iterator[str]:
    yield f"[[{path}]]"
    yield from _pairs(row)
    yield ""
    for key in row:
        if key in ROWS and _is_rows(row[key]):
            for one in row[key]:
                yield from _row(f"{path}.{_key(key)}", one)


def _table(path: str, table: Any) -> Iterator[str]:
    if not isinstance(table, Mapping):
        yield f"{path} = {_inline(path, table)}"
        return
    yield f"[{path}]"
    yield from _pairs(table)
    yield ""


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if value is None or (key in ROWS and _is_rows(value)):
            continue
        line = f"{_key(key)} = {_inline(key, value)}"
        if isinstance(value, list) and value and len(line) > LINE:
            yield f"{_key(key)} = ["
            yield from (f"  {_inline(key, one)}," for one in value)
            yield "]"
        else:
            yield line


def _inline(key: str, value: Any) -> str:
    """A value in one line; ``key`` tells dates from texts that look like one."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value if key in DATES and ISO_DATE.fullmatch(value) else _string(value)
    if isinstance(value, Mapping):
        pairs = (f"{_key(name)} = {_inline(name, one)}" for name, one in value.items())
        return f"{{ {', '.join(pairs)} }}" if value else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(_inline(key, one) for one in value)}]"
    return str(value)


def _string(value: str) -> str:
    """A text as a basic string: what a line cannot hold is escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    lines = [
        UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", part) for part in escaped.split("\n")
    ]
    if len(lines) == 1:
        return f'"{lines[0]}"'
    whole = "\n".join(lines)
    return f'"""\n{whole}"""'


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _string(key)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(x, Mapping) for x in value)
