"""From an agreement file to rows: the parties, the catalogue, the hours, and one version.

Loading the same file again changes nothing; a changed one makes the next version. Source:
agreements.md, "A version holds".
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.agreements.documents import read
from app.agreements.models import (
    Agreement,
    AgreementVersion,
    Coverage,
    Measure,
    Rung,
    Signature,
    Target,
    Tier,
)
from app.agreements.parts import Document, TierPart
from app.agreements.reading import AgreementErrors
from app.agreements.words import MEASURES, Party
from app.calendars import drafting
from app.catalogue.models import RequestType, Service
from app.database import db
from app.people import joining, queries
from app.people.models import Team

PRESETS = Path(__file__).parent / "presets"


@dataclass(frozen=True)
class Loaded:
    """What loading did: ``created`` is False when the version was there already."""

    agreement: Agreement
    version: AgreementVersion
    created: bool


def load_file(path: Path, *, at: datetime) -> Loaded:
    """Load the TOML file at ``path``; raises `AgreementErrors` also for broken TOML."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as mistake:
        raise AgreementErrors([f"{path.name} is no TOML file: {mistake}"]) from None
    return load(values, at=at)


def load(values: dict[str, Any], *, at: datetime) -> Loaded:
    """Store what the file says, in the caller's transaction.

    Raises `AgreementErrors` with every mistake, before anything is stored.
    """
    document = read(values, known_services=set(db.session.scalars(select(Service.key))))
    digest = _digest(values)
    agreement = db.session.scalar(select(Agreement).where(Agreement.key == document.key))
    if agreement is not None:
        version = db.session.scalar(
            select(AgreementVersion).where(
                AgreementVersion.agreement_id == agreement.id, AgreementVersion.digest == digest
            )
        )
        if version is not None:
            return Loaded(agreement, version, created=False)
    parties = _Parties(document, at)
    agreement = agreement or _agreement(document, parties)
    version = _version(document, agreement, values, digest, at)
    _store_measures()
    services = _store_catalogue(document)
    calendars = {
        part.key: drafting.version_of(
            part, since=document.effective_from, scope=document.key, at=at
        ).id
        for part in document.calendars
    }
    tiers = {
        part.key: _store_tier(place, part, version, services, calendars)
        for place, part in enumerate(document.tiers)
    }
    for place, row in enumerate(document.coverage):
        db.session.add(
            Coverage(
                version_id=version.id,
                position=place,
                organisation_id=parties.id_of(row.organisation) if row.organisation else None,
                service_id=services[row.service] if row.service else None,
                tier_id=tiers[row.tier].id,
            )
        )
    for signature in document.signatures:
        db.session.add(
            Signature(
                version_id=version.id,
                party=Party(signature.party),
                name=signature.name,
                signed_at=_midnight(signature.on, document.zone),
                digest=digest,
            )
        )
    db.session.flush()
    return Loaded(agreement, version, created=True)


class _Parties:
    """The organisations of a file by name; those it brings along are added."""

    def __init__(self, document: Document, at: datetime) -> None:
        for part in document.organisations:
            if queries.find_organisation_by_name(part.name) is None:
                joining.add_organisation(
                    part.name,
                    zone=part.zone,
                    at=at,
                    domains=part.domains,
                    is_provider=part.is_provider,
                )
        named = {
            "agreement.provider": document.provider,
            "agreement.client": document.client,
            **{
                f"coverage[{place}].organisation": row.organisation
                for place, row in enumerate(document.coverage)
            },
        }
        self._ids: dict[str, int] = {}
        missing = []
        for path, name in named.items():
            found = queries.find_organisation_by_name(name) if name else None
            if found is not None:
                self._ids[name] = found.id
            elif name:
                missing.append(
                    f"{path}: there is no organisation {name!r}; add it under [[organisations]]."
                )
        if missing:
            raise AgreementErrors(missing)

    def id_of(self, name: str) -> int:
        """The organisation's id."""
        return self._ids[name]


def _agreement(document: Document, parties: _Parties) -> Agreement:
    agreement = Agreement(
        key=document.key,
        title=document.title,
        provider_id=parties.id_of(document.provider),
        client_id=parties.id_of(document.client) if document.client else None,
        is_house=not document.client,
        zone=document.zone,
    )
    db.session.add(agreement)
    db.session.flush()
    return agreement


def _version(
    document: Document,
    agreement: Agreement,
    values: Mapping[str, Any],
    digest: str,
    at: datetime,
) -> AgreementVersion:
    newest = db.session.scalar(
        select(func.max(AgreementVersion.number)).where(
            AgreementVersion.agreement_id == agreement.id
        )
    )
    version = AgreementVersion(
        agreement_id=agreement.id,
        number=(newest or 0) + 1,
        effective_from=document.effective_from,
        effective_until=document.effective_until,
        text=list(document.text),
        source=json.loads(_canonical(values)),
        digest=digest,
        recorded_at=at,
    )
    db.session.add(version)
    db.session.flush()
    return version


def _store_measures() -> None:
    known = set(db.session.scalars(select(Measure.key)))
    for place, (key, words) in enumerate(MEASURES.items()):
        if key not in known:
            db.session.add(
                Measure(
                    key=key, name=words.name, starts=words.starts, stops=words.stops,
                    position=place,
                )
            )
    db.session.flush()


def _store_catalogue(document: Document) -> dict[str, int]:
    """Add or amend the services and request types that the file names; ids by key."""
    for part in document.services:
        service = db.session.scalar(select(Service).where(Service.key == part.key))
        if service is None:
            service = Service(key=part.key)
            db.session.add(service)
        service.name, service.description = part.name, part.description
        service.team_id = _team_id(part.team, document.zone)
    db.session.flush()
    services: dict[str, int] = {
        key: id for key, id in db.session.execute(select(Service.key, Service.id))
    }
    for place, asked in enumerate(document.request_types):
        request = db.session.scalar(select(RequestType).where(RequestType.key == asked.key))
        if request is None:
            request = RequestType(key=asked.key)
            db.session.add(request)
        request.service_id = services[asked.service]
        request.name, request.title = asked.name, asked.title
        request.kind, request.help = asked.kind, asked.help
        request.team_id = _team_id(asked.team, document.zone)
        request.default_priority = asked.default_priority
        request.choices = [dict(choice) for choice in asked.choices]
        request.position = place
    db.session.flush()
    return services


def _team_id(name: str, zone: str) -> int | None:
    if not name:
        return None
    team = db.session.scalar(select(Team).where(Team.name == name))
    return (team or joining.add_team(name, zone=zone)).id


def _store_tier(
    place: int,
    part: TierPart,
    version: AgreementVersion,
    services: Mapping[str, int],
    calendars: Mapping[str, int],
) -> Tier:
    tier = Tier(
        version_id=version.id,
        position=place,
        key=part.key,
        name=part.name,
        calendar_version_id=calendars[part.calendar],
        day_s=part.day_s,
        pauses={measure: list(statuses) for measure, statuses in part.pauses.items()},
        floor_percent=part.floor_percent,
        reopen_rule=part.reopen_rule,
        reopen_window_days=part.reopen_window_days,
        reopen_grant_percent=part.reopen_grant_percent,
    )
    db.session.add(tier)
    db.session.flush()
    db.session.add_all(
        Target(
            tier_id=tier.id,
            position=position,
            measure=target.measure,
            priority=target.priority,
            kind=target.kind,
            service_id=services[target.service] if target.service else None,
            seconds=target.seconds,
            words=target.words,
            calendar_version_id=calendars[target.calendar],
            clause=target.clause,
            sentence=target.sentence,
        )
        for position, target in enumerate(part.targets)
    )
    db.session.add_all(
        Rung(
            tier_id=tier.id,
            position=position,
            measure=rung.measure,
            percent=rung.percent,
            offset_s=rung.offset_s,
            responsible=list(rung.responsible),
            actions=[dict(action) for action in rung.actions],
            repeat_s=rung.repeat_s,
            repeat_times=rung.repeat_times,
            acknowledge_s=rung.acknowledge_s,
        )
        for position, rung in enumerate(part.ladder)
    )
    db.session.flush()
    return tier


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _canonical(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"),
                      default=str)


def _digest(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(values).encode()).hexdigest()


