"""Questions about proposals: which are open, what they are about, who has signed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from app.agreements import choosing
from app.agreements.choosing import InForce
from app.agreements.models import Agreement, AgreementVersion, Signature, Termination
from app.agreements.words import Party
from app.database import db
from app.errors import NotFound
from app.negotiations.models import Decision, PlanStep, Proposal
from app.people import queries as people
from app.people.models import Person


@dataclass(frozen=True)
class Offer:
    """A proposal with what it is about; ``base`` is the version that it would follow."""

    proposal: Proposal
    agreement: Agreement
    version: AgreementVersion
    base: AgreementVersion | None
    signatures: Mapping[Party, Signature]

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided about it yet."""
        return self.proposal.decision is None

    @property
    def is_bound(self) -> bool:
        """Whether both have signed."""
        return self.proposal.decision is Decision.ACCEPTED

    @property
    def signatories(self) -> frozenset[Party]:
        """Whose signatures it takes: the house signs its own agreement alone."""
        return frozenset({Party.PROVIDER} if self.agreement.is_house else Party)

    @property
    def missing(self) -> frozenset[Party]:
        """Whose signatures it still lacks."""
        return self.signatories - self.signatures.keys()


def offer(agreement: Agreement, number: int) -> Offer:
    """The proposal of the version with this number; `NotFound` where it was not proposed."""
    version = db.session.scalar(
        select(AgreementVersion).where(
            AgreementVersion.agreement_id == agreement.id, AgreementVersion.number == number
        )
    )
    if version is None:
        raise NotFound("There is no such proposal.")
    proposal = db.session.scalar(select(Proposal).where(Proposal.version_id == version.id))
    if proposal is None:
        raise NotFound("There is no such proposal.")
    return _offer(proposal, agreement, version)


def offer_of(proposal: Proposal) -> Offer:
    """What a proposal is about."""
    agreement = db.session.get_one(Agreement, proposal.agreement_id)
    return _offer(proposal, agreement, db.session.get_one(AgreementVersion, proposal.version_id))


def answers(proposal: Proposal) -> tuple[int | None, int | None]:
    """The numbers of the version that the proposal answers, and of the one that answers it."""
    query = (
        select(Proposal.id, AgreementVersion.number)
        .join(AgreementVersion, AgreementVersion.id == Proposal.version_id)
        .where(or_(Proposal.id == proposal.counters_id, Proposal.counters_id == proposal.id))
    )
    found = {id == proposal.counters_id: number for id, number in db.session.execute(query)}
    return found.get(True), found.get(False)


def open_proposal(agreement: Agreement) -> Proposal | None:
    """The proposal about which nobody has decided; there is one at most."""
    return db.session.scalar(
        select(Proposal)
        .where(Proposal.agreement_id == agreement.id, Proposal.decision.is_(None))
        .order_by(Proposal.id.desc())
        .limit(1)
    )


def checks_to_come(agreement_ids: Collection[int]) -> Sequence[tuple[Proposal, int]]:
    """Changes that both signed and that nobody has checked yet, with their version's number."""
    query = (
        select(Proposal, AgreementVersion.number)
        .join(AgreementVersion, AgreementVersion.id == Proposal.version_id)
        .where(
            Proposal.agreement_id.in_(agreement_ids),
            Proposal.decision == Decision.ACCEPTED,
            Proposal.check_on.is_not(None),
            Proposal.checked_at.is_(None),
        )
    )
    return [(proposal, number) for proposal, number in db.session.execute(query)]


def steps_to_come(agreement_ids: Collection[int]) -> Sequence[tuple[PlanStep, int, int]]:
    """Steps of changes that both signed, not done yet: with the agreement and the number."""
    query = (
        select(PlanStep, Proposal.agreement_id, AgreementVersion.number)
        .join(Proposal, Proposal.id == PlanStep.proposal_id)
        .join(AgreementVersion, AgreementVersion.id == Proposal.version_id)
        .where(
            Proposal.agreement_id.in_(agreement_ids),
            Proposal.decision == Decision.ACCEPTED,
            PlanStep.done_at.is_(None),
        )
    )
    return [(step, id, number) for step, id, number in db.session.execute(query)]


def locked(agreement_id: int) -> Agreement:
    """The agreement with its row lock: of two deeds at once the second sees the first."""
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def page(
    agreement: Agreement, *, before: int | None = None, limit: int = 50
) -> Sequence[tuple[Proposal, AgreementVersion, Person]]:
    """The proposals of an agreement with version and author, newest first; one more than fits.

    ``before`` is the id of the last one of the page before.
    """
    query = (
        select(Proposal, AgreementVersion, Person)
        .join(AgreementVersion, AgreementVersion.id == Proposal.version_id)
        .join(Person, Person.id == Proposal.proposed_by_id)
        .where(Proposal.agreement_id == agreement.id)
    )
    if before is not None:
        query = query.where(Proposal.id < before)
    rows = db.session.execute(query.order_by(Proposal.id.desc()).limit(limit + 1))
    return [(proposal, version, person) for proposal, version, person in rows]


def bound_versions(agreement: Agreement) -> list[InForce]:
    """The versions that both signed, the highest number first, in force or not."""
    return [held for held in choosing.signed_versions() if held.agreement_id == agreement.id]


def newest_bound(agreement: Agreement) -> AgreementVersion | None:
    """The signed version with the highest number, if any."""
    bound = bound_versions(agreement)
    return db.session.get_one(AgreementVersion, bound[0].version_id) if bound else None


def in_force(agreement: Agreement, at: datetime) -> AgreementVersion | None:
    """The version of the agreement that holds at ``at``, if any does."""
    for held in choosing.Book().in_force(agreement.client_id, at):
        if held.agreement_id == agreement.id:
            return db.session.get_one(AgreementVersion, held.version_id)
    return None


def ends_on(agreement: Agreement) -> date | None:
    """The last day of an agreement that was terminated; None where it was not."""
    query = select(func.min(Termination.effective_on)).where(
        Termination.agreement_id == agreement.id, Termination.withdrawn_at.is_(None)
    )
    return db.session.scalar(query)


def signatures_of(version: AgreementVersion) -> dict[Party, Signature]:
    """Who has signed a version, by party; none where it was given up."""
    if version.withdrawn_at is not None:
        return {}
    rows = db.session.scalars(select(Signature).where(Signature.version_id == version.id))
    return {row.party: row for row in rows}


def signed_among(version_ids: Sequence[int]) -> set[int]:
    """Those of these versions under which somebody's name stands."""
    query = select(Signature.version_id).where(Signature.version_id.in_(version_ids))
    return set(db.session.scalars(query))


def persons_of(*ids: int | None) -> dict[int, Person]:
    """The people with these ids, by id."""
    return people.people(id for id in ids if id is not None)


def _offer(proposal: Proposal, agreement: Agreement, version: AgreementVersion) -> Offer:
    base_id = proposal.base_version_id
    return Offer(
        proposal=proposal,
        agreement=agreement,
        version=version,
        base=db.session.get_one(AgreementVersion, base_id) if base_id is not None else None,
        signatures=signatures_of(version),
    )
