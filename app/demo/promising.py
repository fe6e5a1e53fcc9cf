"""Two promises that the demo's agreement makes besides. Pure.

Incidents of high and normal priority in tier Gold are in somebody's hand soon, and helped before
they are solved; `stories` tell how that is kept, mostly.
"""

from typing import Any

TARGETS, CLAUSE = 3, "4.5"
"""Where the targets stand in the text, and as what the further promises are added."""
WITHIN = {
    "acknowledgement": {"high": "15 min", "normal": "1 h"},
    "workaround": {"high": "2 h", "normal": "4 h"},
}


def add(values: dict[str, Any]) -> dict[str, Any]:
    """The agreement's file with both promises in Gold."""
    values["text"][TARGETS]["clauses"].append(
        "Gold: somebody has an incident of high priority in hand within 15 minutes, one of normal"
        " priority within an hour; a workaround, or the solution, comes within two and four hours."
    )
    for measure, within in WITHIN.items():
        values["tiers"][0]["targets"].append(
            {"measure": measure, "kind": "incident", "within": within, "clause": CLAUSE}
        )
    return values
