"""Adding, taking out and moving what a draft has any number of: rows, sections, tiers. Pure."""

import copy
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from app.businesstime.hours import DAYS
from app.errors import NotFound, Refusal
from app.languages import gettext as _
from app.negotiations import outline, references

DEEDS = ("add", "remove", "up", "down")
MOST_ROWS = 200
MOST_PARTS = 60
NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")


def change_rows(
    values: dict[str, Any], key: str, deed: str, rows: str, number: int | None = None
) -> dict[str, Any]:
    """Add a row to a list of a part, or take out or move the one at ``number``.

    A row is added behind the one at ``number``, at the end without one.

    Raises `NotFound` for what is not there, `Refusal` for one row too many.
    """
    part = outline.part(values, key)
    layout = next((one for one in part.layout.rows if one.name == rows), None)
    if layout is None or deed not in DEEDS:
        raise NotFound("There is no such list in this part of the draft.")
    made, form = copy.deepcopy(values), copy.deepcopy(part.form)
    found = form.setdefault(rows, [])
    if deed == "add" and len(found) >= MOST_ROWS:
        raise Refusal(_("A list holds at most %(count)s rows.", count=MOST_ROWS))
    at = number if number is not None else len(found) - 1
    if not 0 <= at < len(found) and (deed != "add" or number is not None):
        raise NotFound("There is no such row in this part of the draft.")
    if rows == "clauses":
        section = int(key.partition(".")[2])
        references.rearranged(made, lambda numbers: _do(numbers[section], deed, at, ""))
        form = copy.deepcopy(outline.part(made, key).form)
        found = form.setdefault(rows, [])
    _do(found, deed, at, _new_row(rows, found, layout.are_texts))
    return outline.with_part(made, key, form)


def add_part(values: dict[str, Any], group: str, name: str) -> tuple[dict[str, Any], str]:
    """A new section, calendar or tier called ``name``; the values, and the new part's key."""
    made = copy.deepcopy(values)
    if len([one for one in outline.parts(made) if one.key.startswith(group)]) >= MOST_PARTS:
        raise Refusal(_("A draft holds at most %(count)s of these.", count=MOST_PARTS))
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Give it a name first."), field="name")
    if group == "text":
        made.setdefault("text", []).append({"title": name, "clauses": [""]})
        return made, f"text.{len(made['text']) - 1}"
    if group == "calendars":
        calendars = made.setdefault("calendars", {})
        key = key_of(name, calendars)
        calendars[key] = {"name": name, "week": {day: [["09:00", "17:00"]] for day in DAYS[:5]}}
        return made, f"calendars.{key}"
    if group == "tiers":
        tiers = made.setdefault("tiers", [])
        key = key_of(name, {str(tier.get("key")): tier for tier in tiers})
        first = next(iter(made.get("calendars") or {}), None)
        tiers.append({"key": key, "name": name} | ({"calendar": first} if first else {}))
        return made, f"tiers.{key}"
    raise NotFound("There is nothing of this kind in a draft.")


def change_part(values: dict[str, Any], key: str, deed: str) -> dict[str, Any]:
    """Take a section, calendar or tier out, or move it; clauses that are cited stay cited."""
    outline.part(values, key)
    group, _dot, name = key.partition(".")
    made = copy.deepcopy(values)
    if group == "text":
        number = int(name)
        references.rearranged(made, lambda numbers: _do(numbers, deed, number, []))
        _do(made["text"], deed, number, None)
    elif group == "tiers":
        _do(made["tiers"], deed, [one.get("key") for one in made["tiers"]].index(name), None)
    elif group == "calendars" and deed in DEEDS[1:]:
        items = list(made["calendars"].items())
        _do(items, deed, [one for one, _table in items].index(name), None)
        made["calendars"] = dict(items)
    else:
        raise NotFound("This part of a draft stays where it is.")
    return made


def key_of(name: str, taken: Mapping[str, Any]) -> str:
    """A key for something called ``name`` that nothing of ``taken`` has."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = NOT_IN_KEYS.sub("-", plain).strip("-")[:40] or "new"
    number = 2
    found = key
    while found in taken:
        found, number = f"{key}-{number}", number + 1
    return found


def _do(rows: list[Any], deed: str, number: int, new: Any) -> None:
    if deed == "add":
        rows.insert(number + 1, new)
    elif deed == "remove":
        del rows[number]
    elif deed == "up" and number > 0:
        rows[number - 1], rows[number] = rows[number], rows[number - 1]
    elif deed == "down" and number + 1 < len(rows):
        rows[number + 1], rows[number] = rows[number], rows[number + 1]


def _new_row(rows: str, found: list[Any], are_texts: bool) -> Any:
    """An empty row; a target begins as one more like the last, which saves most of the typing."""
    if are_texts:
        return ""
    last = found[-1] if found and isinstance(found[-1], Mapping) else {}
    if rows == "targets":
        return {key: last[key] for key in ("measure", "calendar", "clause") if last.get(key)}
    if rows == "ladder":
        return {"measures": list(last.get("measures") or []), "unit": "percent"}
    if rows == "contacts":
        return {"party": last.get("party", "provider")}
    return {}
