"""Is a version still what was signed? Its source, its digests, and every row that the timers obey.

A change by SQL shows: in the source by its digest, in the digest by the signatures and by the
letters both parties have, in a target, rung, tier, coverage or calendar by the source. Source:
agreements.md, "Its life" (`flask agreements verify`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.agreements import loading, stored
from app.agreements.models import (
    Agreement,
    AgreementVersion,
    Coverage,
    Rung,
    Signature,
    Target,
    Tier,
)
from app.agreements.parts import CalendarPart, Document, TierPart
from app.agreements.reading import AgreementErrors
from app.businesstime import Calendar
from app.calendars.models import CalendarVersion, StoredCalendar
from app.catalogue.models import Service
from app.database import db
from app.people.models import Organisation, Team


def findings(version: AgreementVersion) -> list[str]:
    """What is not as it was signed, a sentence each; none where all is."""
    return list(_findings(version))


def _findings(version: AgreementVersion) -> Iterator[str]:
    if loading.digest_of(version.source) != version.digest:
        yield "its text has another digest than the one recorded"
    for signature in _signatures(version):
        if signature.digest != version.digest and version.renews_id is None:
            yield f"{signature.name} signed another digest"
    try:
        document = stored.document_of(version)
    except AgreementErrors as errors:
        yield f"its source is no agreement any more: {errors.mistakes[0]}"
        return
    yield from _head(version, document)
    tiers = db.session.scalars(
        select(Tier).where(Tier.version_id == version.id).order_by(Tier.position)
    ).all()
    if [tier.key for tier in tiers] != [part.key for part in document.tiers]:
        yield "its tiers are not those of its text"
        return
    calendars = _calendars(document)
    for tier, part in zip(tiers, document.tiers, strict=True):
        yield from _tier(tier, part, calendars)
    if _coverage_rows(version, tiers) != [
        (row.organisation, row.service, row.tier) for row in document.coverage
    ]:
        yield "its coverage is not that of its text"


def _head(version: AgreementVersion, document: Document) -> Iterator[str]:
    if version.text != [dict(section) for section in document.text]:
        yield "the clauses on its page are not those of its text"
    if (version.effective_from, version.effective_until) != (
        document.effective_from,
        document.effective_until,
    ):
        yield "its first or last day is not that of its text"
    if (version.exceptions_clause or "") != document.exceptions_clause:
        yield "its clause on other hours is not that of its text"


def _tier(tier: Tier, part: TierPart, calendars: Mapping[int, str]) -> Iterator[str]:
    """What of a tier, its targets and its ladder is not as the text has it."""
    rules = (
        tier.name,
        tier.day_s,
        {key: tuple(statuses) for key, statuses in tier.pauses.items()},
        tier.floor_percent,
        tier.reopen_rule,
        tier.reopen_window_days,
        tier.reopen_grant_percent,
        tier.waiting_ask_days,
        tier.waiting_resolve_days,
        calendars.get(tier.calendar_version_id),
    )
    if rules != (
        part.name,
        part.day_s,
        dict(part.pauses),
        part.floor_percent,
        part.reopen_rule,
        part.reopen_window_days,
        part.reopen_grant_percent,
        part.waiting_ask_days,
        part.waiting_resolve_days,
        part.calendar,
    ):
        yield f"the rules or hours of {part.name} are not those of its text"
    if _target_rows(tier, calendars) != [
        (
            one.measure,
            one.priority,
            one.kind,
            one.service,
            one.team,
            one.seconds,
            one.business_days,
            one.by_time,
            one.calendar,
            one.clause,
        )
        for one in part.targets
    ]:
        yield f"the targets of {part.name} are not those of its text"
    if _rung_rows(tier) != [
        (
            one.measure,
            one.percent,
            one.offset_s,
            list(one.responsible),
            [dict(action) for action in one.actions],
            one.repeat_s,
            one.repeat_times,
            one.acknowledge_s,
        )
        for one in part.ladder
    ]:
        yield f"the ladder of {part.name} is not that of its text"


def _target_rows(tier: Tier, calendars: Mapping[int, str]) -> list[tuple[Any, ...]]:
    rows = db.session.execute(
        select(Target, Service.key, Team.name)
        .outerjoin(Service, Service.id == Target.service_id)
        .outerjoin(Team, Team.id == Target.team_id)
        .where(Target.tier_id == tier.id)
        .order_by(Target.position)
    )
    return [
        (
            one.measure,
            one.priority,
            one.kind,
            service or "",
            team or "",
            one.seconds,
            one.business_days,
            one.by_time,
            calendars.get(one.calendar_version_id),
            one.clause,
        )
        for one, service, team in rows
    ]


def _rung_rows(tier: Tier) -> list[tuple[Any, ...]]:
    rungs = db.session.scalars(select(Rung).where(Rung.tier_id == tier.id).order_by(Rung.position))
    return [
        (
            one.measure,
            one.percent,
            one.offset_s,
            one.responsible,
            one.actions,
            one.repeat_s,
            one.repeat_times,
            one.acknowledge_s,
        )
        for one in rungs
    ]


def _coverage_rows(version: AgreementVersion, tiers: Sequence[Tier]) -> list[tuple[str, ...]]:
    keys = {tier.id: tier.key for tier in tiers}
    rows = db.session.execute(
        select(Organisation.name, Service.key, Coverage.tier_id)
        .select_from(Coverage)
        .outerjoin(Organisation, Organisation.id == Coverage.organisation_id)
        .outerjoin(Service, Service.id == Coverage.service_id)
        .where(Coverage.version_id == version.id)
        .order_by(Coverage.position)
    )
    return [(name or "", service or "", keys.get(tier_id, "")) for name, service, tier_id in rows]


def _calendars(document: Document) -> dict[int, str]:
    """The stored hours that say what the text says of them, by id: their keys in the text."""
    parts = {f"{document.key}.{part.key}": part for part in document.calendars}
    rows = db.session.execute(
        select(CalendarVersion, StoredCalendar.key)
        .join(StoredCalendar, StoredCalendar.id == CalendarVersion.calendar_id)
        .where(StoredCalendar.key.in_(parts))
    )
    return {row.id: parts[key].key for row, key in rows if _is_what_was_written(row, parts[key])}


def _is_what_was_written(row: CalendarVersion, part: CalendarPart) -> bool:
    """Whether stored hours are those of the text, with at most public holidays closed besides."""
    said = Calendar.from_dict({**part.definition}).to_dict()
    held = row.definition
    if (held["zone"], held["week"]) != (said["zone"], said["week"]):
        return False
    besides = {
        on: windows for on, windows in held["exceptions"].items() if on not in said["exceptions"]
    }
    is_kept = all(held["exceptions"].get(on) == said["exceptions"][on] for on in said["exceptions"])
    only_holidays = all(
        windows == [] and bool(part.country) and held["names"].get(on)
        for on, windows in besides.items()
    )
    return is_kept and only_holidays


def version_with(digest: str, key: str | None = None) -> AgreementVersion | None:
    """The version with this digest that was not withdrawn, of the agreement with this key."""
    query = select(AgreementVersion).where(AgreementVersion.digest == digest)
    if key is not None:
        query = query.join(Agreement, Agreement.id == AgreementVersion.agreement_id).where(
            Agreement.key == key
        )
    return db.session.scalar(query.order_by(AgreementVersion.withdrawn_at.is_not(None)).limit(1))


def _signatures(version: AgreementVersion) -> Sequence[Signature]:
    return db.session.scalars(
        select(Signature).where(Signature.version_id == version.id).order_by(Signature.id)
    ).all()
