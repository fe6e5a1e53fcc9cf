"""Agreement texts of the tests: what stands, with something another way."""

import copy
from datetime import date
from typing import Any

from app.agreements import stored
from app.agreements.models import AgreementVersion

NEXT_YEAR = date(2027, 1, 1)


def changed(
    version: AgreementVersion,
    *,
    clause: str = "Both parties meet every quarter.",
    effective_from: date = NEXT_YEAR,
    seconds: str | None = None,
) -> dict[str, Any]:
    """The values of ``version`` with one more clause, and perhaps another time to resolve in."""
    values = copy.deepcopy(stored.values_of(version))
    values["agreement"]["effective_from"] = effective_from
    values["text"][0]["clauses"].append(clause)
    if seconds is not None:
        for tier in values["tiers"]:
            for row in tier["targets"]:
                if row["measure"] == "resolution":
                    row["within"] = seconds
    return values
