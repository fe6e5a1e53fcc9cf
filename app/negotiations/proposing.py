"""Offering a version to the other party: for the first time, as a change, or in place of another.

A proposed version is stored without signatures and never changes. One proposal of an agreement is
open at a time: who wants another text counters it, which voids what was signed of it. Source:
agreements.md, "Its life" and "Change".
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.agreements import history, loading, parties
from app.agreements.models import Agreement
from app.agreements.parts import Document
from app.agreements.words import Party
from app.database import db
from app.errors import Conflict, Forbidden, Refusal
from app.languages import gettext as _
from app.negotiations import admitting, drafts, letters, plans, queries
from app.negotiations.admitting import Stand
from app.negotiations.models import Decision, Draft, Proposal
from app.negotiations.plans import Step
from app.negotiations.queries import Offer
from app.people import grants
from app.people import queries as people
from app.people.models import GrantKind, Person

LONGEST_REASON = 4000


def propose(
    values: Mapping[str, Any],
    *,
    party: Party,
    reason: str,
    by: Person,
    at: datetime,
    plan: Sequence[Mapping[str, Any]] = (),
    check_on: date | None = None,
    base_version_id: int | None = None,
    counters_id: int | None = None,
) -> Proposal:
    """Store ``values``, a parsed agreement file, as a version that both parties can sign.

    ``counters_id`` is the open proposal that it takes the place of, ``base_version_id`` the
    signed version that it was written from, ``plan`` rows of "what", "due_on", "owner_id".
    Raises `AgreementErrors` with every mistake of the text, `Forbidden` without the grant to
    write for ``party``, `Conflict` where something was signed or proposed meanwhile, `Refusal`
    for a day that is past, no reason, a plan or a check that cannot be, and where nothing is
    another way.
    """
    values = {key: value for key, value in values.items() if key != "signatures"}
    stand = _stand(admitting.head(values).get("key"), party, by)
    if party is Party.CLIENT:
        admitting.refuse_others(values, by)
    document = loading.read(values, at=at)
    organisation_id, client_id = _sides(stand.agreement, document, party)
    if not grants.holds(by, organisation_id, GrantKind.AGREEMENT_EDITOR):
        raise Forbidden(_("To propose an agreement takes the grant “agreement editor”."))
    if party is Party.CLIENT:
        admitting.refuse_foreign(document)
    admitting.refuse_outdated(stand, base_version_id, counters_id)
    admitting.refuse_same(stand, loading.digest_of(values))
    admitting.refuse_day(stand, document, check_on, at)
    if len(reason) > LONGEST_REASON or (stand.newest is not None and not reason.strip()):
        raise Refusal(_("Say why, in at most %(n)s characters.", n=LONGEST_REASON), field="reason")
    steps = plans.read(plan, client_id=client_id)
    if stand.open is not None:
        _give_way(stand.open, party=party, by=by, at=at, reason=reason.strip())
    loaded = loading.load(values, at=at, with_catalogue=False)
    proposal = Proposal(
        agreement_id=loaded.agreement.id,
        version_id=loaded.version.id,
        base_version_id=stand.newest.id if stand.newest is not None else None,
        counters_id=stand.open.proposal.id if stand.open is not None else None,
        party=party,
        reason=reason.strip(),
        proposed_by_id=by.id,
        proposed_at=at,
        check_on=check_on,
    )
    _keep(proposal, steps)
    _say(proposal, stand.open, by=by, at=at)
    return proposal


def propose_draft(draft: Draft, *, by: Person, at: datetime) -> Proposal:
    """Propose what a draft says; the draft ends with it. Raises as `propose`.

    The caller has the draft's lock (`drafts.for_change`).
    """
    if draft.version_id is not None or draft.dropped_at is not None:
        raise Refusal(_("This draft is proposed or dropped already."))
    proposal = propose(
        drafts.values_of(draft),
        party=draft.party,
        reason=draft.reason,
        by=by,
        at=at,
        plan=draft.plan,
        check_on=draft.check_on,
        base_version_id=draft.base_version_id,
        counters_id=draft.counters_id,
    )
    draft.version_id, draft.agreement_id = proposal.version_id, proposal.agreement_id
    draft.changed_by_id, draft.changed_at = by.id, at
    db.session.flush()
    return proposal


def _stand(key: Any, party: Party, by: Person) -> Stand:
    """What there is under this key, locked; nothing of it is told to who may not read it."""
    agreement_id = db.session.scalar(select(Agreement.id).where(Agreement.key == str(key)))
    if agreement_id is None:
        return Stand(None)
    agreement = queries.locked(agreement_id)
    if parties.party_of(agreement, by) is not party:
        raise Refusal(_("The key “%(key)s” is taken: choose another.", key=key), field="key")
    found = queries.open_proposal(agreement)
    offer = queries.offer_of(found) if found is not None else None
    return Stand(agreement, queries.newest_bound(agreement), offer)


def _sides(
    agreement: Agreement | None, document: Document, party: Party
) -> tuple[int | None, int | None]:
    """The organisation that proposes, and the client; None where it is still to be added."""
    if agreement is not None:
        return parties.organisation_id_of(agreement, party), agreement.client_id
    provider = people.find_organisation_by_name(document.provider)
    client = people.find_organisation_by_name(document.client) if document.client else None
    if provider is None or not provider.is_provider:
        raise Refusal(_("The provider of an agreement is the house."), field="provider")
    own = provider if party is Party.PROVIDER else client
    return own.id if own is not None else None, client.id if client is not None else None


def _give_way(former: Offer, *, party: Party, by: Person, at: datetime, reason: str) -> None:
    """Withdraw what is countered, and with it what was signed of it."""
    own = former.proposal.party is party
    former.proposal.decision = Decision.WITHDRAWN if own else Decision.COUNTERED
    former.proposal.decided_by_id, former.proposal.decided_at = by.id, at
    former.proposal.decided_because = reason
    former.version.withdrawn_at = at
    db.session.flush()


def _keep(proposal: Proposal, steps: Sequence[Step]) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(proposal)
    except IntegrityError:
        raise Conflict(_("This was proposed already.")) from None
    plans.keep(proposal, steps)


def _say(proposal: Proposal, former: Offer | None, *, by: Person, at: datetime) -> None:
    offer = queries.offer_of(proposal)
    voided = [one.name for one in former.signatures.values()] if former is not None else []
    facts: dict[str, Any] = {"reason": proposal.reason}
    if former is not None:
        facts |= {"instead_of": former.version.number, "voided": voided}
    history.record(
        offer.agreement,
        "proposed" if former is None else "countered",
        by=by,
        at=at,
        party=proposal.party,
        version=offer.version,
        facts=facts,
    )
    letters.tell(
        letters.negotiators(offer.agreement, but=by),
        "agreement-proposed",
        event=f"proposal:{proposal.id}",
        at=at,
        facts=letters.proposed(
            offer,
            by,
            instead_of=former.version.number if former is not None else None,
            voids=bool(voided),
        ),
    )
