"""The people and the agreement of a fault run, and the same agreement as the oracle reads it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import wallclock
from app.agreements import loading
from app.database import begin_reading, db, transaction
from app.people.models import GrantKind, SignatoryGrant
from tests import cast as stage
from tests.faults.driver import Roles

LADDER = Path(__file__).with_name("ladder.toml")
ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(7)}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Week = dict[str, list[list[str]]]


@dataclass(frozen=True)
class House:
    """Who acts, and the rules as plain values."""

    roles: Roles
    rules: dict[str, Any]


def furnish(week: Week | None = None) -> House:
    """Write the cast and the client's agreement, on the hours of ``week``, and commit."""
    week = week or ALWAYS
    text = tomllib.loads(LADDER.read_text("utf-8"))
    hours = text["calendars"]["always"]
    hours["week"] = {DAYS[int(day)]: windows for day, windows in week.items()}
    cast = stage.assemble()
    with transaction():
        loading.load(text, at=wallclock.now())
        db.session.add(
            SignatoryGrant(
                person_id=cast.sigrid.id,
                organisation_id=cast.fjordbank.id,
                kind=GrantKind.CONTACT,
            )
        )
    roles = Roles(requester=cast.sigrid.id, agent=cast.mara.id, kind=cast.vpn_problem.id)
    people = {"manager": cast.jens.address, "client_contact": cast.sigrid.address}
    begin_reading()
    db.session.rollback()
    return House(roles, _rules(text, week, people))


def _rules(text: dict[str, Any], week: Week, people: dict[str, Any]) -> dict[str, Any]:
    """The agreement as the oracle reads it: seconds and addresses."""
    tier = text["tiers"][0]
    targets: dict[str, dict[str, int]] = {}
    for row in tier["targets"]:
        seconds = int(row["within"].removesuffix(" s"))
        targets.setdefault(row["measure"], {})[row.get("priority", "*")] = seconds
    ladder = [
        {
            "measure": rung["measure"],
            "percent": int(rung["at"].removesuffix(" %")),
            "tell": [people.get(who, who.removeprefix("person:")) for who in rung["tell"]],
        }
        for rung in tier["ladder"]
    ]
    return {
        "zone": text["agreement"]["zone"],
        "week": week,
        "targets": targets,
        "ladder": ladder,
        "floor_percent": 25,
        "grant_percent": 25,
    }
