"""What came into force is told once; checks and steps on their day."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from app import jobs
from app.agreements.models import Agreement, AgreementEvent
from app.agreements.words import Party
from app.catalogue.words import Priority
from app.database import db, transaction
from app.negotiations import announcing, deciding, proposing, queries, signing
from app.negotiations.models import Proposal
from app.notices.models import Notice
from app.people.models import Person
from tests import factories
from tests.cast import NOW, Cast
from tests.negotiations.texts import changed

BEGINS = datetime.fromisoformat("2027-01-01T00:00:00+01:00")


def bound(cast: Cast, version, *, values=None, **more) -> Proposal:
    with transaction():
        proposal = proposing.propose(
            values or changed(version),
            party=Party.PROVIDER,
            reason="Quarterly.",
            by=cast.jens,
            at=NOW,
            **more,
        )
        digest = queries.offer_of(proposal).version.digest
        signing.sign(proposal, digest=digest, by=cast.jens, at=NOW)
        signing.sign(proposal, digest=digest, by=cast.martin, at=NOW)
    return proposal


def told(kind: str) -> list[str]:
    query = (
        select(Person.name).join(Notice, Notice.person_id == Person.id).where(Notice.kind == kind)
    )
    return sorted(db.session.scalars(query))


def run(config, at: datetime) -> jobs.Done:
    return jobs.agreements.announce_agreements(lambda: at, config)


def test_everybody_concerned_is_told_once_when_it_holds(cast: Cast, config, version):
    values = changed(version)
    values["agreement"]["title"] = "Managed workplace, every day"
    bound(cast, version, values=values)

    assert run(config, BEGINS - timedelta(seconds=1)).said is None
    assert told("agreement-in-force") == []

    assert run(config, BEGINS).said == "announced 1 version"
    assert run(config, BEGINS + timedelta(hours=1)).said is None
    assert told("agreement-in-force") == [
        "Jens Adler",
        "Mara Lindt",
        "Martin Voss",
        "Petra Weiss",
        "Tomás Rivera",
    ]
    query = select(Notice).where(Notice.kind == "agreement-in-force")
    reads = [one.person_id for one in db.session.scalars(query) if one.facts["reads"]]
    assert sorted(reads) == sorted([cast.jens.id, cast.martin.id]), "agents open no agreement"
    key = select(func.count()).where(AgreementEvent.verb == "in-force")
    assert db.session.scalar(key) == 1
    title = select(Agreement.title).where(Agreement.id == version.agreement_id)
    assert db.session.scalar(title) == "Managed workplace, every day"


def test_what_holds_does_not_wait_for_its_announcement(cast: Cast, version):
    bound(cast, version, values=changed(version, seconds="3 h"))

    before = factories.open_request(
        cast.elke, cast.vpn_problem, at=BEGINS - timedelta(seconds=1), priority=Priority.HIGH
    )
    after = factories.open_request(cast.elke, cast.vpn_problem, at=BEGINS, priority=Priority.HIGH)

    assert (before.version_id, after.version_id != version.id) == (version.id, True)


def test_one_that_another_took_over_from_is_only_recorded(cast: Cast, config, version):
    first = bound(cast, version)
    bound(cast, version, values=changed(version, clause="Every month."))

    run(config, BEGINS)

    in_force = select(AgreementEvent).where(AgreementEvent.verb == "in-force")
    kept = db.session.scalars(in_force.order_by(AgreementEvent.version_id)).all()
    assert [event.facts["told"] > 0 for event in kept] == [False, True]
    assert kept[0].version_id == first.version_id


def test_a_proposal_that_was_given_up_is_never_announced(cast: Cast, config, version):
    with transaction():
        proposal = proposing.propose(
            changed(version), party=Party.CLIENT, reason="So.", by=cast.martin, at=NOW
        )
        deciding.withdraw(proposal, reason="No.", by=cast.martin, at=NOW)

    assert run(config, BEGINS).said is None


def test_the_check_and_the_steps_come_on_their_day_and_the_check_once(cast: Cast, config, version):
    step = {"what": "Extend the rota", "owner_id": cast.petra.id, "due_on": date(2026, 12, 20)}
    proposal = bound(cast, version, check_on=date(2027, 3, 1), plan=[step])
    run(config, datetime.fromisoformat("2026-12-19T23:30:00+01:00"))
    assert told("agreement-step") == []

    run(config, datetime.fromisoformat("2026-12-20T00:30:00+01:00"))
    run(config, datetime.fromisoformat("2026-12-20T00:31:00+01:00"))
    assert told("agreement-step") == ["Petra Weiss"]

    check_at = datetime.fromisoformat("2027-03-01T00:00:30+01:00")
    run(config, check_at - timedelta(minutes=1))
    assert told("agreement-check") == []
    run(config, check_at)
    run(config, check_at)
    assert told("agreement-check") == ["Jens Adler", "Martin Voss"]

    with transaction():
        announcing.check(proposal, result="Nine of ten kept.", by=cast.jens, at=check_at)
    assert proposal.check_result == "Nine of ten kept."
    assert not announcing.is_checkable(queries.offer_of(proposal), check_at)
