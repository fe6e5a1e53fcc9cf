"""The file that came with the letter shows whether what is stored is what was signed."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.agreements import loading
from app.agreements.models import AgreementVersion, Signature
from app.agreements.words import Party
from app.database import db, transaction
from app.negotiations import proposing, queries, signing
from app.notices.models import Notice
from tests.cast import NOW, Cast
from tests.negotiations.texts import changed


@pytest.fixture
def copy(cast: Cast, version: AgreementVersion, tmp_path: Path) -> Path:
    """The file of Martin's letter, once both have signed."""
    with transaction():
        proposal = proposing.propose(
            changed(version), party=Party.CLIENT, reason="So.", by=cast.martin, at=NOW
        )
        digest = queries.offer_of(proposal).version.digest
        for person in (cast.martin, cast.jens):
            signing.sign(proposal, digest=digest, by=person, at=NOW)
    told = db.session.scalars(
        select(Notice).where(Notice.kind == "agreement-signed", Notice.person_id == cast.martin.id)
    ).all()
    enclosed = told[-1].facts["enclosed"]
    file = tmp_path / enclosed["name"]
    file.write_text(enclosed["text"], "utf-8")
    return file


def verified(app: Flask, file: Path):
    return app.test_cli_runner().invoke(args=["agreements", "verify", str(file)])


def test_the_file_of_a_letter_is_known_again(app: Flask, copy: Path):
    answer = verified(app, copy)

    assert answer.exit_code == 0
    assert "version 2: as recorded, signed by Martin Voss and Jens Adler" in answer.output


def test_a_change_of_text_digest_and_signatures_alike_is_found_by_it(app: Flask, copy: Path):
    with transaction():
        stored = db.session.scalars(
            select(AgreementVersion).where(AgreementVersion.number == 2)
        ).one()
        source = json.loads(json.dumps(stored.source).replace("every quarter", "never"))
        stored.source, stored.digest = source, loading.digest_of(source)
        for row in db.session.scalars(select(Signature).where(Signature.version_id == stored.id)):
            row.digest = stored.digest

    answer = verified(app, copy)

    assert answer.exit_code != 0
    assert "is no copy of any version here" in answer.output
