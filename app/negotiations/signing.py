"""Signing a proposed version: exactly what was shown, by who may, while it lies ahead.

The second signature makes it binding; from when it holds follows from its day. The password is
asked for by the page. Source: agreements.md, "Its life".
"""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from app.agreements import history, loading, parties
from app.agreements.models import Agreement, AgreementVersion, Signature
from app.agreements.words import Party
from app.database import db
from app.errors import Conflict, Forbidden, Refusal
from app.languages import gettext as _
from app.negotiations import letters, queries
from app.negotiations.models import Decision, Proposal
from app.negotiations.queries import Offer
from app.people.models import Person


def begins_at(agreement: Agreement, version: AgreementVersion) -> datetime:
    """The instant from which the version holds: 00:00 of its day, in the agreement's zone."""
    zone = ZoneInfo(agreement.zone)
    return datetime.combine(version.effective_from, time(), zone).astimezone(UTC)


def why_not(offer: Offer, *, by: Person, at: datetime) -> Refusal | None:
    """What keeps the person from signing now; None where nothing does."""
    party = parties.party_of(offer.agreement, by)
    if party is None or not parties.may_sign(offer.agreement, by, party):
        return Forbidden(_("To sign takes the grant “signatory”."))
    if not offer.is_open or offer.version.withdrawn_at is not None:
        return Refusal(_("Version %(n)s is no longer to be signed.", n=offer.version.number))
    if party not in offer.signatories:
        return Refusal(_("The house signs its own agreement alone."))
    if party in offer.signatures:
        name = offer.signatures[party].name
        return Refusal(_("%(name)s has signed for your party already.", name=name))
    newest = queries.newest_bound(offer.agreement)
    if newest is not None and newest.number > offer.version.number:
        return Refusal(
            _("Version %(n)s came into being meanwhile: propose this anew.", n=newest.number)
        )
    ends_on = queries.ends_on(offer.agreement)
    if ends_on is not None and offer.version.effective_from > ends_on:
        return Refusal(_("The agreement was terminated and ends before this would hold."))
    if begins_at(offer.agreement, offer.version) <= at:
        return Refusal(
            _(
                "Version %(n)s was to take effect on %(day)s, and that day has come: propose it "
                "with a later one.",
                n=offer.version.number,
                day=offer.version.effective_from.isoformat(),
            )
        )
    return None


def sign(proposal: Proposal, *, digest: str, by: Person, at: datetime) -> Signature:
    """Put the person's name under the version whose digest they were shown.

    Raises `Forbidden` without the grant, `Conflict` where ``digest`` is not that of the version
    or the stored words are not what was proposed, and `Refusal` as `why_not` says.
    """
    agreement = queries.locked(proposal.agreement_id)
    db.session.refresh(proposal)
    offer = queries.offer_of(proposal)
    refusal = why_not(offer, by=by, at=at)
    if refusal is not None:
        raise refusal
    if digest != offer.version.digest:
        raise Conflict(_("This is not the version that you were shown: read it again."))
    if loading.digest_of(offer.version.source) != offer.version.digest:
        raise Conflict(
            _("What is stored is not what was proposed: an administrator has to look at it.")
        )
    party = parties.party_of(agreement, by) or Party.PROVIDER
    signature = Signature(
        version_id=offer.version.id,
        party=party,
        name=by.name,
        person_id=by.id,
        signed_at=at,
        digest=digest,
    )
    db.session.add(signature)
    db.session.flush()
    _note(queries.offer_of(proposal), signature, by=by, at=at)
    return signature


def _note(offer: Offer, signature: Signature, *, by: Person, at: datetime) -> None:
    """Record the signature, that it binds where it is the last, and tell both parties."""
    facts = {"digest": signature.digest, "name": signature.name}
    history.record(
        offer.agreement,
        "signed",
        by=by,
        at=at,
        party=signature.party,
        version=offer.version,
        facts=facts,
    )
    if not offer.missing:
        offer.proposal.decision = Decision.ACCEPTED
        offer.proposal.decided_by_id, offer.proposal.decided_at = by.id, at
        history.record(
            offer.agreement,
            "bound",
            by=by,
            at=at,
            party=signature.party,
            version=offer.version,
            facts={
                "digest": signature.digest,
                "effective_from": offer.version.effective_from.isoformat(),
            },
        )
    db.session.flush()
    letters.tell(
        letters.negotiators(offer.agreement),
        "agreement-signed",
        event=f"signature:{signature.id}",
        at=at,
        facts=letters.signed(offer, signature),
    )
