"""The parts of an agreement file as rows: parties, catalogue, hours, tiers and coverage."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from app.agreements.models import Coverage, Measure, Rung, Target, Tier
from app.agreements.parts import Document, TierPart
from app.agreements.words import MEASURES
from app.calendars import drafting
from app.catalogue.models import RequestType, Service
from app.database import db
from app.people import joining
from app.people.models import Organisation, Team


def store_organisations(document: Document, *, at: datetime) -> dict[str, int]:
    """Add the organisations that the file brings along; the ids of all by name."""
    names = set(db.session.scalars(select(Organisation.name)))
    for part in document.organisations:
        if part.name not in names:
            joining.add_organisation(
                part.name,
                zone=part.zone,
                at=at,
                domains=part.domains,
                is_provider=part.is_provider,
            )
    rows = db.session.execute(select(Organisation.name, Organisation.id))
    return {name: id for name, id in rows}


def store_measures() -> None:
    """Add the measures that the product knows and the table does not, in the product's order."""
    known = {measure.key: measure for measure in db.session.scalars(select(Measure))}
    for place, (key, words) in enumerate(MEASURES.items()):
        measure = known.get(key)
        if measure is None:
            measure = Measure(
                key=key, name=words.name, starts=words.starts, stops=words.stops, position=place
            )
            db.session.add(measure)
        measure.position = place
    db.session.flush()


def store_catalogue(document: Document) -> dict[str, int]:
    """Add or amend the services and request types that the file names; services' ids by key."""
    services = {service.key: service for service in db.session.scalars(select(Service))}
    for part in document.services:
        service = services.setdefault(part.key, Service(key=part.key))
        service.name, service.description = part.name, part.description
        service.team_id = _team_id(part.team, document.zone)
        db.session.add(service)
    db.session.flush()
    known = {request.key: request for request in db.session.scalars(select(RequestType))}
    for place, asked in enumerate(document.request_types):
        request = known.get(asked.key) or RequestType(key=asked.key)
        request.service_id = services[asked.service].id
        request.name, request.title = asked.name, asked.title
        request.kind, request.help = asked.kind, asked.help
        request.team_id = _team_id(asked.team, document.zone)
        request.default_priority = asked.default_priority
        request.choices = [dict(choice) for choice in asked.choices]
        request.position = place
        db.session.add(request)
    db.session.flush()
    return {key: service.id for key, service in services.items()}


def add_services(document: Document) -> dict[str, int]:
    """Add the services that the catalogue lacks and leave the others; all ids by key.

    A version that is only proposed quotes services, and changes nothing of those there are.
    """
    ids = {key: id for key, id in db.session.execute(select(Service.key, Service.id))}
    for part in document.services:
        if part.key not in ids:
            service = Service(key=part.key, name=part.name, description=part.description)
            service.team_id = _team_id(part.team, document.zone)
            db.session.add(service)
            db.session.flush()
            ids[part.key] = service.id
    return ids


def store_calendars(document: Document, *, at: datetime) -> dict[str, int]:
    """The calendar versions that the file's hours come to, by key; scoped to the agreement."""
    return {
        part.key: drafting.version_of(
            part,
            since_year=part.holidays_from or document.effective_from.year,
            scope=document.key,
            at=at,
        ).id
        for part in document.calendars
    }


def store_tier(
    place: int,
    part: TierPart,
    *,
    version_id: int,
    zone: str,
    services: Mapping[str, int],
    calendars: Mapping[str, int],
) -> Tier:
    """Add a tier with its targets and its ladder; teams that its rows name are added."""
    tier = Tier(
        version_id=version_id,
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
        waiting_ask_days=part.waiting_ask_days,
        waiting_resolve_days=part.waiting_resolve_days,
    )
    db.session.add(tier)
    db.session.flush()
    _store_targets(tier, part, zone, services, calendars)
    _store_ladder(tier, part, zone)
    return tier


def store_coverage(
    document: Document,
    *,
    version_id: int,
    organisations: Mapping[str, int],
    services: Mapping[str, int],
    tiers: Mapping[str, int],
) -> None:
    """Add who is under which tier, in the order in which it is asked."""
    db.session.add_all(
        Coverage(
            version_id=version_id,
            position=place,
            organisation_id=organisations[row.organisation] if row.organisation else None,
            service_id=services[row.service] if row.service else None,
            tier_id=tiers[row.tier],
        )
        for place, row in enumerate(document.coverage)
    )
    db.session.flush()


def _store_targets(
    tier: Tier,
    part: TierPart,
    zone: str,
    services: Mapping[str, int],
    calendars: Mapping[str, int],
) -> None:
    db.session.add_all(
        Target(
            tier_id=tier.id,
            position=position,
            measure=target.measure,
            priority=target.priority,
            kind=target.kind,
            service_id=services[target.service] if target.service else None,
            team_id=_team_id(target.team, zone),
            seconds=target.seconds,
            business_days=target.business_days,
            by_time=target.by_time,
            words=target.words,
            calendar_version_id=calendars[target.calendar],
            clause=target.clause,
            sentence=target.sentence,
        )
        for position, target in enumerate(part.targets)
    )
    db.session.flush()


def _store_ladder(tier: Tier, part: TierPart, zone: str) -> None:
    for position, rung in enumerate(part.ladder):
        for action in rung.actions:
            if action["do"] == "move":
                _team_id(action["to"], zone)
        db.session.add(
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
        )
    db.session.flush()


def _team_id(name: str, zone: str) -> int | None:
    """The team of this name, added when there is none; None for no name."""
    if not name:
        return None
    team = db.session.scalar(select(Team).where(Team.name == name))
    return (team or joining.add_team(name, zone=zone)).id
