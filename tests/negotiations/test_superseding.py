"""A version signed on paper and loaded as a file, while another one is proposed."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app import wallclock
from app.agreements import choosing, toml_text
from app.agreements.models import Agreement, AgreementEvent, AgreementVersion
from app.agreements.words import Party
from app.cli.agreements import loaded
from app.database import db, transaction
from app.negotiations import proposing, queries, signing
from app.negotiations.models import Decision, Proposal
from app.notices.models import Notice
from tests.cast import NOW, Cast
from tests.negotiations.texts import changed

SIGNED = {
    party: {"name": name, "on": date(2026, 11, 18)}
    for party, name in (("provider", "Jens Adler"), ("client", "Martin Voss"))
}


@pytest.fixture
def proposal(cast: Cast, version: AgreementVersion) -> Proposal:
    """What Martin proposes and has signed; nobody has signed it for Halden."""
    with transaction():
        made = proposing.propose(
            changed(version), party=Party.CLIENT, reason="Saturdays", by=cast.martin, at=NOW
        )
    with transaction():
        digest = queries.offer_of(made).version.digest
        signing.sign(made, digest=digest, by=cast.martin, at=NOW)
    return made


def load(values: dict, folder: Path) -> str:
    file = folder / "signed.toml"
    file.write_text(toml_text.text(values), "utf-8")
    with wallclock.frozen(NOW):
        return loaded(file)


def entries(agreement: Agreement, verb: str) -> list[AgreementEvent]:
    query = select(AgreementEvent).where(AgreementEvent.agreement_id == agreement.id)
    return list(db.session.scalars(query.where(AgreementEvent.verb == verb)))


def test_another_version_that_both_signed_withdraws_what_was_proposed(
    cast: Cast, agreement, version, proposal: Proposal, tmp_path: Path
):
    other = changed(version)
    other["agreement"]["title"] = "Managed workplace, as signed on paper"
    load({**other, "signatures": SIGNED}, tmp_path)

    db.session.refresh(proposal)
    (entry,) = entries(agreement, "superseded")
    held = choosing.signed_versions()
    assert proposal.decision is Decision.WITHDRAWN
    assert "was signed by both and loaded from a file" in proposal.decided_because
    assert entry.version_id == proposal.version_id
    assert entry.facts["voided"] == ["Martin Voss"]
    assert proposal.version_id not in {one.version_id for one in held}
    assert queries.open_proposal(agreement) is None
    notices = select(Notice.person_id).where(Notice.kind == "agreement-given-up")
    assert {cast.martin.id, cast.jens.id} <= set(db.session.scalars(notices))


def test_the_proposed_version_itself_is_accepted_by_the_file(
    agreement, version, proposal: Proposal, tmp_path: Path
):
    load({**changed(version), "signatures": SIGNED}, tmp_path)

    db.session.refresh(proposal)
    assert proposal.decision is Decision.ACCEPTED
    assert proposal.version_id in {one.version_id for one in choosing.signed_versions()}
    assert len(entries(agreement, "bound")) == 1


def test_a_file_without_all_signatures_decides_nothing(
    agreement, version, proposal: Proposal, tmp_path: Path
):
    other = changed(version)
    other["agreement"]["title"] = "A draft on paper"
    load({**other, "signatures": {"provider": SIGNED["provider"]}}, tmp_path)

    open_now = queries.open_proposal(agreement)
    assert open_now is not None and open_now.id == proposal.id
