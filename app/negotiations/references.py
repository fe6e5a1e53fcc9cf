"""The numbers of clauses, kept right while the text is rearranged. Pure.

Clauses are numbered by where they stand (docs/agreements.md, "The text"); targets, terms and
other clauses cite them. Whoever moves a clause moves what cites it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

MENTION = re.compile(r"§(?P<gap>\s*)(?P<number>\d+\.\d+)")

Outline = list[list[str]]
"""The numbers of the clauses, section by section."""


def outline(values: Mapping[str, Any]) -> Outline:
    """The clauses as they are numbered now."""
    return [
        [f"{number}.{place}" for place, _ in enumerate(_clauses(section), start=1)]
        for number, section in enumerate(_sections(values), start=1)
    ]


def rearranged(values: dict[str, Any], change: Callable[[Outline], None]) -> None:
    """Let all that cites a clause follow ``change``, which does to an outline what is done to the
    text; what cited a clause that is gone cites none. To be called before the text is changed."""
    numbers = outline(values)
    old = {number for section in numbers for number in section}
    change(numbers)
    new = {
        was: f"{number}.{place}"
        for number, section in enumerate(numbers, start=1)
        for place, was in enumerate(section, start=1)
        if was
    }
    moved = {was: new.get(was, "") for was in old if new.get(was) != was}
    if moved:
        _renumber(values, moved)


def _renumber(found: Any, moved: Mapping[str, str]) -> None:
    if isinstance(found, list):
        for number, one in enumerate(found):
            if isinstance(one, str):
                found[number] = _mentions(one, moved)
            else:
                _renumber(one, moved)
    elif isinstance(found, dict):
        for key, value in list(found.items()):
            if not isinstance(value, str):
                _renumber(value, moved)
            elif key == "clause" or key.endswith("_clause"):
                now = moved.get(value, value)
                if now:
                    found[key] = now
                else:
                    del found[key]
            else:
                found[key] = _mentions(value, moved)


def _mentions(text: str, moved: Mapping[str, str]) -> str:
    """A text that says "§ 4.2"; what is gone is still said, so that somebody sees it."""

    def now(match: re.Match[str]) -> str:
        return f"§{match['gap']}{moved.get(match['number']) or match['number']}"

    return MENTION.sub(now, text)


def _sections(values: Mapping[str, Any]) -> list[Any]:
    found = values.get("text")
    return found if isinstance(found, list) else []


def _clauses(section: Any) -> list[Any]:
    found = section.get("clauses") if isinstance(section, Mapping) else None
    return found if isinstance(found, list) else []
