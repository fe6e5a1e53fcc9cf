"""Automatic renewal: the next term is made once, when notice can no longer be given."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.agreements import choosing, history, outlook, renewing
from app.agreements.models import Agreement, AgreementVersion
from app.database import db, transaction
from app.notices.models import Notice
from tests import cast as stage
from tests.agreements import bank
from tests.cast import Cast

IN_TIME = datetime(2026, 10, 2, 21, tzinfo=UTC)
"""Berlin 23:00 on the last day of notice."""
TOO_LATE = IN_TIME + timedelta(hours=1)


@pytest.fixture
def cast(app: Flask) -> Cast:
    return stage.assemble()


def run(at: datetime) -> None:
    """What the job does, twice: as two workers, or one that died after its commit."""
    for _again in range(2):
        for agreement_id in renewing.due(at):
            with transaction():
                renewing.renew(agreement_id, lambda: at)


def versions(first: AgreementVersion) -> list[tuple[int, date, date | None]]:
    query = select(AgreementVersion).where(AgreementVersion.agreement_id == first.agreement_id)
    return [
        (version.number, version.effective_from, version.effective_until)
        for version in db.session.scalars(query.order_by(AgreementVersion.number))
    ]


def test_the_next_term_is_made_when_the_last_day_of_notice_is_over(cast: Cast):
    first = bank.signed(term=bank.term())

    run(IN_TIME)
    assert len(versions(first)) == 1
    run(TOO_LATE)

    assert versions(first)[1:] == [(2, date(2027, 1, 1), date(2027, 12, 31))]


def test_both_parties_are_told_of_it_once_and_the_history_says_it(cast: Cast):
    first = bank.signed(
        term=bank.term(),
        contacts=[
            bank.contact("provider", "jens.adler@halden.example"),
            bank.contact("client", "sigrid.moe@fjordbank.example"),
        ],
    )

    run(TOO_LATE)

    notices = db.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [notice.facts["party"] for notice in notices] == ["provider", "client"]
    assert notices[0].facts["quote"] == "Questions are answered in time."
    entry = history.page(db.session.get_one(Agreement, first.agreement_id))[0]
    assert (entry.event.verb, entry.number) == ("renewed", 2)


def test_what_was_renewed_is_in_force_without_new_signatures(cast: Cast):
    first = bank.signed(term=bank.term())
    run(TOO_LATE)

    held = choosing.in_force(cast.fjordbank.id, datetime(2027, 1, 1, tzinfo=UTC))

    assert (held[0].agreement_id, held[0].number) == (first.agreement_id, 2)


def test_it_holds_on_though_no_worker_ran_and_the_years_are_made_up_for(cast: Cast):
    first = bank.signed(term=bank.term())
    years_later = datetime(2028, 6, 1, tzinfo=UTC)

    assert choosing.in_force(cast.fjordbank.id, years_later)[0].number == 1
    run(years_later)
    run(years_later)

    assert [last for _number, _first, last in versions(first)] == [
        date(2026, 12, 31),
        date(2027, 12, 31),
        date(2028, 12, 31),
    ]


def test_what_has_no_renewal_ends(cast: Cast):
    first = bank.signed(term=bank.term("none"))

    run(datetime(2027, 3, 1, tzinfo=UTC))

    assert len(versions(first)) == 1
    found = outlook.get(db.session.get_one(Agreement, first.agreement_id))
    assert found.has_ended(datetime(2026, 12, 31, 23, tzinfo=UTC))
    assert not found.has_ended(datetime(2026, 12, 31, 22, tzinfo=UTC))
