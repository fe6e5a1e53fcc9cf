"""A ladder that waits while a change of its clock can be undone, and stands as before once it was.

What the change left behind, or would ring anew, is told only when the undo has lapsed: so an
undone slip tells nobody. Source: product.md, "The queue page"; decision 0006, "Undone at once".
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import inspect

from app.clocks.models import Clock, Escalation, EscalationState
from app.database import UtcDateTime, db

_COLUMNS = {
    column.key: isinstance(column.columns[0].type, UtcDateTime)
    for column in inspect(Escalation).column_attrs
    if column.key not in ("id", "clock_id")
}
"""The columns of a row on a ladder, and whether each is an instant."""


def until(row: Clock) -> datetime | None:
    """Until when nothing is told of a clock's ladder; None where nothing holds it."""
    held = row.memory.get("held")
    return datetime.fromisoformat(held["until"]) if held else None


def begin(row: Clock, known: Iterable[Escalation], *, lapses_at: datetime) -> None:
    """Remember how the ladder stands before a change that can be undone until ``lapses_at``.

    Changes whose undo lapses together are one: the ladder is that from before the first.
    """
    if until(row) == lapses_at:
        return
    held = {
        "until": lapses_at.isoformat(),
        "generations": row.memory.get("generations", {}),
        "known": [_facts(one) for one in known if one.state is not EscalationState.FIRED],
    }
    row.memory = {**row.memory, "held": held}


def end(row: Clock, *, at: datetime) -> None:
    """Forget what was remembered, once the undo has lapsed."""
    lapses_at = until(row)
    if lapses_at is not None and at > lapses_at:
        row.memory = {name: value for name, value in row.memory.items() if name != "held"}


def put_back(row: Clock, known: list[Escalation]) -> None:
    """Let the ladder stand as it was remembered: what was told stays told, the rest is undone."""
    held = row.memory["held"]
    was = {(each["rung_id"], each["generation"], each["nth"]): each for each in held["known"]}
    for one in list(known):
        kept = was.pop((one.rung_id, one.generation, one.nth), None)
        if one.state is EscalationState.FIRED:
            continue
        if kept is None:
            db.session.delete(one)
            known.remove(one)
        else:
            _restore(one, kept)
    for facts in was.values():
        one = Escalation(clock_id=row.id)
        _restore(one, facts)
        db.session.add(one)
        known.append(one)
    row.memory = {**row.memory, "generations": held["generations"]}


def _facts(one: Escalation) -> dict[str, Any]:
    """A row as plain JSON."""
    values = {name: getattr(one, name) for name in _COLUMNS}
    return {
        name: value.isoformat() if _COLUMNS[name] and value else value
        for name, value in values.items()
    }


def _restore(one: Escalation, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(one, name, datetime.fromisoformat(value) if _COLUMNS[name] and value else value)
    one.state = EscalationState(facts["state"])
