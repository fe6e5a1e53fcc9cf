"""Who is told what becomes of a proposal, and the facts of those letters."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.agreements import loading, parties
from app.agreements.models import Agreement, AgreementVersion, Signature
from app.agreements.words import Party
from app.database import db
from app.negotiations.models import PlanStep
from app.negotiations.queries import Offer
from app.notices import telling
from app.people import grants
from app.people.models import GrantKind, Person

WRITERS = (GrantKind.AGREEMENT_EDITOR, GrantKind.SIGNATORY)


def negotiators(agreement: Agreement, *, but: Person | None = None) -> list[Person]:
    """Whoever writes or signs for either party, once each, without ``but``."""
    found = [
        *grants.holders(agreement.provider_id, *WRITERS),
        *grants.holders(agreement.client_id, *WRITERS),
    ]
    return [person for person in dict.fromkeys(found) if but is None or person.id != but.id]


def tell(
    persons: Iterable[Person],
    kind: str,
    *,
    event: str,
    at: datetime,
    facts: Mapping[str, Any],
) -> None:
    """Tell each of them once of ``event``; to a page only those are led who may open it."""
    agreement = db.session.scalar(select(Agreement).where(Agreement.key == facts["key"]))
    told = []
    for person in dict.fromkeys(persons):
        reads = agreement is not None and parties.party_of(agreement, person) is not None
        told.append(telling.Telling(person, kind, event, at, {**facts, "reads": reads}))
    telling.tell_all(told)


def of(agreement: Agreement, version: AgreementVersion) -> dict[str, Any]:
    """What every letter about a version says of it."""
    return {
        "agreement": agreement.title,
        "key": agreement.key,
        "number": version.number,
        "effective_on": version.effective_from.isoformat(),
    }


def proposed(offer: Offer, by: Person, *, instead_of: int | None, voids: bool) -> dict[str, Any]:
    """Kind ``agreement-proposed``; ``voids``: what it takes the place of was signed already."""
    return {
        **of(offer.agreement, offer.version),
        "by": by.name,
        "organisation": parties.names(offer.agreement)[offer.proposal.party],
        "reason": offer.proposal.reason,
        "is_first": offer.base is None,
        "instead_of": instead_of,
        "voids": voids,
    }


def signed(offer: Offer, signature: Signature) -> dict[str, Any]:
    """Kind ``agreement-signed``: the digest, and the canonical form itself to be kept.

    The enclosed file has exactly the bytes of which the digest is the SHA-256.
    """
    names = parties.names(offer.agreement)
    return {
        **of(offer.agreement, offer.version),
        "by": signature.name,
        "organisation": names[signature.party],
        "digest": offer.version.digest,
        "is_bound": not offer.missing,
        "signatures": [
            {
                "name": offer.signatures[party].name,
                "organisation": names[party],
                "at": offer.signatures[party].signed_at.isoformat(),
            }
            for party in Party
            if party in offer.signatures
        ],
        "enclosed": {
            "name": f"{offer.agreement.key}-version-{offer.version.number}.json",
            "text": loading.canonical(offer.version.source),
        },
    }


def given_up(offer: Offer, by: Person, party: Party, *, reason: str) -> dict[str, Any]:
    """Kind ``agreement-given-up``: rejected by the other party, or withdrawn by its own."""
    return {
        **of(offer.agreement, offer.version),
        "by": by.name,
        "organisation": parties.names(offer.agreement)[party],
        "is_rejected": party is not offer.proposal.party,
        "reason": reason,
    }


def superseded(offer: Offer, *, reason: str) -> dict[str, Any]:
    """Kind ``agreement-given-up``: another version was signed in its place."""
    agreement = offer.agreement
    return {
        **of(agreement, offer.version),
        "by": "Pledge",
        "organisation": parties.names(agreement)[Party.PROVIDER],
        "is_rejected": False,
        "reason": reason,
    }


def commented(offer: Offer, by: Person, *, clause: str, body: str) -> dict[str, Any]:
    """Kind ``agreement-commented``; ``clause`` is empty for the whole."""
    return {**of(offer.agreement, offer.version), "by": by.name, "clause": clause, "body": body}


def in_force(offer: Offer) -> dict[str, Any]:
    """Kind ``agreement-in-force``: what changed and why, and when it is looked at again."""
    check_on = offer.proposal.check_on
    return {
        **of(offer.agreement, offer.version),
        "reason": offer.proposal.reason,
        "is_first": offer.base is None,
        "check_on": check_on.isoformat() if check_on else None,
    }


def to_check(offer: Offer) -> dict[str, Any]:
    """Kind ``agreement-check``: the day has come to compare before and after."""
    return {**of(offer.agreement, offer.version), "reason": offer.proposal.reason}


def step_due(offer: Offer, step: PlanStep) -> dict[str, Any]:
    """Kind ``agreement-step``: a step of the plan is the reader's, and due."""
    return {
        **of(offer.agreement, offer.version),
        "what": step.what,
        "due_on": step.due_on.isoformat(),
        "step": step.position + 1,
    }
