"""From an agreement file to a version: what is new is stored, what is wrong is named.

Loading the same file again changes nothing; a changed one makes the next version; one that only
adds signatures signs the version that it repeats. Source: agreements.md, "A version holds" and
"Its life".
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.agreements import documents, history, storing
from app.agreements.models import Agreement, AgreementVersion, Signature
from app.agreements.parts import Document, Known, KnownAgreement
from app.agreements.reading import AgreementErrors
from app.agreements.words import Party, Renewal
from app.catalogue import plans
from app.catalogue.models import Service
from app.database import db
from app.people.models import Organisation, OrganisationDomain

PRESETS = Path(__file__).parent / "presets"
EAST_MOST = timedelta(hours=14)
"""Where a day begins first: a signature dated today is accepted wherever it was given."""


@dataclass(frozen=True)
class Loaded:
    """What loading did: ``created`` a version, or only ``signed`` one that was there already."""

    agreement: Agreement
    version: AgreementVersion
    created: bool
    signed: bool = False


def load_file(path: Path, *, at: datetime) -> Loaded:
    """Load the TOML file at ``path``; raises `AgreementErrors` also for broken TOML."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as mistake:
        raise AgreementErrors([f"{path.name} is no TOML file: {mistake}"]) from None
    return enter(values, at=at)


def enter(values: dict[str, Any], *, at: datetime) -> Loaded:
    """As `load`, for what comes as a file: the history tells it, and who signed."""
    loaded = load(values, at=at)
    agreement, version = loaded.agreement, loaded.version
    if loaded.created:
        facts = {"digest": version.digest}
        history.record(agreement, "loaded", by=None, at=at, version=version, facts=facts)
    for signature in _signatures(version) if loaded.signed else ():
        on = _day(signature.signed_at, agreement.zone).isoformat()
        history.record(
            agreement,
            "signed_on_file",
            by=None,
            at=at,
            party=signature.party,
            version=version,
            facts={"name": signature.name, "on": on, "digest": signature.digest},
            key=f"signed_on_file:{version.id}:{signature.party.value}",
        )
    return loaded


def read(values: dict[str, Any], *, at: datetime) -> Document:
    """What the file says, checked against what is stored; raises `AgreementErrors`."""
    return documents.read(values, known=known(at))


def load(values: dict[str, Any], *, at: datetime, with_catalogue: bool = True) -> Loaded:
    """Store what the file says, in the caller's transaction.

    ``with_catalogue`` also brings services and request types to what the file says of them;
    otherwise only services that the catalogue lacks are added. The agreement is called as its
    signed versions call it. Raises `AgreementErrors` with every mistake, before anything is
    stored.
    """
    document = read(values, at=at)
    digest = digest_of(values)
    agreement = db.session.scalar(select(Agreement).where(Agreement.key == document.key))
    version = _version_with(digest, agreement)
    if agreement is not None and version is not None:
        return Loaded(agreement, version, created=False, signed=_sign(version, document))
    organisations = storing.store_organisations(document, at=at)
    agreement = _store_agreement(agreement, document, organisations)
    version = _store_version(agreement, document, values, digest, at)
    storing.store_measures()
    store = storing.store_catalogue if with_catalogue else storing.add_services
    services = store(document)
    calendars = storing.store_calendars(document, at=at)
    tiers = {
        part.key: storing.store_tier(
            place,
            part,
            version_id=version.id,
            zone=document.zone,
            services=services,
            calendars=calendars,
        ).id
        for place, part in enumerate(document.tiers)
    }
    storing.store_coverage(
        document,
        version_id=version.id,
        organisations=organisations,
        services=services,
        tiers=tiers,
    )
    return Loaded(agreement, version, created=True, signed=_sign(version, document))


def canonical(values: Mapping[str, Any]) -> str:
    """What both parties sign: the whole file but the signatures, as JSON with sorted keys."""
    signed = {key: value for key, value in values.items() if key != "signatures"}
    return json.dumps(
        signed, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )


def digest_of(values: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(values).encode()).hexdigest()


def known(at: datetime) -> Known:
    """What is stored already and a file may name, on the day of ``at``."""
    client = aliased(Organisation)
    agreements = db.session.execute(
        select(Agreement.key, Organisation.name, client.name, Agreement.zone)
        .join(Organisation, Organisation.id == Agreement.provider_id)
        .outerjoin(client, client.id == Agreement.client_id)
    )
    domains = db.session.execute(
        select(OrganisationDomain.domain, Organisation.name).join(
            Organisation, Organisation.id == OrganisationDomain.organisation_id
        )
    )
    services = db.session.execute(select(Service.key, Service.name))
    return Known(
        today=(at + EAST_MOST).date(),
        services={key: name for key, name in services},
        organisations=frozenset(db.session.scalars(select(Organisation.name))),
        domains={domain: name for domain, name in domains},
        agreements={
            key: KnownAgreement(provider=provider, client=client or "", zone=zone)
            for key, provider, client, zone in agreements
        },
        plans=plans.keys(),
    )


def _version_with(digest: str, agreement: Agreement | None) -> AgreementVersion | None:
    if agreement is None:
        return None
    return db.session.scalar(
        select(AgreementVersion).where(
            AgreementVersion.agreement_id == agreement.id,
            AgreementVersion.digest == digest,
            AgreementVersion.withdrawn_at.is_(None),
        )
    )


def _store_agreement(
    agreement: Agreement | None, document: Document, organisations: Mapping[str, int]
) -> Agreement:
    if agreement is None:
        agreement = Agreement(
            key=document.key,
            title=document.title,
            provider_id=organisations[document.provider],
            client_id=organisations[document.client] if document.client else None,
            is_house=not document.client,
            zone=document.zone,
        )
        db.session.add(agreement)
    if document.signatures:
        agreement.title = document.title
    db.session.flush()
    return agreement


def _store_version(
    agreement: Agreement,
    document: Document,
    values: Mapping[str, Any],
    digest: str,
    at: datetime,
) -> AgreementVersion:
    newest = select(func.max(AgreementVersion.number)).where(
        AgreementVersion.agreement_id == agreement.id
    )
    version = AgreementVersion(
        agreement_id=agreement.id,
        number=(db.session.scalar(newest) or 0) + 1,
        effective_from=document.effective_from,
        effective_until=document.effective_until,
        text=[dict(section) for section in document.text],
        source=json.loads(canonical(values)),
        digest=digest,
        exceptions_clause=document.exceptions_clause or None,
        recorded_at=at,
        renews_itself=bool(document.term and document.term.renewal == Renewal.AUTOMATIC),
    )
    db.session.add(version)
    db.session.flush()
    return version


def _sign(version: AgreementVersion, document: Document) -> bool:
    """Add the signatures that the version lacks; whether there were any.

    Raises `AgreementErrors` where a party has signed already, otherwise than the file says.
    """
    stands = {row.party: row for row in _signatures(version)}
    mistakes = []
    added = False
    for part in document.signatures:
        party, signed_at = Party(part.party), _midnight(part.on, document.zone)
        signature = stands.get(party)
        if signature is None:
            db.session.add(
                Signature(
                    version_id=version.id,
                    party=party,
                    name=part.name,
                    signed_at=signed_at,
                    digest=version.digest,
                )
            )
            added = True
        elif (signature.name, _day(signature.signed_at, document.zone)) != (part.name, part.on):
            mistakes.append(
                f"signatures.{party.value}: {signature.name} signed version {version.number}"
                " already, and a signature never changes."
            )
    if mistakes:
        raise AgreementErrors(mistakes)
    db.session.flush()
    return added


def _signatures(version: AgreementVersion) -> Sequence[Signature]:
    """Who signed the version, the provider first."""
    query = select(Signature).where(Signature.version_id == version.id)
    return db.session.scalars(query.order_by(Signature.party.desc())).all()


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
