"""The list of agreements: of each what holds now, what comes, and what waits for a signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app.agreements import choosing, deadlines
from app.agreements.choosing import InForce
from app.agreements.models import Agreement, AgreementVersion
from app.database import db
from app.people import grants
from app.people.models import GrantKind, Organisation, Person

MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Row:
    """An agreement with the version that holds, the one to come, and the newest proposal.

    The last are numbers, None where there is none; `holds_until` is the last day that is known,
    of a term after which it `renews` or not.
    """

    agreement: Agreement
    provider: str
    client: str
    holds: int | None
    since: date | None
    holds_until: date | None
    renews: bool
    to_come: int | None
    comes_on: date | None
    proposed: int | None


def rows(reader: Person, *, at: datetime, after: int | None, limit: int) -> list[Row]:
    """The agreements that ``reader`` may read, and one more if there are more.

    ``after`` is the id of the last agreement of the page before.
    """
    client = aliased(Organisation)
    query = (
        select(Agreement, Organisation.name, client.name)
        .join(Organisation, Organisation.id == Agreement.provider_id)
        .outerjoin(client, client.id == Agreement.client_id)
        .order_by(Agreement.id)
        .limit(limit + 1)
    )
    mine = []
    if reader.may_manage:
        mine.append(Agreement.provider_id == reader.organisation_id)
    if grants.holds(reader, reader.organisation_id, *GrantKind):
        mine.append(Agreement.client_id == reader.organisation_id)
    if not mine:
        return []
    query = query.where(or_(*mine))
    if after is not None:
        query = query.where(Agreement.id > after)
    found = db.session.execute(query).all()
    held = choosing.signed_versions()
    terms = _terms([one.version_id for one in held])
    proposed = _proposed([agreement.id for agreement, _provider, _client in found], held)
    return [
        _row(agreement, (provider, name or ""), held, terms, proposed.get(agreement.id), at)
        for agreement, provider, name in found
    ]


def _row(
    agreement: Agreement,
    names: tuple[str, str],
    held: Sequence[InForce],
    terms: Mapping[int, tuple[date | None, bool]],
    proposed: int | None,
    at: datetime,
) -> Row:
    own = [one for one in held if one.agreement_id == agreement.id]
    begun = next((one for one in own if one.starts_at <= at), None)
    holds = begun if begun and (begun.ends_at is None or at < begun.ends_at) else None
    comes = min(
        (one for one in own if one.starts_at > at), key=lambda one: one.starts_at, default=None
    )
    own_last, renews = terms[holds.version_id] if holds else (None, False)
    ends_on = _day(holds.ends_at - MOMENT, agreement) if holds and holds.ends_at else None
    return Row(
        agreement=agreement,
        provider=names[0],
        client=names[1],
        holds=holds.number if holds else None,
        since=_day(holds.starts_at, agreement) if holds else None,
        holds_until=ends_on or own_last,
        renews=renews and ends_on is None,
        to_come=comes.number if comes else None,
        comes_on=_day(comes.starts_at, agreement) if comes else None,
        proposed=proposed,
    )


def _day(instant: datetime, agreement: Agreement) -> date:
    return deadlines.today(instant, agreement.zone)


def _terms(version_ids: Sequence[int]) -> dict[int, tuple[date | None, bool]]:
    """The last day of each version's own term, and whether it renews itself."""
    query = select(
        AgreementVersion.id, AgreementVersion.effective_until, AgreementVersion.renews_itself
    ).where(AgreementVersion.id.in_(version_ids))
    return {id: (last_on, renews) for id, last_on, renews in db.session.execute(query)}


def _proposed(agreement_ids: Sequence[int], held: Sequence[InForce]) -> dict[int, int]:
    """The newest version of each agreement that waits for a signature."""
    newest = (
        select(AgreementVersion.agreement_id, func.max(AgreementVersion.number))
        .where(
            AgreementVersion.agreement_id.in_(agreement_ids),
            AgreementVersion.withdrawn_at.is_(None),
            AgreementVersion.id.not_in([one.version_id for one in held]),
        )
        .group_by(AgreementVersion.agreement_id)
    )
    return {agreement_id: number for agreement_id, number in db.session.execute(newest)}
