"""An explanation that was attached to a dispute, read back from its data to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.languages import gettext as _


@dataclass(frozen=True)
class Line:
    """One span: from, to, what it was, and how many business seconds counted and did not."""

    starts_at: datetime
    ends_at: datetime
    kind: str
    what: str
    counted_s: int
    skipped_s: int


@dataclass(frozen=True)
class Evidence:
    """An explanation as it stood at ``at``; amounts in business seconds."""

    at: datetime
    measure: str
    sentence: str
    cited: str
    due_at: datetime | None
    breached_at: datetime | None
    budget_s: int
    used_s: int
    left_s: int
    lines: tuple[Line, ...]


def read(data: Mapping[str, Any]) -> Evidence | None:
    """The evidence in ``data`` (`clocks.explanation_data.as_data`); None where there is none."""
    if not data:
        return None
    promise = data["promise"]
    return Evidence(
        at=datetime.fromisoformat(data["at"]),
        measure=data["measure"],
        sentence=promise["sentence"],
        cited=_(
            "%(agreement)s, version %(number)s, § %(clause)s",
            agreement=promise["agreement"],
            number=promise["version"],
            clause=promise["clause"],
        ),
        due_at=_instant(data["due_at"]),
        breached_at=_instant(data["breached_at"]),
        budget_s=data["budget_s"],
        used_s=data["used_s"],
        left_s=data["left_s"],
        lines=tuple(
            Line(
                datetime.fromisoformat(span["from"]),
                datetime.fromisoformat(span["to"]),
                span["kind"],
                span["what"],
                span["counted_s"],
                span["skipped_s"],
            )
            for span in data["spans"]
        ),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
