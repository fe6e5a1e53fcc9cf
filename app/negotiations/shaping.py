"""Tiers, calendars and credits as the editor's forms have them, and as a file has them. Pure."""

from collections.abc import Mapping
from typing import Any

from app.agreements import ladder_rows
from app.agreements.ladder_rows import DEEDS, RungRow
from app.negotiations.layouts import CELLS


def tier_form(tier: Mapping[str, Any]) -> dict[str, Any]:
    """A tier whose targets are rows of the grid and whose rungs are rows of fields."""
    form = dict(tier)
    form["targets"] = [_grid_row(row) for row in _rows(tier, "targets")]
    form["ladder"] = [_rung_form(row) for row in _rows(tier, "ladder")]
    return form


def tier_of(form: Mapping[str, Any], was: Mapping[str, Any]) -> dict[str, Any]:
    """The tier of a file; a row with amounts for single priorities and for any becomes two.

    Rows that are as in ``was``, the tier before, stay as they were written there.
    """
    tier = dict(form)
    targets = [(_grid_row(row), row) for row in _rows(was, "targets")]
    rungs = [(_rung_form(row), row) for row in _rows(was, "ladder")]
    tier["targets"] = [
        table
        for row in _rows(form, "targets")
        for table in (_written(row, targets) or _targets(row))
    ]
    tier["ladder"] = [
        table for row in _rows(form, "ladder") for table in (_written(row, rungs) or [_rung(row)])
    ]
    return {key: value for key, value in tier.items() if key != "ladder" or value}


def calendar_form(calendar: Mapping[str, Any]) -> dict[str, Any]:
    """A calendar whose exceptions are rows of day, hours and name."""
    form = {key: value for key, value in calendar.items() if key != "names"}
    names = calendar.get("names")
    named = names if isinstance(names, Mapping) else {}
    found = calendar.get("exceptions")
    form["exceptions"] = [
        {"on": on, "hours": hours, "name": named.get(on, "")}
        for on, hours in (found.items() if isinstance(found, Mapping) else ())
    ]
    return form


def calendar_of(form: Mapping[str, Any]) -> dict[str, Any]:
    """The calendar of a file: a day without hours is closed."""
    calendar = {key: value for key, value in form.items() if key not in {"exceptions", "names"}}
    rows = _rows(form, "exceptions")
    if rows:
        calendar["exceptions"] = {str(row.get("on", "")): row.get("hours") or [] for row in rows}
        names = {str(row.get("on", "")): row["name"] for row in rows if row.get("name")}
        if names:
            calendar["names"] = names
    calendar.setdefault("week", {})
    return calendar


def credits_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """The table of credits with its steps beside it, as rows."""
    table = values.get("credits")
    if not isinstance(table, Mapping):
        return {"steps": []}
    rest = {key: value for key, value in table.items() if key != "steps"}
    return {"credits": rest, "steps": [dict(row) for row in _rows(table, "steps")]}


def credits_of(form: Mapping[str, Any]) -> dict[str, Any]:
    """The table of credits; none where nothing is said of them."""
    table = dict(form.get("credits") or {})
    steps = _rows(form, "steps")
    if steps:
        table["steps"] = [dict(row) for row in steps]
    return {"credits": table} if table else {}


def _grid_row(row: Mapping[str, Any]) -> dict[str, Any]:
    form = {key: value for key, value in row.items() if key not in {"within", "priority"}}
    within = row.get("within")
    if isinstance(within, Mapping):
        form |= {key: value for key, value in within.items() if key in CELLS}
    elif within is not None:
        cell = row.get("priority")
        form[cell if cell in CELLS else "any"] = within
    return form


def _targets(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    table = {key: value for key, value in row.items() if key not in CELLS}
    cells = {key: row[key] for key in CELLS if row.get(key)}
    any_priority = cells.pop("any", None)
    tables = [{**table, **_within(cells)}] if cells else []
    if any_priority is not None:
        tables.append({**table, "within": any_priority})
    return [_ordered(one) for one in tables or [table]]


def _written(
    row: Mapping[str, Any], known: list[tuple[dict[str, Any], Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """The table that a row of a form came from, if it still says the same."""
    said = {key: value for key, value in row.items() if value not in (None, "", [])}
    for form, table in known:
        if {key: value for key, value in form.items() if value not in (None, "", [])} == said:
            return [dict(table)]
    return []


def _within(cells: Mapping[str, Any]) -> dict[str, Any]:
    """A table of priorities; of a single one the shorter form."""
    if len(cells) > 1:
        return {"within": dict(cells)}
    priority, amount = next(iter(cells.items()))
    return {"priority": priority, "within": amount}


def _ordered(table: dict[str, Any]) -> dict[str, Any]:
    """A target with its keys as docs/agreements.md has them."""
    order = (
        *("measure", "kind", "priority", "service", "team", "within"),
        *("by", "calendar", "clause", "sentence"),
    )
    first = {key: table[key] for key in order if key in table}
    return {**first, **{key: value for key, value in table.items() if key not in first}}


def _rung_form(table: Mapping[str, Any]) -> dict[str, Any]:
    row = ladder_rows.row_of(table)
    return {
        "measures": list(row.measures),
        "amount": row.amount,
        "unit": row.unit,
        "roles": list(row.roles),
        "people": " ".join(row.people),
        "every": row.every,
        "times": row.times,
        "acknowledge": row.acknowledge,
        **row.deeds,
    }


def _rung(form: Mapping[str, Any]) -> dict[str, Any]:
    return ladder_rows.table_of(
        RungRow(
            measures=tuple(form.get("measures") or ()),
            unit=str(form.get("unit") or ladder_rows.PERCENT),
            amount=str(form.get("amount") or ""),
            roles=tuple(form.get("roles") or ()),
            people=tuple(str(form.get("people") or "").replace(",", " ").split()),
            every=str(form.get("every") or ""),
            times=form.get("times"),
            acknowledge=str(form.get("acknowledge") or ""),
            deeds={deed: str(form[deed]) for deed in DEEDS if form.get(deed)},
        )
    )


def _rows(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = table.get(key)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
