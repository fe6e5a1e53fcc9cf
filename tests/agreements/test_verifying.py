"""Whether a version is what was signed: a change by SQL is found, a copy is known again."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.agreements import loading, stored, toml_text, verifying
from app.agreements.models import Agreement, AgreementVersion, Signature
from app.database import db, transaction

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def workplace(app: Flask) -> AgreementVersion:
    with transaction():
        loading.load_file(loading.PRESETS / "house.toml", at=AT)
        return loading.load_file(loading.PRESETS / "managed-workplace.toml", at=AT).version


def by_sql(statement: str) -> None:
    with transaction():
        db.session.execute(text(statement))
    db.session.expire_all()


def copy_of(version: AgreementVersion, folder: Path) -> Path:
    signatures = db.session.query(Signature).filter_by(version_id=version.id).all()
    agreement = db.session.get_one(Agreement, version.agreement_id)
    file = folder / "copy.toml"
    file.write_text(
        toml_text.text(stored.signed_values_of(version, signatures, agreement)), "utf-8"
    )
    return file


def test_what_was_signed_is_found_intact(workplace: AgreementVersion):
    assert verifying.findings(workplace) == []


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE target SET seconds = seconds + 60", "the targets of Gold are not those"),
        ("UPDATE target SET business_days = 1, by_time = '17:00'", "the targets of Gold are not"),
        ("UPDATE target SET team_id = (SELECT MIN(id) FROM team)", "the targets of Gold are not"),
        ("UPDATE rung SET percent = 80 WHERE percent = 75", "the ladder of Gold is not that"),
        ("UPDATE tier SET floor_percent = 0 WHERE key = 'gold'", "the rules or hours of Gold"),
        ("DELETE FROM coverage WHERE service_id IS NOT NULL", "its coverage is not that"),
        ("UPDATE agreement_version SET effective_from = '2024-01-01'", "its first or last day"),
        ("UPDATE agreement_version SET digest = 'a' || digest", "its text has another digest"),
        ("UPDATE signature SET digest = 'a' || digest", "Jens Adler signed another digest"),
    ],
)
def test_a_change_by_sql_is_found(workplace: AgreementVersion, statement: str, finding: str):
    by_sql(statement)

    assert any(one.startswith(finding) for one in verifying.findings(workplace))


def test_other_hours_in_the_database_are_found(workplace: AgreementVersion):
    by_sql(
        "UPDATE calendar_version SET definition ="
        " CAST(REPLACE(CAST(definition AS TEXT), '18:00', '19:00') AS "
        + ("JSONB" if db.engine.dialect.name == "postgresql" else "TEXT")
        + ")"
    )

    assert any("rules or hours of Gold" in one for one in verifying.findings(workplace))


def test_a_source_changed_with_its_digest_is_found_by_a_letters_digest(
    app: Flask, workplace: AgreementVersion
):
    letter = workplace.digest
    values = stored.values_of(workplace)
    values["text"][0]["clauses"][0] = "Halden does what it likes."
    with transaction():
        workplace.source = tomllib.loads(toml_text.text(values)) | {
            "agreement": workplace.source["agreement"]
        }
        workplace.digest = loading.digest_of(workplace.source)
        db.session.query(Signature).update({"digest": workplace.digest})

    told = app.test_cli_runner().invoke(args=["agreements", "verify", "--digest", letter])

    assert told.exit_code == 1
    assert "no version here" in told.output


def test_an_exported_copy_is_known_again_and_loads_again(
    app: Flask, workplace: AgreementVersion, tmp_path: Path
):
    file = copy_of(workplace, tmp_path)

    checked = app.test_cli_runner().invoke(args=["agreements", "verify", str(file)])
    loaded = app.test_cli_runner().invoke(args=["agreements", "load", str(file)])

    assert "signed by Jens Adler and Martin Voss" in checked.output
    assert "loaded already: nothing changed" in loaded.output


def test_a_copy_with_another_word_is_none(app: Flask, workplace: AgreementVersion, tmp_path: Path):
    file = copy_of(workplace, tmp_path)
    file.write_text(file.read_text("utf-8").replace("within two hours", "within ten hours"))

    told = app.test_cli_runner().invoke(args=["agreements", "verify", str(file)])

    assert told.exit_code == 1
    assert "is no copy of any version here" in told.output


def test_verify_names_every_version(app: Flask, workplace: AgreementVersion):
    told = app.test_cli_runner().invoke(args=["agreements", "verify"])

    assert told.exit_code == 0
    assert told.output.count("as recorded") == 2
