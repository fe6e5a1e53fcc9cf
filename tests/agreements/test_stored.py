"""A stored version read back is the file that was loaded."""

import tomllib
from datetime import UTC, date, datetime

from flask import Flask

from app.agreements import loading, stored
from app.database import transaction

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_stored_version_reads_as_its_file_did(app: Flask):
    values = tomllib.loads((loading.PRESETS / "house.toml").read_text("utf-8"))
    values["agreement"]["effective_until"] = date(2030, 12, 31)
    with transaction():
        as_file = loading.read(values, at=AT)
        version = loading.load(values, at=AT).version

    document = stored.document_of(version)

    assert document.tiers == as_file.tiers
    assert document.effective_until == date(2030, 12, 31)
    assert loading.digest_of(stored.values_of(version)) == version.digest


def test_what_a_file_only_names_is_known_to_it(app: Flask):
    house = tomllib.loads((loading.PRESETS / "house.toml").read_text("utf-8"))
    workplace = tomllib.loads((loading.PRESETS / "managed-workplace.toml").read_text("utf-8"))
    with transaction():
        loading.load(house, at=AT)
        version = loading.load(workplace, at=AT).version

    assert stored.document_of(version).coverage[0].service == "printing"
