"""The guide to agreement files: its example is complete, and names every key."""

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask

from app.agreements import choosing, loading
from app.database import transaction

GUIDE = Path(__file__).parents[2] / "docs/agreements.md"


def example() -> str:
    blocks = re.findall(r"^```toml\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    return "\n".join(blocks)


def test_the_example_of_the_guide_loads_and_is_in_force(app: Flask):
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with transaction():
        loaded = loading.load(tomllib.loads(example()), at=at)

    held = choosing.signed_versions()

    assert [one.version_id for one in held] == [loaded.version.id]
    assert loaded.version.effective_until == date(2027, 12, 31)
