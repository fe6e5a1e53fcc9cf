"""Fjordbank's agreement with reviews, a term and contacts; Sigrid signs and writes for it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app import wallclock
from app.agreements import outlook
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.outlook import Outlook
from app.database import db, transaction
from app.people import grants
from app.people.models import GrantKind
from tests import cast as stage
from tests.agreements import bank
from tests.cast import Cast

AT = datetime(2026, 6, 1, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Scene:
    """The cast, and the version that both signed."""

    cast: Cast
    version: AgreementVersion

    @property
    def agreement(self) -> Agreement:
        """The agreement as it stands in the database."""
        db.session.expire_all()
        return db.session.get_one(Agreement, self.version.agreement_id)

    @property
    def ahead(self) -> Outlook:
        """What it looks forward to."""
        return outlook.get(self.agreement)


@pytest.fixture
def scene(app: Flask) -> Scene:
    cast = stage.assemble()
    with transaction():
        for kind in (GrantKind.SIGNATORY, GrantKind.AGREEMENT_EDITOR):
            grants.give(cast.sigrid, cast.fjordbank, kind, by=cast.nora, at=AT)
    version = bank.signed(
        at=datetime(2026, 4, 15, 9, tzinfo=UTC),
        until=date(2026, 12, 31),
        term=bank.term(),
        review={"every_months": 3, "attendees": ["service level manager"], "clause": "1.1"},
        contacts=[
            bank.contact("provider", "jens.adler@halden.example"),
            bank.contact("client", "sigrid.moe@fjordbank.example", within="24 h"),
        ],
    )
    wallclock.use(lambda: AT)
    return Scene(cast, version)
