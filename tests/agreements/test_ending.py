"""What holds after a termination and after a renewal: computed from days, not from a job."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.agreements import choosing, loading
from app.agreements.models import AgreementVersion, Termination, TerminationKind
from app.agreements.words import Party
from app.database import db, transaction
from app.people.models import Organisation, Person, Role
from tests.unit.agreements.papers import client, house

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 30, 22, tzinfo=UTC)  # 1 July 00:00 in Berlin
SECOND = timedelta(seconds=1)


def titles(at: datetime) -> list[str]:
    bank = db.session.scalar(select(Organisation.id).where(Organisation.name == "Fjordbank"))
    return [
        db.session.get_one(AgreementVersion, held.version_id).source["agreement"]["title"]
        for held in choosing.in_force(bank, at)
    ]


@pytest.fixture
def bank(app: Flask) -> AgreementVersion:
    with transaction():
        loading.load(house(), at=AT)
        return loading.load(client(), at=AT).version


def terminate(version: AgreementVersion, on: date, **facts: Any) -> Termination:
    with transaction():
        petra = Person(
            name="Petra Weiss",
            organisation_id=db.session.scalar(
                select(Organisation.id).where(Organisation.is_provider)
            ),
            role=Role.MANAGER,
            zone="Europe/Berlin",
            created_at=AT,
        )
        db.session.add(petra)
        db.session.flush()
        termination = Termination(
            agreement_id=version.agreement_id,
            version_id=version.id,
            kind=TerminationKind.NOTICE,
            party=Party.PROVIDER,
            clause="1.1",
            reason="The branch closes.",
            given_by_id=petra.id,
            given_at=AT,
            effective_on=on,
            **facts,
        )
        db.session.add(termination)
        return termination


def renewal(version: AgreementVersion, first: date, last: date) -> AgreementVersion:
    with transaction():
        renewed = loading.load(
            client(effective_from=first, effective_until=last) | {"signatures": {}}, at=AT
        ).version
        renewed.renews_id = version.id
        return renewed


def test_a_terminated_agreement_holds_to_the_end_of_its_last_day(bank: AgreementVersion):
    terminate(bank, date(2026, 6, 30))

    assert titles(MIDNIGHT - SECOND) == ["Bank service", "Standard service"]
    assert titles(MIDNIGHT) == ["Standard service"]


def test_a_withdrawn_termination_ends_nothing(bank: AgreementVersion):
    terminate(bank, date(2026, 6, 30), withdrawn_at=AT)

    assert titles(MIDNIGHT) == ["Bank service", "Standard service"]


def test_what_renews_a_signed_version_holds_without_further_signatures(bank: AgreementVersion):
    first = renewal(bank, date(2026, 7, 1), date(2026, 12, 31))
    second = renewal(first, date(2027, 1, 1), date(2027, 6, 30))

    numbers = [held.number for held in choosing.signed_versions() if held.client_id]

    assert numbers == [second.number, first.number, bank.number]
    assert titles(datetime(2027, 3, 1, tzinfo=UTC)) == ["Bank service", "Standard service"]


def test_a_termination_ends_what_was_renewed_as_well(bank: AgreementVersion):
    renewal(bank, date(2026, 7, 1), date(2026, 12, 31))
    terminate(bank, date(2026, 6, 30))

    assert titles(MIDNIGHT - SECOND) == ["Bank service", "Standard service"]
    assert titles(MIDNIGHT) == ["Standard service"]


def test_what_renews_itself_holds_on_before_its_next_term_is_written(app: Flask):
    values = client(effective_until=date(2026, 6, 30))
    values["term"] = {"renewal": "automatic", "months": 12}
    with transaction():
        loading.load(house(), at=AT)
        loading.load(values, at=AT)

    assert titles(MIDNIGHT) == ["Bank service", "Standard service"]
