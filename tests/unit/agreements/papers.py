"""A small agreement file to change in one place."""

import tomllib
from typing import Any

OFFICE = """
[calendars.office]
name = "Office hours"
week = { mon = [["09:00", "17:00"]], tue = [["09:00", "17:00"]] }
"""

HOUSE = (
    """
[agreement]
key = "house"
title = "Standard service"
provider = "Halden"
zone = "Europe/Berlin"
effective_from = 2026-01-01

[[organisations]]
name = "Halden"
provider = true

[[organisations]]
name = "Fjordbank"

[[text]]
title = "Targets"
clauses = ["Incidents are resolved in time.", "Questions are answered in time."]

[[services]]
key = "vpn"
name = "VPN"

[[services]]
key = "print"
name = "Printing"

[[tiers]]
key = "standard"
calendar = "office"

[[tiers.targets]]
measure = "resolution"
within = "8 h"
clause = "1.1"

[[coverage]]
tier = "standard"

[signatures]
provider = { name = "Jens Adler", on = 2025-12-01 }
"""
    + OFFICE
)


def house(**agreement: Any) -> dict[str, Any]:
    """The house agreement, with these keys of ``[agreement]`` changed."""
    values = tomllib.loads(HOUSE)
    values["agreement"].update(agreement)
    return values


def client(**agreement: Any) -> dict[str, Any]:
    """An agreement with Fjordbank, signed by both."""
    values = house(
        **{"key": "fjordbank", "title": "Bank service", "client": "Fjordbank"} | agreement
    )
    values["signatures"]["client"] = {
        "name": "Sigrid Moe",
        "on": values["signatures"]["provider"]["on"],
    }
    return values


def targets(*rows: str) -> list[dict[str, Any]]:
    """Target rows, each as TOML pairs joined by semicolons, of clause 1.1."""
    return [tomllib.loads("\n".join([*row.split("; "), 'clause = "1.1"'])) for row in rows]
