"""Giving a proposal up: the other party rejects it, its own withdraws it, each with a reason."""

from datetime import datetime

from app.agreements import history, parties
from app.agreements.words import Party
from app.database import db
from app.errors import Forbidden, Refusal
from app.languages import gettext as _
from app.negotiations import letters, queries
from app.negotiations.models import Decision, Proposal
from app.negotiations.queries import Offer
from app.people.models import Person


def may_decide(offer: Offer, person: Person, party: Party) -> bool:
    """Whether the person writes or signs for their party."""
    agreement = offer.agreement
    return parties.may_write(agreement, person, party) or parties.may_sign(agreement, person, party)


def reject(proposal: Proposal, *, reason: str, by: Person, at: datetime) -> None:
    """Say no to what the other party proposed; `Refusal` for one's own or what is decided."""
    _give_up(proposal, Decision.REJECTED, reason=reason, by=by, at=at)


def withdraw(proposal: Proposal, *, reason: str, by: Person, at: datetime) -> None:
    """Take back what one's own party proposed; `Refusal` for the other's or what is decided."""
    _give_up(proposal, Decision.WITHDRAWN, reason=reason, by=by, at=at)


def _give_up(
    proposal: Proposal, decision: Decision, *, reason: str, by: Person, at: datetime
) -> None:
    """Signatures go with it: the version is withdrawn."""
    queries.locked(proposal.agreement_id)
    db.session.refresh(proposal)
    offer = queries.offer_of(proposal)
    party = parties.party_of(offer.agreement, by)
    if party is None or not may_decide(offer, by, party):
        raise Forbidden(_("To decide takes a grant to write or to sign."))
    if not offer.is_open:
        raise Refusal(_("This proposal has been decided already."))
    if (party is proposal.party) is (decision is Decision.REJECTED):
        raise Refusal(
            _("What your own party proposed is withdrawn, what the other did is rejected.")
        )
    if not reason.strip():
        raise Refusal(_("Say why: the other party reads it."), field="reason")
    proposal.decision, proposal.decided_because = decision, reason.strip()
    proposal.decided_by_id, proposal.decided_at = by.id, at
    offer.version.withdrawn_at = at
    db.session.flush()
    history.record(
        offer.agreement,
        decision.value,
        by=by,
        at=at,
        party=party,
        version=offer.version,
        facts={
            "reason": reason.strip(),
            "voided": [one.name for one in offer.signatures.values()],
        },
    )
    letters.tell(
        letters.negotiators(offer.agreement, but=by),
        "agreement-given-up",
        event=f"given-up:{proposal.id}",
        at=at,
        facts=letters.given_up(offer, by, party, reason=reason.strip()),
    )
