"""The hours that versions count in, as they are now: what exceptions are made to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.agreements import choosing, newest
from app.agreements.models import Agreement, AgreementVersion, CalendarChange, Target, Tier
from app.calendars.models import CalendarVersion
from app.database import db
from app.errors import NotFound


@dataclass(frozen=True)
class Schedule:
    """One calendar of one version of an agreement, in its newest state."""

    agreement: Agreement
    version: AgreementVersion
    hours: CalendarVersion

    @property
    def name(self) -> str:
        """The calendar's name on the screen."""
        return self.hours.calendar.name

    @property
    def allows_exceptions(self) -> bool:
        """Whether a clause of the version lets single days have other hours."""
        return bool(self.version.exceptions_clause)


def of_versions(version_ids: Collection[int]) -> list[Schedule]:
    """The hours of these versions: by agreement, the newest version first, by calendar."""
    versions = db.session.scalars(
        select(AgreementVersion)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(AgreementVersion.id.in_(version_ids))
        .options(joinedload(AgreementVersion.agreement))
        .order_by(Agreement.is_house, Agreement.title, AgreementVersion.number.desc())
    ).all()
    ids = {version.id: _hours_ids(version.id) for version in versions}
    found = _hours({id for each in ids.values() for id in each})
    return [
        Schedule(version.agreement, version, found[id])
        for version in versions
        for id in ids[version.id]
    ]


def schedule(version_id: int, calendar_id: int) -> Schedule:
    """The hours of one calendar in a version; `NotFound` where it counts in none such."""
    for found in of_versions([version_id]):
        if found.hours.calendar_id == calendar_id:
            return found
    raise NotFound("This version of the agreement has no such hours.")


def current(at: datetime) -> frozenset[int]:
    """The signed versions that hold at ``at`` or begin later."""
    return frozenset(
        held.version_id
        for held in choosing.signed_versions()
        if held.ends_at is None or held.ends_at > at
    )


def lead_on(
    schedule: Schedule, after: CalendarVersion, *, on: date, reason: str, at: datetime
) -> None:
    """Let what counts in these hours count in ``after``; they differ from ``on`` on.

    What was signed leads to it by itself, so it is nobody's deed and nobody is told.
    """
    db.session.add(
        CalendarChange(
            version_id=schedule.version.id,
            before_id=schedule.hours.id,
            after_id=after.id,
            on_date=on,
            windows=[],
            name="",
            reason=reason,
            made_by_id=None,
            at=at,
        )
    )
    db.session.flush()


def _hours_ids(version_id: int) -> list[int]:
    """The newest hours that the tiers and targets of a version count in, each once."""
    of_tiers = select(Tier.calendar_version_id).where(Tier.version_id == version_id)
    of_targets = (
        select(Target.calendar_version_id)
        .join(Tier, Tier.id == Target.tier_id)
        .where(Tier.version_id == version_id)
    )
    signed = db.session.scalars(of_tiers.union(of_targets)).all()
    return sorted({newest.hours_id(version_id, id) for id in signed})


def _hours(ids: Collection[int]) -> dict[int, CalendarVersion]:
    query = select(CalendarVersion).where(CalendarVersion.id.in_(ids))
    rows = db.session.scalars(query.options(joinedload(CalendarVersion.calendar)))
    return {row.id: row for row in rows}
