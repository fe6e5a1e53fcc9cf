"""The agreement of the demo as it was before: an older version, so that there is a difference.

It ended before the demo's requests begin, and promised less.
"""

import copy
from datetime import date, datetime
from typing import Any

from app.agreements import loading
from app.agreements.loading import Loaded

CHANGES = {
    "08:00 to 18:00 Berlin time": "09:00 to 17:00 Berlin time",
    "Incidents of urgent priority in tier Gold are worked on around the clock.": "",
    "within 15 minutes for urgent": "within 30 minutes for urgent",
    "are resolved within two hours, of high priority within four hours": (
        "are resolved within three hours, of high priority within six hours"
    ),
    "keeps at least 90 %": "keeps at least 85 %",
}
"""Words of the version that holds, and what stood there before; empty: nothing did."""
TARGETS = {"first_response": {"15 min": "30 min"}, "resolution": {"2 h": "3 h", "4 h": "6 h"}}
SIGNED = {
    "provider": {"name": "Jens Adler", "on": date(2022, 12, 8)},
    "client": {"name": "Martin Voss", "on": date(2022, 12, 13)},
}


def load_older(values: dict[str, Any], *, at: datetime) -> Loaded:
    """Load what held before ``values``, the agreement as it is."""
    return loading.enter(_older(values), at=at)


def _older(values: dict[str, Any]) -> dict[str, Any]:
    older = copy.deepcopy(values)
    older["agreement"] |= {
        "effective_from": date(2023, 1, 1),
        "effective_until": date(2024, 12, 31),
    }
    for key in ("term", "credits"):
        older.pop(key, None)
    for section in older["text"]:
        section["clauses"] = [clause for one in section["clauses"] if (clause := _before(one))]
    older["text"][6]["clauses"].pop()
    older["agreement"]["exceptions_clause"] = "3.3"
    week = {day: [["09:00", "17:00"]] for day in older["calendars"]["office"]["week"]}
    older["calendars"]["office"]["week"] = week
    del older["calendars"]["always"]
    gold = older["tiers"][0]
    gold["day"] = "8 h"
    gold["targets"] = [_target(row) for row in gold["targets"]]
    older["objectives"] = [row | {"goal": 85, "warning": 90} for row in older["objectives"][:1]]
    older["contacts"] = older.get("contacts", [])[:-1]
    older["signatures"] = SIGNED
    return older


def _before(clause: str) -> str:
    for now, before in CHANGES.items():
        if now in clause:
            clause = clause.replace(now, before)
    return clause


def _target(row: dict[str, Any]) -> dict[str, Any]:
    """A row of Gold's targets as it was: slower, and in office hours alone."""
    shorter = TARGETS.get(row["measure"], {})
    within = row["within"]
    if isinstance(within, dict):
        within = {key: shorter.get(words, words) for key, words in within.items()}
    else:
        within = shorter.get(within, within)
    return {key: one for key, one in row.items() if key not in ("calendar", "sentence")} | {
        "within": within
    }
