"""What an agreement looks forward to: the version that governs its dates, and what ends it.

The newest version that both signed governs, also before its first day: with it the older terms
and deadlines are settled. Source: agreements.md, "Its life", "Renewal and termination".
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.agreements import choosing, deadlines, timetables
from app.agreements.models import Agreement, AgreementVersion, Termination
from app.agreements.timetables import Timetable
from app.database import db
from app.errors import NotFound


@dataclass(frozen=True)
class Outlook:
    """An agreement with the timetable that governs it.

    ``first_on`` is its very first day, ``known_at`` when its first version was recorded here.
    """

    agreement: Agreement
    timetable: Timetable
    first_on: date
    known_at: datetime
    termination: Termination | None

    @property
    def version(self) -> AgreementVersion:
        """The version that governs."""
        return self.timetable.version

    @property
    def last_on(self) -> date | None:
        """Its last day: that of the termination, or of a version that does not renew itself."""
        if self.termination is not None:
            return self.termination.effective_on
        return None if self.timetable.span.renews else self.version.effective_until

    @property
    def notice_by(self) -> date | None:
        """The last day on which notice keeps it from renewing itself; None once it is given."""
        return None if self.termination is not None else self.timetable.span.notice_by

    @property
    def renews_on(self) -> date | None:
        """The first day of its next term, where it goes on by itself."""
        if not self.timetable.span.renews:
            return None
        first_on = self.timetable.span.renewed().first_on
        ends_before = self.last_on is not None and self.last_on < first_on
        return None if ends_before else first_on

    def has_ended(self, at: datetime) -> bool:
        """Whether its last day is over."""
        last_on = self.last_on
        return last_on is not None and deadlines.is_past(last_on, at=at, zone=self.agreement.zone)

    def today(self, at: datetime) -> date:
        """The day that ``at`` is in the agreement's zone."""
        return deadlines.today(at, self.agreement.zone)


def find(agreement: Agreement) -> Outlook | None:
    """Where the agreement stands; None while nothing of it is signed."""
    return next(iter(_outlooks([agreement.id])), None)


def get(agreement: Agreement) -> Outlook:
    """As `find`; raises `NotFound` while nothing of it is signed."""
    found = find(agreement)
    if found is None:
        raise NotFound("Nothing of this agreement is signed yet.")
    return found


def of(agreement_ids: Collection[int]) -> list[Outlook]:
    """Where each of these agreements stands that has a signed version, by title."""
    return _outlooks(agreement_ids)


def all_signed() -> list[Outlook]:
    """Where every agreement stands that has a signed version, by title."""
    return _outlooks(None)


def for_change(agreement_id: int) -> Outlook:
    """Where an agreement stands, its row locked first; raises `NotFound` where nothing is signed.

    Everything that changes its terms takes this lock: of two at once the second sees the first.
    """
    db.session.execute(select(Agreement.id).where(Agreement.id == agreement_id).with_for_update())
    found = next(iter(_outlooks([agreement_id])), None)
    if found is None:
        raise NotFound("Nothing of this agreement is signed yet.")
    return found


def _outlooks(agreement_ids: Collection[int] | None) -> list[Outlook]:
    newest: dict[int, int] = {}
    oldest: dict[int, int] = {}
    for held in choosing.signed_versions():
        if agreement_ids is None or held.agreement_id in agreement_ids:
            newest.setdefault(held.agreement_id, held.version_id)
            oldest[held.agreement_id] = held.version_id
    versions = _versions({*newest.values(), *oldest.values()})
    ended = _terminations(newest)
    found = [
        Outlook(
            agreement=versions[version_id].agreement,
            timetable=timetables.of(versions[version_id]),
            first_on=versions[oldest[agreement_id]].effective_from,
            known_at=versions[oldest[agreement_id]].recorded_at,
            termination=ended.get(agreement_id),
        )
        for agreement_id, version_id in newest.items()
    ]
    return sorted(found, key=lambda one: (one.agreement.title, one.agreement.id))


def _versions(ids: Collection[int]) -> dict[int, AgreementVersion]:
    query = (
        select(AgreementVersion)
        .where(AgreementVersion.id.in_(ids))
        .options(joinedload(AgreementVersion.agreement))
    )
    return {version.id: version for version in db.session.scalars(query)}


def _terminations(agreement_ids: Collection[int]) -> dict[int, Termination]:
    query = select(Termination).where(
        Termination.agreement_id.in_(agreement_ids), Termination.withdrawn_at.is_(None)
    )
    return {row.agreement_id: row for row in db.session.scalars(query.order_by(Termination.id))}
