"""The parts of an agreement in the editor: which there are, their forms, and their place. Pure.

A part is what is saved at once: the head, a section of the text, a tier, a calendar, a list. Its
key is such as "head", "text.2", "tiers.gold", "calendars.office" or "contacts".
"""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import NotFound
from app.languages import lazy_gettext as _
from app.negotiations import layouts, shaping
from app.negotiations.fields import Layout, Typed, flat, typed_into

TOPS = {
    "head": (layouts.HEAD, _("Parties and title"), ("agreement",)),
    "services": (layouts.SERVICES, _("Services"), ("services",)),
    "coverage": (layouts.COVERAGE, _("Who is covered"), ("coverage",)),
    "term": (layouts.TERM, _("Term, renewal and notice"), ("agreement", "term")),
    "review": (layouts.REVIEW, _("Reviews"), ("review",)),
    "contacts": (layouts.CONTACTS, _("Contacts"), ("contacts",)),
    "objectives": (layouts.OBJECTIVES, _("Objectives"), ("objectives",)),
    "credits": (layouts.CREDITS, _("Credits"), ("credits",)),
}
GROUPS = ("text", "calendars", "tiers")
"""What there is any number of, each a part of its own."""
STEP = re.compile(r"[^.\[\]]+")
LADDER = {"measure": "measures", "at": "amount", "tell": "roles", "repeat": "every"} | {
    "repeat.every": "every",
    "repeat.times": "times",
    "acknowledge_within": "acknowledge",
    "actions": "assign",
}
"""The keys of a rung in a file that its row of fields calls otherwise."""


@dataclass(frozen=True)
class Part:
    """One part of a draft: its key, its words, its fields, and its values as a form has them."""

    key: str
    title: str
    layout: Layout
    form: dict[str, Any]

    @property
    def slug(self) -> str:
        """How the page calls its place."""
        return self.key.replace(".", "-")

    @property
    def typed(self) -> dict[str, Typed]:
        """What its form shows."""
        return flat(self.form, self.layout)

    def field_id(self, name: str) -> str:
        """How the page calls one of its fields."""
        return f"{self.slug}-{name.replace('.', '-')}"


@dataclass(frozen=True)
class Place:
    """Where something stands: a part, and a field of it unless it is about the whole part."""

    part: str
    field: str = ""

    @property
    def anchor(self) -> str:
        """What a link to it ends in."""
        return "-".join(step for step in f"{self.part}.{self.field}".split(".") if step)


def parts(values: Mapping[str, Any]) -> Iterator[Part]:
    """Every part of a draft, in the order of the document."""
    for key in ("head", *_keys(values, "text"), "services"):
        yield part(values, key)
    for group in ("calendars", "tiers"):
        for key in _keys(values, group):
            yield part(values, key)
    for key in ("coverage", "term", "review", "contacts", "objectives", "credits"):
        yield part(values, key)


def part(values: Mapping[str, Any], key: str) -> Part:
    """One part; raises `NotFound` where the draft has none of that key."""
    if key in TOPS:
        layout, title, tops = TOPS[key]
        form = {top: copy.deepcopy(values[top]) for top in tops if top in values}
        if key == "credits":
            form = shaping.credits_form(values)
        return Part(key, str(title), layout, form)
    group, _dot, name = key.partition(".")
    if key not in _keys(values, group):
        raise NotFound("There is no such part of the draft.")
    if group == "text":
        section = copy.deepcopy(values["text"][int(name)])
        return Part(key, str(section.get("title") or ""), layouts.TEXT, section)
    if group == "calendars":
        calendar = copy.deepcopy(values["calendars"][name])
        title = str(calendar.get("name") or name)
        return Part(key, title, layouts.CALENDAR, shaping.calendar_form(calendar))
    tier = next(one for one in values["tiers"] if one.get("key") == name)
    return Part(key, str(tier.get("name") or name), layouts.TIER, shaping.tier_form(tier))


def with_part(values: dict[str, Any], key: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` in which the part has this form."""
    made = dict(values)
    if key in TOPS:
        tops = TOPS[key][2]
        new = shaping.credits_of(form) if key == "credits" else form
        for top in tops:
            made.pop(top, None)
            if new.get(top):
                made[top] = new[top]
        return made
    group, _dot, name = key.partition(".")
    if group == "text":
        made["text"] = [*values["text"]]
        made["text"][int(name)] = dict(form)
    elif group == "calendars":
        made["calendars"] = {**values["calendars"], name: shaping.calendar_of(form)}
    else:
        made["tiers"] = [
            shaping.tier_of(form, one) if one.get("key") == name else one for one in values["tiers"]
        ]
    return made


def with_typed(values: dict[str, Any], key: str, typed: Mapping[str, Typed]) -> dict[str, Any]:
    """``values`` in which the part holds what was typed into its fields."""
    found = part(values, key)
    return with_part(values, key, typed_into(found.form, found.layout, typed))


def place_of(values: Mapping[str, Any], path: str) -> Place:
    """Where the editor shows what an agreement file calls ``path``: "tiers.gold.targets[3]"."""
    steps = STEP.findall(path)
    group = steps[0] if steps else ""
    if group in GROUPS and len(steps) > 1 and f"{group}.{steps[1]}" in _keys(values, group):
        found = part(values, f"{group}.{steps[1]}")
        return Place(found.key, _field(found, steps[2:]))
    for key in TOPS:
        found = part(values, key)
        name = _field(found, _by_number(values, steps))
        if name:
            return Place(key, name)
    return Place({"organisations": "head", "agreement": "head"}.get(group, group or "head"))


def _field(found: Part, steps: list[str]) -> str:
    """The field whose name fits best: the longest beginning of ``steps`` that is one."""
    typed = found.typed
    steps = _as_in_the_form(steps, typed)
    for length in range(len(steps), 0, -1):
        name = ".".join(steps[:length])
        if name in typed:
            return name
    row = ".".join(steps[:2])
    return next((name for name in typed if row and name.startswith(f"{row}.")), "")


def _as_in_the_form(steps: list[str], typed: Mapping[str, Typed]) -> list[str]:
    if steps[:1] == ["ladder"] and len(steps) > 2:
        key = ".".join(steps[2:])
        return [*steps[:2], LADDER.get(key) or LADDER.get(steps[2]) or steps[2]]
    if steps[:1] == ["targets"] and steps[2:3] in (["within"], ["priority"]):
        return [*steps[:2], *(steps[3:4] or [_cell(steps[1], typed)])]
    if steps[:2] == ["credits", "steps"]:
        return steps[1:]
    return steps


def _cell(row: str, typed: Mapping[str, Typed]) -> str:
    """The only cell that is filled in a row of targets: a file does not say it for one alone."""
    filled = [cell for cell in layouts.CELLS if typed.get(f"targets.{row}.{cell}")]
    return filled[0] if len(filled) == 1 else "any"


def _by_number(values: Mapping[str, Any], steps: list[str]) -> list[str]:
    """The steps with a row's number where the file's reader calls it by its key."""
    rows = values.get(steps[0]) if steps else None
    if not isinstance(rows, list) or len(steps) < 2 or steps[1].isdecimal():
        return steps
    keys = [row.get("key") if isinstance(row, Mapping) else None for row in rows]
    return [steps[0], str(keys.index(steps[1])), *steps[2:]] if steps[1] in keys else steps


def _keys(values: Mapping[str, Any], group: str) -> list[str]:
    found = values.get(group)
    if group == "text" and isinstance(found, list):
        return [f"text.{number}" for number, row in enumerate(found) if isinstance(row, Mapping)]
    if group == "calendars" and isinstance(found, Mapping):
        return [f"calendars.{key}" for key, row in found.items() if isinstance(row, Mapping)]
    if group == "tiers" and isinstance(found, list):
        rows = [row for row in found if isinstance(row, Mapping)]
        return list(dict.fromkeys(f"tiers.{row['key']}" for row in rows if row.get("key")))
    return []
