"""The tables in which the live stories happen: one version of an agreement, and its tickets."""

from datetime import timedelta

from app.agreements import storing
from app.agreements.models import Agreement, AgreementVersion, Rung, Target, Tier
from app.calendars.models import CalendarVersion, StoredCalendar
from app.catalogue.words import Kind, Priority
from app.database import db
from app.people import joining
from app.tickets.models import Ticket
from app.tickets.words import Channel
from tests.clocks.telling import RUNGS, calendar
from tests.clocks.worlds import LEVELS, WEEKS, Numbers, Variant

EDITIONS = {"always": 1, "office": 3, "night": 1}


def prepare() -> int:
    """What every version needs; the provider's id."""
    storing.store_measures()
    at = Variant().begins - timedelta(days=300)
    provider = joining.add_organisation(
        "Halden", zone="Europe/Berlin", at=at, domains=["halden.example"], is_provider=True
    )
    db.session.flush()
    return provider.id


def sign(variant: Variant, provider_id: int, name: str) -> Numbers:
    """Write the version that ``variant`` describes; what its rows are called."""
    at = variant.begins - timedelta(days=200)
    calendars = {}
    for week in WEEKS:
        stored = StoredCalendar(key=f"{name}-{week}", name=week)
        db.session.add(stored)
        db.session.flush()
        for edition in range(EDITIONS[week]):
            row = CalendarVersion(
                calendar_id=stored.id,
                number=edition + 1,
                definition=calendar(variant.zone, week, edition).to_dict(),
                holidays=None,
                created_at=at,
            )
            db.session.add(row)
            db.session.flush()
            calendars[week, edition] = row.id
    version = _version(variant, provider_id, name)
    tier = Tier(
        version_id=version.id,
        position=0,
        key="gold",
        name="Gold",
        calendar_version_id=calendars["office", 0],
        day_s=8 * 3600,
        pauses={measure: list(statuses) for measure, statuses in variant.pauses},
        floor_percent=variant.floor_percent,
        reopen_rule=variant.reopen_rule,
        reopen_window_days=7,
        reopen_grant_percent=variant.grant_percent,
    )
    db.session.add(tier)
    db.session.flush()
    return Numbers(version.id, tier.id, _targets(variant, tier, calendars), calendars, _rungs(tier))


def open_row(variant: Variant, numbers: Numbers, minute: int) -> int:
    """A ticket that nothing has happened to yet; its id."""
    at = variant.instant(minute)
    ticket = Ticket(
        subject="VPN down",
        priority=Priority.HIGH,
        kind=Kind.INCIDENT,
        channel=Channel.PORTAL,
        version_id=numbers.version,
        contact_at=at,
        opened_at=at,
        last_event_at=at,
        updated_at=at,
    )
    db.session.add(ticket)
    db.session.flush()
    return ticket.id


def _version(variant: Variant, provider_id: int, name: str) -> AgreementVersion:
    agreement = Agreement(
        key=name,
        title="Northwind support",
        provider_id=provider_id,
        client_id=None,
        is_house=True,
        zone=variant.zone,
    )
    db.session.add(agreement)
    db.session.flush()
    version = AgreementVersion(
        agreement_id=agreement.id,
        number=1,
        effective_from=variant.begins.date() - timedelta(days=100),
        text=[],
        source={"agreement": {"title": name}},
        digest=name,
        recorded_at=variant.begins - timedelta(days=200),
    )
    db.session.add(version)
    db.session.flush()
    return version


def _targets(
    variant: Variant, tier: Tier, calendars: dict[tuple[str, int], int]
) -> dict[tuple[str, str], int]:
    found = {}
    for level in LEVELS:
        for measure, (minutes, week) in variant.promised(level).items():
            days, time = variant.by(level, measure) or (None, None)
            row = Target(
                tier_id=tier.id,
                position=len(found),
                measure=measure,
                seconds=minutes * 60,
                words=f"{minutes} min",
                business_days=days,
                by_time=time,
                calendar_version_id=calendars[week, 0],
                clause="4.2",
                sentence="We answer in time.",
            )
            db.session.add(row)
            db.session.flush()
            found[level, measure] = row.id
    return found


def _rungs(tier: Tier) -> dict[tuple[str, int], int]:
    found = {}
    for measure in ("first_response", "next_response", "resolution"):
        for position, (percent, offset_s) in enumerate(RUNGS):
            row = Rung(
                tier_id=tier.id,
                position=len(found),
                measure=measure,
                percent=percent,
                offset_s=offset_s,
                responsible=["manager"],
            )
            db.session.add(row)
            db.session.flush()
            found[measure, position] = row.id
    return found
