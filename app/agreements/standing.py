"""How the versions of an agreement stand at an instant: proposed, in force, superseded, ended.

All of it follows from signatures, days and terminations. Source: agreements.md, "Its life".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from app.agreements import choosing
from app.agreements.models import Agreement, AgreementVersion, Signature, Termination
from app.agreements.words import Party
from app.database import db


class State(StrEnum):
    """Where a version is in its life."""

    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    TO_COME = "to_come"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    TERMINATED = "terminated"


@dataclass(frozen=True)
class Standing:
    """A version with its state; it holds in ``[starts_at, ends_at)`` once it is signed.

    `signatures` are its own or, for a further term, those under what it renews.
    """

    version: AgreementVersion
    state: State
    starts_at: datetime | None
    ends_at: datetime | None
    signatures: Sequence[Signature]

    def signature(self, party: Party) -> Signature | None:
        """What a party signed it with."""
        return next((one for one in self.signatures if one.party == party), None)


def of(agreement: Agreement, *, at: datetime) -> list[Standing]:
    """Every version of the agreement with its state at ``at``, the newest first."""
    versions = db.session.scalars(
        select(AgreementVersion)
        .where(AgreementVersion.agreement_id == agreement.id)
        .order_by(AgreementVersion.number.desc())
    ).all()
    held = {
        one.version_id: one
        for one in choosing.signed_versions()
        if one.agreement_id == agreement.id
    }
    begun = next((one for one in held.values() if one.starts_at <= at), None)
    signatures = _signatures(versions)
    terminated_on = last_day(agreement)
    found = []
    for version in versions:
        one = held.get(version.id)
        state = _state(version, one, begun, is_terminated=terminated_on is not None, at=at)
        found.append(
            Standing(
                version,
                state,
                one.starts_at if one else None,
                one.ends_at if one else None,
                signatures[version.id],
            )
        )
    return found


def shown(standings: Sequence[Standing]) -> Standing | None:
    """The version that a page of the agreement shows: in force, else to come, else the newest."""
    for state in (State.IN_FORCE, State.TO_COME, State.TERMINATED, State.EXPIRED):
        for one in standings:
            if one.state is state:
                return one
    return next(iter(standings), None)


def last_day(agreement: Agreement) -> date | None:
    """The day with which a termination ends the agreement; None where none was given."""
    return db.session.scalar(
        select(Termination.effective_on)
        .where(Termination.agreement_id == agreement.id, Termination.withdrawn_at.is_(None))
        .order_by(Termination.effective_on)
        .limit(1)
    )


def _state(
    version: AgreementVersion,
    held: choosing.InForce | None,
    begun: choosing.InForce | None,
    *,
    is_terminated: bool,
    at: datetime,
) -> State:
    if held is None:
        return State.WITHDRAWN if version.withdrawn_at else State.PROPOSED
    if held.ends_at is not None and held.ends_at <= held.starts_at:
        return State.TERMINATED
    if held.starts_at > at:
        return State.TO_COME
    if begun is not None and begun.version_id != version.id:
        return State.SUPERSEDED
    if held.ends_at is None or at < held.ends_at:
        return State.IN_FORCE
    return State.TERMINATED if is_terminated else State.EXPIRED


def _signatures(versions: Sequence[AgreementVersion]) -> dict[int, list[Signature]]:
    """The signatures of each version, the provider's first; a renewal has those it renews."""
    rows = db.session.scalars(
        select(Signature)
        .where(Signature.version_id.in_([version.id for version in versions]))
        .order_by(Signature.party.desc())
    ).all()
    by_id = {version.id: version for version in versions}
    found: dict[int, list[Signature]] = {}
    for version in versions:
        first = version
        while first.renews_id is not None and first.renews_id in by_id:
            first = by_id[first.renews_id]
        found[version.id] = [row for row in rows if row.version_id == first.id]
    return found
