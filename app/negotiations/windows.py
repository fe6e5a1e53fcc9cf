"""Hours of a day as people write them: "08:00–12:00, 12:30–18:00", "closed", "all day". Pure."""

import re
from typing import Any

ALL_DAY = [["00:00", "24:00"]]
WINDOW = re.compile(
    r"(?P<opens>\d{1,2})(?:[:.](?P<opens_min>\d{2}))?\s*(?:-|–|—|to|until)\s*"
    r"(?P<closes>\d{1,2})(?:[:.](?P<closes_min>\d{2}))?"
)
CLOSED = {"closed", "-", "–", "none"}
AROUND = {"all day", "24 h", "24h", "24/7", "around the clock"}


def shown(value: Any) -> str:
    """A day's windows in one line; a text that is not understood stays as it was typed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if value == []:
        return "closed"
    if value == ALL_DAY:
        return "all day"
    try:
        return ", ".join(f"{opens}–{closes}" for opens, closes in value)
    except (TypeError, ValueError):
        return str(value)


def parsed(text: str) -> Any:
    """The windows that ``text`` says; ``text`` itself where it does not say hours."""
    plain = " ".join(text.split()).casefold()
    if plain in CLOSED:
        return []
    if plain in AROUND:
        return [list(window) for window in ALL_DAY]
    matches = [WINDOW.fullmatch(one.strip()) for one in re.split(r"[,;&]| and ", plain)]
    if any(match is None for match in matches):
        return text.strip()
    return [
        [_time(match["opens"], match["opens_min"]), _time(match["closes"], match["closes_min"])]
        for match in matches
        if match is not None
    ]


def _time(hour: str, minute: str | None) -> str:
    return f"{int(hour):02d}:{minute or '00'}"
