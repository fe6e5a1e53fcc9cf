"""The stage of negotiations: Jens writes and signs for Halden, Martin for Brenner & Voss."""

import pytest

from app.agreements.models import Agreement, AgreementVersion
from app.database import db
from tests import cast as stage
from tests.cast import Cast


@pytest.fixture
def cast(app) -> Cast:
    return stage.assemble()


@pytest.fixture
def agreement(cast: Cast) -> Agreement:
    return db.session.get_one(Agreement, cast.workplace.agreement.id)


@pytest.fixture
def version(cast: Cast) -> AgreementVersion:
    return db.session.get_one(AgreementVersion, cast.workplace.version.id)
