"""A rung as an agreement file has it, and as a form of fields has it: one leads to the other. Pure.

Nothing is checked here: `levels` reads what comes out and names every mistake.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.agreements.levels import PERSON, POINT

PERCENT, BEFORE, AFTER = "percent", "before", "after"
DEEDS = {
    "assign": "to",
    "move": "to",
    "raise_priority": "to_priority",
    "watch": "to",
    "start_plan": "plan",
}
"""What a rung may do besides telling, with the key that says to whom, where or to what."""


@dataclass(frozen=True)
class RungRow:
    """A rung as a form shows it; texts are as typed, empty where there is nothing.

    `people` are mail addresses of named persons, `deeds` map what is done to its object.
    """

    measures: tuple[str, ...] = ()
    unit: str = PERCENT
    amount: str = ""
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    every: str = ""
    times: int | None = None
    acknowledge: str = ""
    deeds: Mapping[str, str] = field(default_factory=dict)

    @property
    def point(self) -> str:
        """Where it stands, as a file writes it: "75 %", "30 min before due"."""
        if self.unit == PERCENT:
            return f"{self.amount.strip().rstrip('%').strip()} %" if self.amount.strip() else ""
        return f"{self.amount.strip()} {self.unit} due" if self.amount.strip() else ""


def row_of(table: Mapping[str, Any]) -> RungRow:
    """The row of a rung in a version's source."""
    unit, amount = _point(str(table.get("at", "")))
    told = _texts(table.get("tell", ()))
    repeat = table.get("repeat", {})
    return RungRow(
        measures=tuple(_texts(table.get("measure", ()))),
        unit=unit,
        amount=amount,
        roles=tuple(role for role in told if not PERSON.fullmatch(role)),
        people=tuple(role.removeprefix("person:") for role in told if PERSON.fullmatch(role)),
        every=str(repeat.get("every", "")),
        times=repeat.get("times"),
        acknowledge=str(table.get("acknowledge_within", "")),
        deeds={
            str(action["do"]): str(action.get(DEEDS.get(str(action["do"]), "to"), ""))
            for action in table.get("actions", ())
        },
    )


def table_of(row: RungRow) -> dict[str, Any]:
    """The row as a file would write it."""
    table: dict[str, Any] = {
        "measure": list(row.measures),
        "at": row.point,
        "tell": [*row.roles, *(f"person:{address.strip().lower()}" for address in row.people)],
    }
    if row.every.strip() or row.times:
        table["repeat"] = {"every": row.every.strip(), "times": row.times or 0}
    if row.acknowledge.strip():
        table["acknowledge_within"] = row.acknowledge.strip()
    if row.deeds:
        table["actions"] = [
            {"do": deed, DEEDS.get(deed, "to"): value} for deed, value in row.deeds.items()
        ]
    return table


def ladder_in(source: Mapping[str, Any], tier: str) -> list[RungRow]:
    """The rungs of a tier in a version's source, in their order; empty without such a tier."""
    for table in source.get("tiers", ()):
        if table.get("key") == tier:
            return [row_of(rung) for rung in table.get("ladder", ())]
    return []


def _point(text: str) -> tuple[str, str]:
    match = POINT.fullmatch(text.strip())
    if match is None:
        return PERCENT, text
    if match["percent"]:
        return PERCENT, match["percent"]
    return match["side"], match["span"]


def _texts(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value]
