"""What a version binds to, read once as plain values and kept until the hours of one change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import Engine, select

from app.agreements import newest
from app.agreements.models import Agreement, AgreementVersion, Coverage, Rung, Target, Tier
from app.agreements.terms import RungTerms, TargetTerms, Terms
from app.calendars import queries as calendars
from app.catalogue.models import Service
from app.database import db
from app.errors import NotFound
from app.people.models import Team


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target with what it wants to match; None matches any."""

    priority: str | None
    kind: str | None
    service_id: int | None
    team_id: int | None
    terms: TargetTerms

    def matches(
        self, *, priority: str, kind: str, service_id: int | None, team_id: int | None
    ) -> bool:
        """Whether it holds for such a request."""
        return (
            self.priority in (None, priority)
            and self.kind in (None, kind)
            and self.service_id in (None, service_id)
            and self.team_id in (None, team_id)
        )


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Who is under a tier; None matches any."""

    organisation_id: int | None
    service_id: int | None
    tier_id: int

    def matches(self, *, organisation_id: int | None, service_id: int | None) -> bool:
        """Whether it covers this organisation's request for this service."""
        return self.organisation_id in (None, organisation_id) and self.service_id in (
            None,
            service_id,
        )


@dataclass(frozen=True, slots=True)
class TierRows:
    """A tier's terms, still without targets, and the targets to choose from, in order."""

    terms: Terms
    targets: tuple[TargetRow, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """A version: its coverage in order, and its tiers by id."""

    coverage: tuple[CoverageRow, ...]
    tiers: Mapping[int, TierRows]


@lru_cache(maxsize=512)
def contract(_engine: Engine, version_id: int, _edition: int) -> Contract:
    """The version's contract with its newest hours; raises `NotFound` when there is none.

    Kept per database and edition (`newest.edition`).
    """
    row = db.session.execute(
        select(AgreementVersion, Agreement)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(AgreementVersion.id == version_id)
    ).first()
    if row is None:
        raise NotFound(f"There is no agreement version {version_id}.")
    version, agreement = row
    tiers = db.session.scalars(select(Tier).where(Tier.version_id == version_id)).all()
    coverage = db.session.scalars(
        select(Coverage).where(Coverage.version_id == version_id).order_by(Coverage.position)
    )
    return Contract(
        coverage=tuple(
            CoverageRow(row.organisation_id, row.service_id, row.tier_id) for row in coverage
        ),
        tiers={
            tier.id: TierRows(_terms(tier, version, agreement), _targets(tier)) for tier in tiers
        },
    )


def target_terms(
    target_id: int, *, because: str, calendar_version_id: int | None = None
) -> TargetTerms:
    """A target of any version, in its newest hours unless others are named; raises `NotFound`."""
    row = db.session.execute(
        select(Target, Tier.version_id)
        .join(Tier, Tier.id == Target.tier_id)
        .where(Target.id == target_id)
    ).first()
    if row is None:
        raise NotFound("There is no such target.")
    target, version_id = row
    hours_id = calendar_version_id or newest.hours_id(version_id, target.calendar_version_id)
    return _in_hours(target, because, hours_id)


def rules_of(tier_ids: Iterable[int]) -> dict[int, Terms]:
    """The rules of tiers, without targets and ladder: what folding an event needs."""
    query = (
        select(Tier, AgreementVersion, Agreement)
        .join(AgreementVersion, AgreementVersion.id == Tier.version_id)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(Tier.id.in_(set(tier_ids)))
    )
    return {
        tier.id: _rules(tier, version, agreement)
        for tier, version, agreement in db.session.execute(query)
    }


def _terms(tier: Tier, version: AgreementVersion, agreement: Agreement) -> Terms:
    rungs = db.session.scalars(select(Rung).where(Rung.tier_id == tier.id).order_by(Rung.position))
    return replace(_rules(tier, version, agreement), ladder=tuple(_rung(rung) for rung in rungs))


def _rules(tier: Tier, version: AgreementVersion, agreement: Agreement) -> Terms:
    return Terms(
        version_id=version.id,
        agreement_id=agreement.id,
        agreement_title=str(version.source["agreement"]["title"]),
        version_number=version.number,
        tier_id=tier.id,
        tier_name=tier.name,
        zone=agreement.zone,
        targets={},
        ladder=(),
        pauses={measure: frozenset(statuses) for measure, statuses in tier.pauses.items()},
        floor_percent=tier.floor_percent,
        reopen_rule=tier.reopen_rule.value,
        reopen_window_days=tier.reopen_window_days,
        reopen_grant_percent=tier.reopen_grant_percent,
        waiting_ask_days=tier.waiting_ask_days,
        waiting_resolve_days=tier.waiting_resolve_days,
        day_s=tier.day_s,
        hours=calendars.value(newest.hours_id(version.id, tier.calendar_version_id)),
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


def _targets(tier: Tier) -> tuple[TargetRow, ...]:
    rows = db.session.execute(
        select(Target, Service.name, Team.name)
        .outerjoin(Service, Service.id == Target.service_id)
        .outerjoin(Team, Team.id == Target.team_id)
        .where(Target.tier_id == tier.id)
        .order_by(Target.position)
    )
    return tuple(
        TargetRow(
            priority=target.priority.value if target.priority else None,
            kind=target.kind.value if target.kind else None,
            service_id=target.service_id,
            team_id=target.team_id,
            terms=_in_hours(
                target,
                _because(target, tier, service, team),
                newest.hours_id(tier.version_id, target.calendar_version_id),
            ),
        )
        for target, service, team in rows
    )


def _in_hours(target: Target, because: str, calendar_version_id: int) -> TargetTerms:
    return TargetTerms(
        target_id=target.id,
        measure=target.measure,
        seconds=target.seconds,
        words=target.words,
        calendar=calendars.value(calendar_version_id),
        calendar_version_id=calendar_version_id,
        calendar_name=calendars.name(calendar_version_id),
        clause=target.clause,
        sentence=target.sentence,
        because=because,
        business_days=target.business_days,
        by_time=target.by_time,
    )


def _because(target: Target, tier: Tier, service: str | None, team: str | None) -> str:
    """The number of the rule, what it matched on, and its clause (clocks.md, "Clocks")."""
    matched = [f"priority {target.priority.value}"] if target.priority else []
    matched += [f"kind {target.kind.value}"] if target.kind else []
    matched += [f"service {service}"] if service else []
    matched += [f"team {team}"] if team else []
    on = ", ".join(matched) or "every request"
    return f"rule {target.position + 1} of {tier.name}: {on}; § {target.clause}"
