"""A version is proposed, countered, rejected, withdrawn; what is signed is never touched."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.agreements.models import (
    Agreement,
    AgreementEvent,
    AgreementVersion,
    Signature,
    Termination,
    TerminationKind,
)
from app.agreements.reading import AgreementErrors
from app.agreements.words import Party
from app.catalogue.models import Service
from app.database import db, transaction
from app.errors import Conflict, Forbidden, Refusal
from app.negotiations import commenting, deciding, plans, proposing, queries, signing
from app.negotiations.models import Decision, Proposal
from app.notices.models import Notice
from app.people.models import Person
from tests.cast import NOW, Cast
from tests.negotiations.texts import NEXT_YEAR, changed

REASON = "Finance works on Saturdays now."


def propose(cast: Cast, version: AgreementVersion, *, by=None, **instead) -> Proposal:
    by = by or cast.martin
    wanted = {
        "party": Party.PROVIDER if by.is_agent else Party.CLIENT,
        "reason": REASON,
        "by": by,
        "at": NOW,
    }
    with transaction():
        return proposing.propose(
            instead.pop("values", None) or changed(version), **(wanted | instead)
        )


def told(kind: str) -> set[str]:
    query = select(Notice).where(Notice.kind == kind)
    return {
        db.session.get_one(Person, notice.person_id).name for notice in db.session.scalars(query)
    }


def verbs(agreement: Agreement) -> list[str]:
    query = select(AgreementEvent.verb).where(AgreementEvent.agreement_id == agreement.id)
    query = query.where(AgreementEvent.verb.not_in(("loaded", "signed_on_file")))
    return list(db.session.scalars(query.order_by(AgreementEvent.id)))


def test_a_proposal_is_a_version_that_nobody_has_signed(cast: Cast, agreement, version):
    proposal = propose(cast, version, check_on=date(2027, 3, 1))

    offer = queries.offer(agreement, 2)
    assert offer.proposal == proposal
    assert (offer.base, offer.missing) == (version, {Party.PROVIDER, Party.CLIENT})
    assert queries.in_force(agreement, NOW) == version
    assert told("agreement-proposed") == {"Jens Adler"}
    assert verbs(agreement) == ["proposed"]


def test_a_change_says_why_and_lies_ahead(cast: Cast, version):
    with pytest.raises(Refusal, match="why"):
        propose(cast, version, reason=" ")
    with pytest.raises(Refusal, match="future"):
        propose(cast, version, values=changed(version, effective_from=NOW.date()))
    with pytest.raises(Refusal, match="Check"):
        propose(cast, version, check_on=NEXT_YEAR)
    with pytest.raises(Refusal, match="word for word"):
        values = changed(version)
        values["text"][0]["clauses"].pop()
        values["agreement"]["effective_from"] = version.effective_from
        propose(cast, version, values=values)
    with pytest.raises(AgreementErrors):
        values = changed(version)
        values["tiers"][0]["targets"][0]["within"] = "soon"
        propose(cast, version, values=values)


def test_only_editors_of_a_party_propose_for_it(cast: Cast, version):
    with pytest.raises(Forbidden):
        propose(cast, version, by=cast.nora)
    for stranger, party in ((cast.sigrid, Party.CLIENT), (cast.jens, Party.CLIENT)):
        with pytest.raises(Refusal, match="taken"), transaction():
            proposing.propose(changed(version), party=party, reason=REASON, by=stranger, at=NOW)


def test_a_client_learns_nothing_of_others_by_proposing(cast: Cast, version):
    values = changed(version)
    values["agreement"]["key"] = "another"
    values["agreement"]["client"] = "Fjordbank"
    with pytest.raises(Refusal, match="Your agreement is between Brenner & Voss"):
        propose(cast, version, values=values)

    values = changed(version)
    values["organisations"].append(
        {"name": "Brenner & Voss", "zone": "UTC", "domains": ["fjordbank.example"]}
    )
    with pytest.raises(Refusal, match="Your agreement is between Brenner & Voss"):
        propose(cast, version, values=values)

    values = changed(version)
    values["services"] = [{"key": "new", "name": "New", "description": "x"}]
    with pytest.raises(Refusal, match="does not know “new”"):
        propose(cast, version, values=values)
    assert db.session.scalar(select(Service).where(Service.key == "new")) is None


def test_a_title_and_a_catalogue_follow_what_is_signed_and_not_what_is_proposed(
    cast: Cast, agreement, version
):
    values = changed(version)
    values["agreement"]["title"] = "Everything for nothing"
    values["services"] = [{"key": "network", "name": "Network", "description": "Everything"}]

    propose(cast, version, values=values, by=cast.jens)

    assert db.session.get_one(Agreement, agreement.id).title == "Managed workplace"
    assert db.session.scalar(select(Service).where(Service.description == "Everything")) is None


def test_a_counter_proposal_voids_what_was_signed(cast: Cast, agreement, version):
    first = propose(cast, version)
    with transaction():
        signing.sign(first, digest=queries.offer_of(first).version.digest, by=cast.martin, at=NOW)

    with pytest.raises(Conflict, match="proposed already"):
        propose(cast, version, by=cast.jens, values=changed(version, clause="Every month."))
    second = propose(
        cast,
        version,
        by=cast.jens,
        values=changed(version, clause="Every month."),
        counters_id=first.id,
    )

    assert first.decision is Decision.COUNTERED
    assert queries.offer_of(first).signatures == {}
    with pytest.raises(Refusal, match="no longer"), transaction():
        signing.sign(first, digest=queries.offer_of(first).version.digest, by=cast.jens, at=NOW)
    assert verbs(agreement) == ["proposed", "signed", "countered"]
    assert queries.open_proposal(agreement) == second

    third = propose(cast, version, values=changed(version), counters_id=second.id)

    assert queries.offer_of(third).version.number == 4, "the first words again, not signed"
    assert queries.offer_of(third).signatures == {}


def test_what_was_signed_meanwhile_is_the_base_of_the_next(cast: Cast, version):
    proposal = propose(cast, version)
    bind(cast, proposal)

    with pytest.raises(Conflict, match="Version 2 was signed meanwhile"):
        propose(
            cast,
            version,
            values=changed(version, clause="Every month."),
            base_version_id=version.id,
        )


def test_a_rejected_proposal_leaves_what_stands(cast: Cast, agreement, version):
    proposal = propose(cast, version)
    with pytest.raises(Refusal, match="withdrawn, what the other did is rejected"):
        with transaction():
            deciding.reject(proposal, reason="No.", by=cast.martin, at=NOW)
    with pytest.raises(Refusal, match="why"), transaction():
        deciding.reject(proposal, reason="", by=cast.jens, at=NOW)
    with pytest.raises(Forbidden), transaction():
        deciding.reject(proposal, reason="No.", by=cast.nora, at=NOW)

    with transaction():
        deciding.reject(proposal, reason="Nobody works on Saturdays.", by=cast.jens, at=NOW)

    assert queries.open_proposal(agreement) is None
    assert queries.in_force(agreement, NOW + timedelta(days=90)) == version
    assert told("agreement-given-up") == {"Martin Voss"}
    again = propose(cast, version)
    with transaction():
        deciding.withdraw(again, reason="A slip.", by=cast.martin, at=NOW)
    assert verbs(agreement) == ["proposed", "rejected", "proposed", "withdrawn"]


def test_both_sign_exactly_what_they_were_shown(cast: Cast, agreement, version):
    proposal = propose(cast, version)
    digest = queries.offer_of(proposal).version.digest
    with pytest.raises(Conflict, match="not the version that you were shown"), transaction():
        signing.sign(proposal, digest=version.digest, by=cast.martin, at=NOW)
    with pytest.raises(Forbidden), transaction():
        signing.sign(proposal, digest=digest, by=cast.nora, at=NOW)

    bind(cast, proposal)

    offer = queries.offer_of(proposal)
    assert proposal.decision is Decision.ACCEPTED
    assert {one.digest for one in offer.signatures.values()} == {digest}
    assert queries.in_force(agreement, NOW) == version
    begins_at = signing.begins_at(agreement, offer.version)
    assert queries.in_force(agreement, begins_at - timedelta(seconds=1)) == version
    assert queries.in_force(agreement, begins_at) == offer.version
    notices = db.session.scalars(select(Notice).where(Notice.kind == "agreement-signed")).all()
    assert {one.facts["digest"] for one in notices} == {digest}
    assert told("agreement-signed") == {"Jens Adler", "Martin Voss"}
    assert verbs(agreement) == ["proposed", "signed", "signed", "bound"]
    with pytest.raises(Refusal, match="no longer"), transaction():
        signing.sign(proposal, digest=digest, by=cast.jens, at=NOW)
    with pytest.raises(Refusal, match="decided already"), transaction():
        deciding.withdraw(proposal, reason="Sorry.", by=cast.martin, at=NOW)


def test_nobody_signs_what_has_been_changed_behind_the_programs_back(cast: Cast, version):
    proposal = propose(cast, version)
    offered = queries.offer_of(proposal).version
    with transaction():
        offered.source = {**offered.source, "text": []}

    with pytest.raises(Conflict, match="not what was proposed"), transaction():
        signing.sign(proposal, digest=offered.digest, by=cast.martin, at=NOW)


def test_a_day_that_has_come_is_signed_by_nobody(cast: Cast, agreement, version):
    proposal = propose(cast, version)
    offered = queries.offer_of(proposal).version

    with pytest.raises(Refusal, match="that day has come"), transaction():
        at = signing.begins_at(agreement, offered)
        signing.sign(proposal, digest=offered.digest, by=cast.martin, at=at)
    assert db.session.scalar(select(Signature).where(Signature.version_id == offered.id)) is None


def test_both_comment_on_clauses_while_it_is_open(cast: Cast, agreement, version):
    proposal = propose(cast, version)
    offer = queries.offer_of(proposal)
    with transaction():
        commenting.comment(offer, clause="4.2", body="At night, too?", by=cast.jens, at=NOW)
        commenting.comment(offer, clause="4.2", body="At night, too?", by=cast.jens, at=NOW)
        commenting.comment(offer, clause="", body="Fine otherwise.", by=cast.martin, at=NOW)
    with pytest.raises(Refusal, match="no clause"), transaction():
        commenting.comment(offer, clause="99.1", body="What?", by=cast.jens, at=NOW)
    with pytest.raises(Forbidden), transaction():
        commenting.comment(offer, clause="", body="I see you.", by=cast.sigrid, at=NOW)

    said = commenting.comments_on(offer.version)
    assert {clause: [who.name for _, who in each] for clause, each in said.items()} == {
        "4.2": ["Jens Adler"],
        "": ["Martin Voss"],
    }

    with transaction():
        deciding.reject(proposal, reason="No.", by=cast.jens, at=NOW)
    with pytest.raises(Refusal, match="decided"), transaction():
        commenting.comment(queries.offer_of(proposal), clause="", body="!", by=cast.jens, at=NOW)


def test_a_plan_names_days_and_owners_of_both_parties(cast: Cast, agreement, version):
    rows = [
        {"what": "Extend the rota", "owner_id": cast.petra.id, "due_on": "2026-12-20"},
        {"what": "Tell finance", "owner_id": cast.martin.id, "due_on": date(2026, 12, 22)},
    ]
    with pytest.raises(Refusal, match="somebody of one of the parties"):
        propose(cast, version, plan=[{**rows[0], "owner_id": cast.sigrid.id}])
    with pytest.raises(Refusal, match="has a day"):
        propose(cast, version, plan=[{**rows[0], "due_on": "soon"}])

    offer = queries.offer_of(propose(cast, version, plan=rows))
    with pytest.raises(Forbidden), transaction():
        finish(offer, 0, by=cast.martin, party=Party.CLIENT)
    with transaction():
        finish(offer, 0, by=cast.petra, party=Party.PROVIDER)

    steps = plans.steps_of(offer.proposal)
    assert [(step.what, step.done_at is not None) for step in steps] == [
        ("Extend the rota", True),
        ("Tell finance", False),
    ]
    assert verbs(agreement) == ["proposed", "step-done"]


def finish(offer, position, *, by, party):
    plans.finish(offer, position, done=True, writes=False, by=by, party=party, at=NOW)


def bind(cast: Cast, proposal: Proposal) -> None:
    with transaction():
        digest = queries.offer_of(proposal).version.digest
        signing.sign(proposal, digest=digest, by=cast.martin, at=NOW)
        signing.sign(proposal, digest=digest, by=cast.jens, at=NOW)


def test_nothing_is_proposed_or_signed_for_after_the_end(cast: Cast, agreement, version):
    early = propose(cast, version)
    with transaction():
        db.session.add(
            Termination(
                agreement_id=agreement.id,
                version_id=version.id,
                kind=TerminationKind.NOTICE,
                party=Party.CLIENT,
                clause="8.3",
                reason="",
                given_by_id=cast.martin.id,
                given_at=NOW,
                effective_on=date(2026, 12, 31),
            )
        )

    with pytest.raises(Refusal, match="ends before this would hold"), transaction():
        digest = queries.offer_of(early).version.digest
        signing.sign(early, digest=digest, by=cast.martin, at=NOW)
    with pytest.raises(Refusal, match="terminated and ends on 31 December 2026"):
        values = changed(version, clause="Every month.")
        propose(cast, version, values=values, counters_id=early.id)
