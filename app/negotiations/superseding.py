"""A version that was signed on paper and loaded as a file: what it means for an open proposal.

One proposal of an agreement is open at a time, and the newest signed version is what it would
change: a file that brings both signatures decides it, one way or the other.
"""

from datetime import datetime

from app.agreements import choosing, history
from app.agreements.loading import Loaded
from app.agreements.models import Agreement, AgreementVersion
from app.database import db
from app.languages import gettext as _
from app.negotiations import letters, queries
from app.negotiations.models import Decision
from app.negotiations.queries import Offer


def loaded(result: Loaded, *, at: datetime) -> None:
    """Decide the open proposal where ``result`` is binding: accepted if it is that very version,
    else withdrawn with what was signed of it; both sides are told of that.

    Called in the transaction of loading; without an open proposal, or before both have signed,
    nothing happens.
    """
    agreement, version = queries.locked(result.agreement.id), result.version
    proposal = queries.open_proposal(agreement)
    if proposal is None or not result.signed or not _is_binding(version):
        return
    offer, proposal.decided_at = queries.offer_of(proposal), at
    if offer.version.id == version.id:
        proposal.decision = Decision.ACCEPTED
        facts = {"digest": version.digest, "effective_from": version.effective_from.isoformat()}
        history.record(agreement, "bound", by=None, at=at, version=version, facts=facts)
    else:
        proposal.decision = Decision.WITHDRAWN
        _withdraw(offer, agreement, version, at=at)
    db.session.flush()


def _withdraw(
    offer: Offer, agreement: Agreement, version: AgreementVersion, *, at: datetime
) -> None:
    """Signatures go with it, and the history says what took its place."""
    reason = _("Version %(n)s was signed by both and loaded from a file.", n=version.number)
    offer.proposal.decided_because = reason
    offer.version.withdrawn_at = at
    history.record(
        agreement,
        "superseded",
        by=None,
        at=at,
        version=offer.version,
        facts={
            "instead": version.number,
            "voided": [one.name for one in offer.signatures.values()],
        },
    )
    letters.tell(
        letters.negotiators(agreement),
        "agreement-given-up",
        event=f"given-up:{offer.proposal.id}",
        at=at,
        facts=letters.superseded(offer, reason=reason),
    )


def _is_binding(version: AgreementVersion) -> bool:
    return any(held.version_id == version.id for held in choosing.signed_versions())
