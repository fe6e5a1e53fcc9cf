"""A rung leads from the file to the form's row and back without a loss."""

import tomllib

import pytest

from app.agreements import ladder_rows
from app.agreements.ladder_rows import RungRow
from app.agreements.loading import PRESETS


@pytest.mark.parametrize("path", sorted(PRESETS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_preset_is_the_same_after_the_form(path):
    source = tomllib.loads(path.read_text("utf-8"))

    for tier in source["tiers"]:
        rows = ladder_rows.ladder_in(source, tier["key"])
        again = {"tiers": [{**tier, "ladder": [ladder_rows.table_of(row) for row in rows]}]}
        assert ladder_rows.ladder_in(again, tier["key"]) == rows
        assert len(rows) == len(tier.get("ladder", []))


def test_a_rung_with_everything_is_written_as_a_file_writes_it():
    row = RungRow(
        measures=("resolution",),
        unit="before",
        amount="30 min",
        roles=("on_call",),
        people=("Mara@Halden.example",),
        every="1 h",
        times=3,
        acknowledge="15 min",
        deeds={"assign": "team_lead", "raise_priority": "urgent"},
    )

    assert ladder_rows.table_of(row) == {
        "measure": ["resolution"],
        "at": "30 min before due",
        "tell": ["on_call", "person:mara@halden.example"],
        "repeat": {"every": "1 h", "times": 3},
        "acknowledge_within": "15 min",
        "actions": [
            {"do": "assign", "to": "team_lead"},
            {"do": "raise_priority", "to_priority": "urgent"},
        ],
    }


@pytest.mark.parametrize(
    ("amount", "unit", "point"),
    [
        ("75", "percent", "75 %"),
        ("75 %", "percent", "75 %"),
        (" ", "percent", ""),
        ("2 h", "after", "2 h after due"),
        ("", "before", ""),
    ],
)
def test_the_point_reads_as_in_a_file(amount, unit, point):
    assert RungRow(amount=amount, unit=unit).point == point
