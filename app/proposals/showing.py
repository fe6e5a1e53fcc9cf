"""What the page of a proposal shows: how it stands, what it changes, whom it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.agreements import loading as files
from app.agreements import parties, stored
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.words import Party
from app.catalogue import queries as catalogue
from app.languages import gettext as _
from app.negotiations import affected, announcing, commenting, deciding, plans, queries
from app.negotiations import signing as verbs
from app.negotiations.affected import Affected
from app.negotiations.models import ClauseComment, Decision, PlanStep, Proposal
from app.negotiations.queries import Offer
from app.papers import comparing, paper
from app.papers.comparing import Comparison
from app.papers.paper import Paper
from app.people.models import Person
from app.proposals.loading import Seat


@dataclass(frozen=True)
class Sheet:
    """A proposal laid out, from the side of who reads it.

    `state` is one of open, half (one party has signed), bound, holds, rejected, withdrawn and
    countered; `why_not_sign` is the sentence that keeps the reader from signing, if any.
    """

    seat: Seat
    offer: Offer
    state: str
    names: Mapping[Party, str]
    paper: Paper
    comparison: Comparison | None
    comments: Mapping[str, Sequence[tuple[ClauseComment, Person]]]
    steps: Sequence[PlanStep]
    people: Mapping[int, Person]
    concerned: Affected
    why_not_sign: str
    is_checkable: bool
    canonical: str
    answers: int | None
    answered_by: int | None

    @property
    def may_decide(self) -> bool:
        """Whether the reader may reject or withdraw it."""
        return self.offer.is_open and deciding.may_decide(
            self.offer, self.seat.person, self.seat.party
        )

    @property
    def is_own(self) -> bool:
        """Whether the reader's own party proposed it."""
        return self.offer.proposal.party is self.seat.party

    @property
    def orphans(self) -> Sequence[tuple[ClauseComment, Person]]:
        """What was said of the whole."""
        return self.comments.get(commenting.WHOLE, ())


def sheet(seat: Seat, offer: Offer, *, at: datetime) -> Sheet:
    """The proposal as its page shows it at ``at``."""
    document = stored.document_of(offer.version)
    before = stored.document_of(offer.base) if offer.base is not None else None
    services = {service.key: service.name for service in catalogue.services()}
    steps = plans.steps_of(offer.proposal)
    refusal = verbs.why_not(offer, by=seat.person, at=at)
    proposal = offer.proposal
    answers, answered_by = queries.answers(proposal)
    return Sheet(
        seat=seat,
        offer=offer,
        state=state_of(
            proposal,
            offer.agreement,
            offer.version,
            is_signed=bool(offer.signatures),
            at=at,
        ),
        names=parties.names(offer.agreement),
        paper=paper.lay_out(document, before=before),
        comparison=comparing.compare(before, document, services=services) if before else None,
        comments=commenting.comments_on(offer.version),
        steps=steps,
        people=queries.persons_of(
            proposal.proposed_by_id,
            proposal.decided_by_id,
            proposal.checked_by_id,
            *(step.owner_id for step in steps),
            *(step.done_by_id for step in steps),
        ),
        concerned=affected.by(offer.agreement, offer.version),
        why_not_sign=refusal.sentence if refusal is not None else "",
        is_checkable=announcing.is_checkable(offer, at),
        canonical=files.canonical(offer.version.source),
        answers=answers,
        answered_by=answered_by,
    )


def state_of(
    proposal: Proposal,
    agreement: Agreement,
    version: AgreementVersion,
    *,
    is_signed: bool,
    at: datetime,
) -> str:
    """How a proposal stands, in one word of the program; ``is_signed``: by one party at least."""
    if proposal.decision is None:
        return "half" if is_signed else "open"
    if proposal.decision is Decision.ACCEPTED:
        return "holds" if verbs.begins_at(agreement, version) <= at else "bound"
    return proposal.decision.value


def words_of(state: str) -> str:
    """The state as people read it."""
    said: dict[str, Any] = {
        "open": _("Proposed"),
        "half": _("Signed by one party"),
        "bound": _("Signed by both"),
        "holds": _("In force since its day"),
        "rejected": _("Rejected"),
        "withdrawn": _("Withdrawn"),
        "countered": _("Countered"),
    }
    return str(said[state])
