"""What the pages of absences show of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.escalation import chain
from app.people import queries as people
from app.people.models import Absence, Person


@dataclass(frozen=True)
class AbsenceRow:
    """An absence with its people, and what speaks against it."""

    absence: Absence
    person: Person
    substitute: Person | None
    doubts: list[str]
    has_begun: bool


def rows(found: Sequence[Absence], *, at: datetime) -> list[AbsenceRow]:
    """The absences with their people, in the order given."""
    ids = {one.person_id for one in found} | {one.substitute_id or 0 for one in found}
    named = people.people(ids)
    return [
        AbsenceRow(
            one,
            named[one.person_id],
            named[one.substitute_id] if one.substitute_id else None,
            chain.doubts(one),
            one.starts_at <= at,
        )
        for one in found
    ]
