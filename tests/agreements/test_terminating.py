"""An agreement is ended by notice or for cause, and that can be taken back in time."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.agreements import choosing, outlook, renewing, terminating
from app.agreements.models import Agreement, AgreementVersion, TerminationKind
from app.agreements.terminating import End
from app.agreements.words import Party
from app.database import db, transaction
from app.errors import Conflict, Forbidden, Refusal
from app.notices.models import Notice
from app.people import grants
from app.people.models import GrantKind
from tests import cast as stage
from tests.agreements import bank
from tests.cast import Cast

AT = datetime(2026, 6, 1, 10, tzinfo=UTC)
NOTICE, CAUSE = TerminationKind.NOTICE, TerminationKind.CAUSE
END_OF_TERM = date(2026, 12, 31)


@pytest.fixture
def cast(app: Flask) -> Cast:
    cast = stage.assemble()
    with transaction():
        grants.give(cast.sigrid, cast.fjordbank, GrantKind.SIGNATORY, by=cast.nora, at=AT)
    return cast


def end(
    kind: TerminationKind = NOTICE,
    *,
    on: date = END_OF_TERM,
    clause: str = "1.2",
    reason: str = "We do it ourselves from then on.",
) -> End:
    return End(kind, clause, reason, on)


def agreement_of(version: AgreementVersion) -> Agreement:
    return db.session.get_one(Agreement, version.agreement_id)


def give(cast: Cast, version: AgreementVersion, wanted: End, at: datetime = AT) -> None:
    with transaction():
        terminating.terminate(
            agreement_of(version), wanted, party=Party.CLIENT, by=cast.sigrid, at=at
        )


def test_notice_in_time_ends_it_with_its_term_and_the_house_agreement_follows(cast: Cast):
    version = bank.signed(term=bank.term())

    give(cast, version, end())

    last, after = (
        choosing.in_force(cast.fjordbank.id, at)[0].client_id
        for at in (datetime(2026, 12, 31, 22, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC))
    )
    assert (last, after) == (cast.fjordbank.id, None)


def test_what_is_terminated_renews_itself_up_to_its_end_and_no_further(cast: Cast):
    version = bank.signed(term=bank.term())
    late = datetime(2026, 11, 1, tzinfo=UTC)

    give(cast, version, end(on=date(2027, 12, 31)), at=late)
    for at in [datetime(year, 12, 1, tzinfo=UTC) for year in (2026, 2027, 2028)]:
        for agreement_id in renewing.due(at):
            with transaction():
                renewing.renew(agreement_id, lambda at=at: at)

    found = outlook.get(agreement_of(version))
    assert (found.version.number, found.last_on) == (2, date(2027, 12, 31))


@pytest.mark.parametrize(
    ("wanted", "field", "said"),
    [
        (end(on=date(2026, 11, 30)), "effective_on", "the earliest being Thu 31 Dec 2026"),
        (end(on=date(2026, 5, 31)), "effective_on", "past"),
        (end(clause="9.9"), "clause", "no such clause"),
        (end(CAUSE, reason=" "), "reason", "cause"),
    ],
)
def test_what_the_agreement_does_not_allow_is_refused(
    cast: Cast, wanted: End, field: str, said: str
):
    version = bank.signed(term=bank.term())

    with pytest.raises(Refusal, match=said) as refused:
        give(cast, version, wanted)

    assert refused.value.field == field
    assert outlook.get(agreement_of(version)).termination is None


def test_a_cause_ends_it_on_any_day(cast: Cast):
    version = bank.signed(term=bank.term())

    give(cast, version, end(CAUSE, on=date(2026, 6, 1), reason="Three months below the objective."))

    assert outlook.get(agreement_of(version)).last_on == date(2026, 6, 1)


def test_it_is_ended_once_by_a_signatory_and_never_the_house_agreement(cast: Cast):
    version = bank.signed(term=bank.term())
    agreement = agreement_of(version)

    with pytest.raises(Forbidden), transaction():
        terminating.terminate(agreement, end(), party=Party.PROVIDER, by=cast.nora, at=AT)
    give(cast, version, end())
    with pytest.raises(Conflict):
        give(cast, version, end())
    with pytest.raises(Refusal, match="everybody else"), transaction():
        terminating.terminate(
            cast.house.agreement, end(), party=Party.PROVIDER, by=cast.jens, at=AT
        )


def test_both_are_told_with_the_clause_and_again_when_it_is_withdrawn(cast: Cast):
    version = bank.signed(term=bank.term())
    give(cast, version, end())
    with transaction():
        terminating.withdraw(
            agreement_of(version),
            reason="We stay after all.",
            party=Party.CLIENT,
            by=cast.sigrid,
            at=AT,
        )

    told = db.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(one.facts["party"], one.facts["withdrawn"]) for one in told] == [
        ("provider", False),
        ("client", False),
        ("provider", True),
        ("client", True),
    ]
    assert told[0].facts["quote"] == "Questions are answered in time."
    assert outlook.get(agreement_of(version)).last_on is None


def test_only_who_ended_it_takes_it_back_and_only_while_it_runs(cast: Cast):
    version = bank.signed(term=bank.term())
    give(cast, version, end())
    agreement = agreement_of(version)

    with pytest.raises(Forbidden), transaction():
        terminating.withdraw(agreement, reason="No.", party=Party.PROVIDER, by=cast.jens, at=AT)
    with pytest.raises(Refusal, match="has ended"), transaction():
        terminating.withdraw(
            agreement,
            reason="Too late.",
            party=Party.CLIENT,
            by=cast.sigrid,
            at=datetime(2027, 1, 1, tzinfo=UTC),
        )
