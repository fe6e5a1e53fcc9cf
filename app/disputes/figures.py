"""The figures that a dispute is about: the promises of its agreement in the week they were due."""

from datetime import datetime
from typing import Any

from app.agreements.models import Agreement
from app.clocks.models import Clock
from app.measures import attainment
from app.measures.attainment import Tally
from app.measures.cohort import Scope
from app.measures.weeks import Week
from app.people.access import Sight
from app.people.models import Role

EVERYBODYS = Sight(person_id=0, role=Role.ADMIN, organisation_id=0)
"""The figures of an agreement are over all its promises, whoever asks."""


def of(agreement: Agreement, clock: Clock | None, *, at: datetime) -> dict[str, Any]:
    """The week's promises of the agreement by what became of them; empty without a due time."""
    if clock is None or clock.due_at is None:
        return {}
    week = Week.of(clock.due_at, agreement.zone)
    scope = Scope(EVERYBODYS, agreement_id=agreement.id)
    tally = sum(attainment.by_measure(scope, [week], at=at).values(), Tally())
    return {
        "week": week.name,
        "kept": tally.kept,
        "missed": tally.missed,
        "excluded": tally.excluded,
        "percent": tally.percent,
    }
