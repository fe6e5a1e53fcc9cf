"""Parts of an agreement's values as flat fields that a form can show, and back. Pure.

A field's name is its path in the part: ``targets.3.clause``. What is typed and cannot be read as
what it should be is kept as it was typed: `agreements.documents` names it as a mistake later, and
nothing is lost meanwhile.
"""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.negotiations import windows

Typed = str | list[str]
"""What a field holds in a form: a text, or the texts of several ticked boxes."""
SHORT = re.compile(
    r"(?P<amount>\d+(?:[.,]\d+)?)\s*(?:(?P<minute>m|min|mins|minutes?)|(?P<hour>h|hrs?|hours?)"
    r"|(?P<day>d|bd|days?|business\s+days?)|(?P<second>s|sec|seconds?))",
    re.IGNORECASE,
)


BY = re.compile(r"(?P<amount>.+?)\s+by\s+(?P<time>\S+)", re.IGNORECASE)
CLOCK = re.compile(r"\d:[0-5]\d")


class Shape(StrEnum):
    """What kind of value a field holds, and so how it is written in a form."""

    LINE = "line"
    AREA = "area"
    LINES = "lines"
    NUMBER = "number"
    DECIMAL = "decimal"
    DATE = "date"
    DURATION = "duration"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    WINDOWS = "windows"


@dataclass(frozen=True)
class Field:
    """One field: its path in the part (or row), its words, its shape.

    ``offers`` names the list of choices that the page fills in; ``hint`` stands beneath.
    """

    name: str
    label: Any
    shape: Shape = Shape.LINE
    offers: str = ""
    hint: Any = ""


@dataclass(frozen=True)
class Rows:
    """A list within a part, each row with the same fields; a row that is a text has one, ""."""

    name: str
    label: Any
    fields: tuple[Field, ...]

    @property
    def are_texts(self) -> bool:
        """Whether its rows are texts rather than tables."""
        return self.fields[0].name == ""


@dataclass(frozen=True)
class Layout:
    """The fields of a part and its lists of rows."""

    fields: tuple[Field, ...] = ()
    rows: tuple[Rows, ...] = ()


def flat(part: Mapping[str, Any], layout: Layout) -> dict[str, Typed]:
    """What a form shows of ``part``: name to text, or to texts for boxes."""
    return {name: shown(_at(part, path), field.shape) for name, path, field in _walk(part, layout)}


def typed_into(
    part: Mapping[str, Any], layout: Layout, typed: Mapping[str, Typed]
) -> dict[str, Any]:
    """``part`` with what was typed; names that it has no field for are passed over."""
    made: dict[str, Any] = copy.deepcopy(dict(part))
    for name, path, field in _walk(part, layout):
        if name in typed:
            _put(made, path, parsed(typed[name], field.shape))
    return made


def shown(value: Any, shape: Shape) -> Typed:
    """A value as it stands in a form; a day of an amount is always a business day, so "2 days"."""
    if shape is Shape.CHOICES:
        found = value if isinstance(value, list | tuple) else [value] if value else []
        return [str(one) for one in found]
    if shape is Shape.WINDOWS:
        return windows.shown(value)
    if value is None:
        return ""
    if shape is Shape.DURATION:
        return str(value).replace("business day", "day")
    if shape is Shape.LINES and isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(str(one) for one in value)
    return str(value)


def parsed(typed: Typed, shape: Shape) -> Any:
    """What was typed as a value; None for nothing, the text itself where it is not understood."""
    if shape is Shape.CHOICES:
        return [typed] if isinstance(typed, str) and typed else list(typed) or None
    text = clean(typed)
    if not text or not isinstance(text, str):
        return None
    if shape is Shape.LINES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if shape is Shape.NUMBER:
        return int(text) if re.fullmatch(r"-?\d{1,12}", text) else text
    if shape is Shape.DECIMAL:
        return _decimal(text)
    if shape is Shape.DURATION:
        return duration(text)
    if shape is Shape.WINDOWS:
        return windows.parsed(text)
    if shape is Shape.TIME:
        return time_of_day(text)
    return text if shape is Shape.AREA else " ".join(text.split())


def duration(text: str) -> str:
    """An amount as agreements write it: "4h" is "4 h", "2d" is "2 business days".

    A time of day goes along: "1 bd by 9:00" is "1 business day by 09:00".
    """
    by = BY.fullmatch(text.strip())
    if by is not None:
        return f"{duration(by['amount'])} by {time_of_day(by['time'])}"
    match = SHORT.fullmatch(text.strip())
    if match is None:
        return text.strip()
    amount = match["amount"].replace(",", ".")
    unit = {"minute": "min", "hour": "h", "second": "s"}.get(str(match.lastgroup))
    return f"{amount} {unit or ('business day' if amount == '1' else 'business days')}"


def time_of_day(text: str) -> str:
    """A time of day as agreements write it: "9:00" is "09:00"."""
    return f"0{text}" if CLOCK.fullmatch(text) else text


def clean(typed: Typed) -> Typed:
    """The same whatever a browser makes of line ends and of blanks around it."""
    if isinstance(typed, list):
        return typed
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _decimal(text: str) -> int | float | str:
    plain = text.replace(",", ".").removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,12}(?:\.\d{1,6})?", plain):
        return text
    return float(plain) if "." in plain else int(plain)


def _walk(
    part: Mapping[str, Any], layout: Layout
) -> Iterator[tuple[str, tuple[str | int, ...], Field]]:
    """Every field of the part as it stands: its name, where its value lies, and what it is."""
    for field in layout.fields:
        yield field.name, tuple(field.name.split(".")), field
    for rows in layout.rows:
        found = part.get(rows.name)
        for number, _row in enumerate(found if isinstance(found, list) else ()):
            for field in rows.fields:
                inside = field.name.split(".") if field.name else []
                path: tuple[str | int, ...] = (rows.name, number, *inside)
                yield ".".join(str(step) for step in path), path, field


def _at(part: Any, path: Sequence[str | int]) -> Any:
    found = part
    for step in path:
        if isinstance(step, int):
            found = found[step]
        else:
            found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _put(part: Any, path: Sequence[str | int], value: Any) -> None:
    """Set the value, or take it out where there is none; tables on the way come and go with it."""
    step, rest = path[0], path[1:]
    if not rest:
        if isinstance(step, int):
            part[step] = value if value is not None else ""
        elif value is None:
            part.pop(step, None)
        else:
            part[step] = value
        return
    if isinstance(step, int):
        if not isinstance(part[step], dict):
            part[step] = {}
        _put(part[step], rest, value)
        return
    inside = part.get(step)
    if not isinstance(inside, dict | list):
        if value is None:
            return
        inside = {}
    part[step] = inside
    _put(inside, rest, value)
    if inside == {}:
        del part[step]
