"""What the pages of ladders show: agreements in force with their tiers, a ladder in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.agreements import amending, choosing, contracts, ladder_rows, newest
from app.agreements.choosing import InForce
from app.agreements.contracts import TierRows
from app.agreements.ladder_rows import RungRow
from app.agreements.models import Agreement, AgreementVersion, Tier
from app.clocks import words
from app.database import db
from app.errors import NotFound, Refusal
from app.escalation import rung_words
from app.languages import amount
from app.languages import gettext as _


@dataclass(frozen=True)
class VersionRow:
    """A version that is in force or to come, with its tiers and how many rungs each has."""

    version: AgreementVersion
    is_to_come: bool
    tiers: Sequence[tuple[Tier, int]]


@dataclass(frozen=True)
class AgreementRow:
    """An agreement with its versions that count now or will."""

    agreement: Agreement
    versions: Sequence[VersionRow]


@dataclass(frozen=True)
class RungShown:
    """A rung in words."""

    point: str
    measures: Sequence[str]
    told: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True)
class LadderShown:
    """A tier's ladder in words, with where it stands."""

    agreement: Agreement
    version: AgreementVersion
    tier: Tier
    rungs: Sequence[RungShown]
    clauses: Sequence[str]
    is_newest: bool


def agreements(*, at: datetime) -> list[AgreementRow]:
    """Every agreement with a version in force or to come, the house's first."""
    counts = _counting(at)
    versions = db.session.scalars(
        select(AgreementVersion)
        .where(AgreementVersion.id.in_([held.version_id for held in counts]))
        .options(joinedload(AgreementVersion.agreement))
    )
    by_agreement: dict[int, list[AgreementVersion]] = {}
    for version in versions:
        by_agreement.setdefault(version.agreement_id, []).append(version)
    to_come = {held.version_id for held in counts if held.starts_at > at}
    rows = [
        AgreementRow(
            found[0].agreement,
            [
                VersionRow(version, version.id in to_come, _tiers(version))
                for version in sorted(found, key=lambda one: one.number)
            ],
        )
        for found in by_agreement.values()
    ]
    return sorted(rows, key=lambda row: (not row.agreement.is_house, row.agreement.title))


def ladder(tier_id: int) -> LadderShown:
    """A tier's ladder in words; `NotFound` unless its version was signed."""
    tier, version = _tier(tier_id)
    agreement = version.agreement
    last = next(held for held in choosing.signed_versions() if held.agreement_id == agreement.id)
    rows = ladder_rows.ladder_in(version.source, tier.key)
    return LadderShown(
        agreement,
        version,
        tier,
        [_shown(row) for row in rows],
        amending.clauses_of(version) or (),
        is_newest=last.version_id == version.id,
    )


def tier_of_the_house(tier_id: int) -> Tier:
    """A tier of the house agreement's newest version, found by any version's tier.

    Raises `Refusal` for a tier of a client's agreement, `NotFound` where the newest version has
    no such tier.
    """
    tier, version = _tier(tier_id)
    if not version.agreement.is_house:
        raise Refusal(_("This agreement is signed by both parties: a change needs both."))
    last = amending.newest_version(version.agreement)
    return db.session.get_one(Tier, tier_id_in(last, tier.key))


def tier_id_in(version: AgreementVersion, key: str) -> int:
    """The id of the tier called ``key`` in a version; `NotFound` when it has none."""
    found = db.session.scalar(select(Tier.id).where(Tier.version_id == version.id, Tier.key == key))
    if found is None:
        raise NotFound("The newest version has no such tier.")
    return found


def tier_rows(version: AgreementVersion, key: str) -> TierRows:
    """The targets of a tier to choose from."""
    return contracts.contract(db.engine, version.id, newest.edition()).tiers[
        tier_id_in(version, key)
    ]


def _tier(tier_id: int) -> tuple[Tier, AgreementVersion]:
    row = db.session.execute(
        select(Tier, AgreementVersion)
        .join(AgreementVersion, AgreementVersion.id == Tier.version_id)
        .where(Tier.id == tier_id)
        .options(joinedload(AgreementVersion.agreement))
    ).first()
    signed = {held.version_id for held in choosing.signed_versions()}
    if row is None or row[1].id not in signed:
        raise NotFound("There is no such ladder.")
    return row[0], row[1]


def _counting(at: datetime) -> list[InForce]:
    """Of each agreement the version that holds at ``at`` and those to come."""
    chosen: list[InForce] = []
    has_begun: set[int] = set()
    for held in choosing.signed_versions():  # the highest number of each agreement first
        if held.starts_at > at:
            chosen.append(held)
        elif held.agreement_id not in has_begun:
            has_begun.add(held.agreement_id)
            if held.ends_at is None or at < held.ends_at:
                chosen.append(held)
    return chosen


def _tiers(version: AgreementVersion) -> list[tuple[Tier, int]]:
    tiers = db.session.scalars(
        select(Tier).where(Tier.version_id == version.id).order_by(Tier.position)
    )
    return [(tier, len(ladder_rows.ladder_in(version.source, tier.key))) for tier in tiers]


def _shown(row: RungRow) -> RungShown:
    notes = []
    if row.every:
        notes.append(_again(row))
    if row.acknowledge:
        notes.append(
            _(
                "“I am on it” wanted within %(time)s of service time, else the next are told",
                time=amount(row.acknowledge),
            )
        )
    notes += [rung_words.deed(_action(deed, to)) for deed, to in row.deeds.items()]
    return RungShown(
        _point(row),
        [words.measure(measure) for measure in row.measures],
        [*(rung_words.role(role) for role in row.roles), *row.people],
        notes,
    )


def _again(row: RungRow) -> str:
    every = amount(row.every)
    if row.times == 1:
        return _("again every %(time)s of service time, at most once", time=every)
    return _(
        "again every %(time)s of service time, at most %(count)s times",
        time=every,
        count=row.times,
    )


def _point(row: RungRow) -> str:
    """Where a rung stands: "75 %", "30 min before due"."""
    match row.unit:
        case ladder_rows.BEFORE:
            return _("%(time)s before due", time=amount(row.amount))
        case ladder_rows.AFTER:
            return _("%(time)s after due", time=amount(row.amount))
        case _percent:
            return row.point


def _action(deed: str, value: str) -> Mapping[str, str]:
    return {"do": deed, ladder_rows.DEEDS.get(deed, "to"): value}
