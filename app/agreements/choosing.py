"""Which promise holds: the version in force, the tier that covers, the target that matches.

What is in force follows from signatures and dates, never from a job having run; tiers and
targets are chosen in explicit order, first match (agreements.md, "Its life"; clocks.md,
"Changes on the way").
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Select, func, or_, select

from app.agreements import newest
from app.agreements.contracts import TierRows, contract
from app.agreements.models import Agreement, AgreementVersion, Signature, Termination
from app.agreements.terms import TargetTerms, Terms
from app.agreements.words import Party
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.statements import kept, number_called, rows


@dataclass(frozen=True, slots=True)
class InForce:
    """When a signed version holds: ``[starts_at, ends_at)``, unless a later one has begun."""

    version_id: int
    agreement_id: int
    number: int
    client_id: int | None
    starts_at: datetime
    ends_at: datetime | None


def choose(
    *,
    organisation_id: int | None,
    service_id: int | None,
    priority: str,
    kind: str,
    at: datetime,
    team_id: int | None = None,
) -> Terms:
    """What is promised for such a request at ``at``: by the client's agreement, else the house's.

    Raises `Refusal` when neither covers it: an installation needs a house agreement.
    """
    return Book(_signed(_OF_CLIENT, {"client": organisation_id})).choose(
        organisation_id=organisation_id,
        service_id=service_id,
        priority=priority,
        kind=kind,
        at=at,
        team_id=team_id,
    )


def terms_of(
    version_id: int,
    *,
    organisation_id: int | None,
    service_id: int | None,
    priority: str,
    kind: str,
    team_id: int | None = None,
) -> Terms:
    """What the pinned version promises for such a request.

    Raises `Refusal` when it no longer covers it.
    """
    terms = _terms(
        db.engine,
        newest.edition(),
        version_id,
        organisation_id,
        service_id,
        priority,
        kind,
        team_id,
    )
    if terms is None:
        raise Refusal(_("The agreement of this ticket covers no such request."))
    return terms


class Book:
    """The signed versions, read once: for one choice, or for a hundred thousand."""

    def __init__(self, versions: Iterable[InForce] | None = None) -> None:
        """Read which version holds when, unless it was read already."""
        self._by_client: dict[int | None, dict[int, list[InForce]]] = {}
        for version in signed_versions() if versions is None else versions:
            agreements = self._by_client.setdefault(version.client_id, {})
            agreements.setdefault(version.agreement_id, []).append(version)
        self._engine, self._edition = db.engine, newest.edition()

    def in_force(self, client_id: int | None, at: datetime) -> Iterator[InForce]:
        """The version in force of each agreement with this client (None: the house's) at ``at``.

        Of an agreement the highest number that has begun counts: once it ends or takes over,
        the versions before it never come back.
        """
        for versions in self._by_client.get(client_id, {}).values():
            begun = next((version for version in versions if version.starts_at <= at), None)
            if begun is not None and (begun.ends_at is None or at < begun.ends_at):
                yield begun

    def choose(
        self,
        *,
        organisation_id: int | None,
        service_id: int | None,
        priority: str,
        kind: str,
        at: datetime,
        team_id: int | None = None,
    ) -> Terms:
        """As the function of this name."""
        for client_id in dict.fromkeys((organisation_id, None)):
            for held in self.in_force(client_id, at):
                terms = _terms(
                    self._engine,
                    self._edition,
                    held.version_id,
                    organisation_id,
                    service_id,
                    priority,
                    kind,
                    team_id,
                )
                if terms is not None:
                    return terms
        raise Refusal(
            _("No agreement covers this request: an administrator has to load a house agreement.")
        )


def in_force(organisation_id: int | None, at: datetime) -> list[InForce]:
    """The versions that hold for an organisation at ``at``, its own before the house's."""
    book = Book(_signed(_OF_CLIENT, {"client": organisation_id}))
    return [
        held
        for client_id in dict.fromkeys((organisation_id, None))
        for held in book.in_force(client_id, at)
    ]


def signed_versions() -> list[InForce]:
    """Every version that its parties signed, by agreement, the highest number first.

    The house signs its own agreement alone; any other needs both parties. What renews a signed
    version was signed with it. A termination ends every version of its agreement. What renews
    itself goes on without one, whether or not the worker has written its next term yet.
    """
    return _signed(_VERSIONS)


def _signed(
    statement: Select[*tuple[Any, ...]], known: Mapping[str, Any] | None = None
) -> list[InForce]:
    """Those of the versions that ``statement`` reads which are signed."""
    found = rows(statement, known).all()
    if found:
        newest.know(found[0].edition)
    renews = {row.id: row.renews_id for row in found}
    parties = {row.id: row.parties for row in found}
    return [
        _held(row)
        for row in found
        if parties.get(_signed_as(row.id, renews), 0) == (1 if row.is_house else 2)
    ]


_VERSIONS = (
    select(
        AgreementVersion.id,
        AgreementVersion.number,
        AgreementVersion.renews_id,
        AgreementVersion.effective_from,
        AgreementVersion.effective_until,
        AgreementVersion.renews_itself,
        AgreementVersion.agreement_id,
        Agreement.client_id,
        Agreement.is_house,
        Agreement.zone,
        select(func.count())
        .where(
            Signature.version_id == AgreementVersion.id,
            or_(Signature.party == Party.PROVIDER, ~Agreement.is_house),
        )
        .scalar_subquery()
        .label("parties"),
        select(func.min(Termination.effective_on))
        .where(Termination.agreement_id == Agreement.id, Termination.withdrawn_at.is_(None))
        .scalar_subquery()
        .label("ended_on"),
        newest.EDITION.label("edition"),
    )
    .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
    .where(AgreementVersion.withdrawn_at.is_(None))
    .order_by(AgreementVersion.agreement_id, AgreementVersion.number.desc())
)
"""Only what decides: texts and sources are long, and every new request asks this."""

_OF_CLIENT = kept(
    _VERSIONS.where(or_(Agreement.is_house, Agreement.client_id == number_called("client")))
)


def _signed_as(version_id: int, renews: Mapping[int, int | None]) -> int:
    """The version under which the signatures stand: that which was renewed first."""
    while (renewed := renews.get(version_id)) is not None:
        version_id = renewed
    return version_id


def _held(row: Any) -> InForce:
    """A row of `_VERSIONS` as what holds when."""
    own_last_on = None if row.renews_itself else row.effective_until
    last_on = min((day for day in (own_last_on, row.ended_on) if day), default=None)
    return InForce(
        version_id=row.id,
        agreement_id=row.agreement_id,
        number=row.number,
        client_id=row.client_id,
        starts_at=_midnight(row.effective_from, row.zone),
        ends_at=_midnight(last_on + timedelta(days=1), row.zone) if last_on else None,
    )


@lru_cache(maxsize=4096)
def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=65536)
def _terms(
    engine: Engine,
    edition: int,
    version_id: int,
    organisation_id: int | None,
    service_id: int | None,
    priority: str,
    kind: str,
    team_id: int | None,
) -> Terms | None:
    """The terms of the first tier that covers the request; None when none does."""
    bound = contract(engine, version_id, edition)
    for row in bound.coverage:
        if row.matches(organisation_id=organisation_id, service_id=service_id):
            tier = bound.tiers[row.tier_id]
            chosen = first_matches(tier, priority, kind, service_id, team_id)
            return replace(tier.terms, targets=chosen)
    return None


def first_matches(
    tier: TierRows, priority: str, kind: str, service_id: int | None, team_id: int | None
) -> dict[str, TargetTerms]:
    """Per measure the first target that matches; a measure without one is not promised."""
    chosen: dict[str, TargetTerms] = {}
    for row in tier.targets:
        if row.matches(priority=priority, kind=kind, service_id=service_id, team_id=team_id):
            chosen.setdefault(row.terms.measure, row.terms)
    return chosen
