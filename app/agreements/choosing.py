"""Which promise holds: the version in force, the tier that covers, the target that matches.

What is in force follows from signatures and dates, never from a job having run; tiers and
targets are chosen in explicit order, first match (agreements.md, "Its life"; clocks.md, "Choice
of target"). Versions are immutable, so what is read of one is kept.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.agreements.models import (
    Agreement,
    AgreementVersion,
    Coverage,
    Rung,
    Signature,
    Target,
    Tier,
)
from app.agreements.words import Party
from app.agreements.terms import RungTerms, TargetTerms, Terms
from app.calendars import queries as calendars
from app.database import db
from app.errors import NotFound, Refusal


@dataclass(frozen=True)
class CoveredTier:
    """One row of coverage: who is under which tier."""

    organisation_id: int | None
    service_id: int | None
    tier_id: int

    def matches(self, organisation_id: int | None, service_id: int | None) -> bool:
        """Whether it covers this organisation's request for this service."""
        return self.organisation_id in (None, organisation_id) and self.service_id in (
            None,
            service_id,
        )


@dataclass(frozen=True)
class Contract:
    """One version as it binds: everything choosing needs, read once."""

    version: AgreementVersion
    agreement: Agreement
    tiers: dict[int, Tier]
    targets: dict[int, tuple[Target, ...]]
    ladders: dict[int, tuple[RungTerms, ...]]
    coverage: tuple[CoveredTier, ...]


@dataclass(frozen=True)
class InForce:
    """When a signed version holds: ``[starts_at, ends_at)``."""

    version_id: int
    number: int
    client_id: int | None
    starts_at: datetime
    ends_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at ``at``, unless a higher number is too."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


def choose(
    *,
    organisation_id: int | None,
    service_id: int | None,
    priority: str,
    kind: str,
    at: datetime,
) -> Terms:
    """What is promised for such a request at ``at``: by the client's agreement, else the house's.

    Raises `Refusal` when neither covers it: an installation needs a house agreement.
    """
    return Book().choose(
        organisation_id=organisation_id,
        service_id=service_id,
        priority=priority,
        kind=kind,
        at=at,
    )


def terms_of(
    version_id: int,
    *,
    organisation_id: int | None,
    service_id: int | None,
    priority: str,
    kind: str,
) -> Terms:
    """What the pinned version promises for such a request.

    Raises `Refusal` when it no longer covers it.
    """
    terms = _terms(str(db.engine.url), version_id, organisation_id, service_id, priority, kind)
    if terms is None:
        raise Refusal("The agreement of this ticket covers no such request.")
    return terms


class Book:
    """The versions in force, read once: for one choice, or for a hundred thousand."""

    def __init__(self) -> None:
        """Read when which version is in force."""
        self._held: dict[int | None, list[InForce]] = {}
        for held in signed_versions():
            self._held.setdefault(held.client_id, []).append(held)

    def choose(
        self,
        *,
        organisation_id: int | None,
        service_id: int | None,
        priority: str,
        kind: str,
        at: datetime,
    ) -> Terms:
        """As the function of this name."""
        url = str(db.engine.url)
        for client_id in dict.fromkeys((organisation_id, None)):
            for held in self._held.get(client_id, ()):
                if not held.holds(at):
                    continue
                terms = _terms(
                    url, held.version_id, organisation_id, service_id, priority, kind
                )
                if terms is not None:
                    return terms
        raise Refusal(
            "No agreement covers this request: load a house agreement with "
            "flask agreements load."
        )


def signed_versions() -> list[InForce]:
    """Every version that its parties signed, highest number first.

    The house signs its own agreement alone; any other needs both parties.
    """
    signed: dict[int, set[Party]] = {}
    for version_id, party in db.session.execute(select(Signature.version_id, Signature.party)):
        signed.setdefault(version_id, set()).add(party)
    rows = db.session.execute(
        select(AgreementVersion, Agreement)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(AgreementVersion.withdrawn_at.is_(None))
        .order_by(AgreementVersion.number.desc(), AgreementVersion.id.desc())
    ).all()
    return [
        InForce(
            version.id,
            version.number,
            agreement.client_id,
            _midnight(version.effective_from, agreement.zone),
            _midnight(version.effective_until, agreement.zone)
            if version.effective_until
            else None,
        )
        for version, agreement in rows
        if _needed(agreement) <= signed.get(version.id, set())
    ]


def _needed(agreement: Agreement) -> set[Party]:
    return {Party.PROVIDER} if agreement.is_house else {Party.PROVIDER, Party.CLIENT}


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=65536)
def _terms(
    engine_url: str,
    version_id: int,
    organisation_id: int | None,
    service_id: int | None,
    priority: str,
    kind: str,
) -> Terms | None:
    contract = _contract(engine_url, version_id)
    covered = next(
        (row for row in contract.coverage if row.matches(organisation_id, service_id)), None
    )
    if covered is None:
        return None
    tier = contract.tiers[covered.tier_id]
    return Terms(
        version_id=version_id,
        agreement_id=contract.agreement.id,
        agreement_title=contract.agreement.title,
        version_number=contract.version.number,
        tier_id=tier.id,
        tier_name=tier.name,
        zone=contract.agreement.zone,
        targets=_targets(contract, tier, service_id, priority, kind),
        ladder=contract.ladders.get(tier.id, ()),
        pauses={measure: frozenset(statuses) for measure, statuses in tier.pauses.items()},
        floor_percent=tier.floor_percent,
        reopen_rule=tier.reopen_rule.value,
        reopen_window_days=tier.reopen_window_days,
        reopen_grant_percent=tier.reopen_grant_percent,
    )


def _targets(
    contract: Contract, tier: Tier, service_id: int | None, priority: str, kind: str
) -> dict[str, TargetTerms]:
    chosen: dict[str, TargetTerms] = {}
    for number, target in enumerate(contract.targets.get(tier.id, ()), start=1):
        wanted = (target.priority, target.kind, target.service_id)
        given = (priority, kind, service_id)
        if target.measure in chosen or not all(
            want is None or want == have for want, have in zip(wanted, given, strict=True)
        ):
            continue
        chosen[target.measure] = TargetTerms(
            target_id=target.id,
            measure=target.measure,
            seconds=target.seconds,
            words=target.words,
            calendar=calendars.value(target.calendar_version_id),
            calendar_version_id=target.calendar_version_id,
            calendar_name=calendars.name(target.calendar_version_id),
            clause=target.clause,
            sentence=target.sentence,
            because=_because(number, target, tier),
        )
    return chosen


def _because(number: int, target: Target, tier: Tier) -> str:
    matched = [f"priority {target.priority.value}"] if target.priority else []
    matched += [f"kind {target.kind.value}"] if target.kind else []
    matched += ["this service"] if target.service_id else []
    on = ", ".join(matched) or "every request"
    return f"rule {number} of {tier.name}: {on}; § {target.clause}"


@lru_cache(maxsize=512)
def _contract(_engine_url: str, version_id: int) -> Contract:
    version = db.session.get(AgreementVersion, version_id)
    if version is None:
        raise NotFound(f"There is no agreement version {version_id}.")
    agreement = db.session.get_one(Agreement, version.agreement_id)
    tiers = db.session.scalars(select(Tier).where(Tier.version_id == version_id)).all()
    ids = [tier.id for tier in tiers]
    targets = db.session.scalars(
        select(Target).where(Target.tier_id.in_(ids)).order_by(Target.position)
    ).all()
    rungs = db.session.scalars(
        select(Rung).where(Rung.tier_id.in_(ids)).order_by(Rung.position)
    ).all()
    coverage = db.session.scalars(
        select(Coverage).where(Coverage.version_id == version_id).order_by(Coverage.position)
    ).all()
    for row in (version, agreement, *tiers, *targets):
        db.session.expunge(row)
    return Contract(
        version=version,
        agreement=agreement,
        tiers={tier.id: tier for tier in tiers},
        targets={id: tuple(t for t in targets if t.tier_id == id) for id in ids},
        ladders={id: tuple(_rung(r) for r in rungs if r.tier_id == id) for id in ids},
        coverage=tuple(
            CoveredTier(row.organisation_id, row.service_id, row.tier_id) for row in coverage
        ),
    )


def _rung(row: Rung) -> RungTerms:
    return RungTerms(
        rung_id=row.id,
        position=row.position,
        measure=row.measure,
        percent=row.percent,
        offset_s=row.offset_s,
        responsible=tuple(row.responsible),
        actions=tuple(row.actions),
        repeat_s=row.repeat_s,
        repeat_times=row.repeat_times,
        acknowledge_s=row.acknowledge_s,
    )
