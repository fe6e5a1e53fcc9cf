"""Promises as plain rows: a house agreement of one target, tickets, and clocks as one likes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.agreements.models import Agreement, AgreementVersion, Measure, Target, Tier
from app.businesstime import Calendar
from app.calendars.models import CalendarVersion, StoredCalendar
from app.catalogue.words import Kind, Priority
from app.clocks.models import Clock
from app.clocks.state import Phase
from app.database import db
from app.measures.cohort import Scope
from app.people import access, joining
from app.people.models import Person, Role, Team
from app.tickets.models import Ticket
from app.tickets.words import Channel, Status

NOW = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
"""Wednesday of week 47, 14:20 CET."""
ZONE = "Europe/Berlin"


@dataclass
class House:
    """What every promise here hangs on, and who looks at it."""

    mara: Person
    service_desk: Team
    network: Team
    agreement: Agreement
    version: AgreementVersion
    tier: Tier
    target: Target
    calendar: CalendarVersion

    @property
    def everything(self) -> Scope:
        """What Mara sees: all."""
        return Scope(access.sight_of(self.mara))

    def ticket(self, **changes: Any) -> Ticket:
        """A ticket of Mara's on the service desk, as ``changes`` say."""
        came_at = changes.pop("contact_at", NOW - timedelta(days=30))
        row = Ticket(
            **{
                "subject": "VPN down",
                "status": Status.OPEN,
                "priority": Priority.NORMAL,
                "kind": Kind.INCIDENT,
                "channel": Channel.PORTAL,
                "organisation_id": self.mara.organisation_id,
                "requester_id": self.mara.id,
                "assignee_id": self.mara.id,
                "team_id": self.service_desk.id,
                "version_id": self.version.id,
                "contact_at": came_at,
                "opened_at": came_at,
                "last_event_at": came_at,
                "updated_at": came_at,
                **changes,
            }
        )
        db.session.add(row)
        db.session.flush()
        return row

    def promise(
        self,
        due_at: datetime | None,
        state: Phase = Phase.MET,
        *,
        breached: bool = False,
        excluded: str | None = None,
        measure: str = "resolution",
        ticket: Ticket | None = None,
        used_s: int = 1800,
    ) -> Clock:
        """A clock of an hour's budget that is due at ``due_at``."""
        at = due_at or NOW
        row = Clock(
            ticket_id=(ticket or self.ticket()).id,
            measure=measure,
            sequence=1,
            state=state,
            version_id=self.version.id,
            tier_id=self.tier.id,
            target_id=self.target.id,
            target_s=3600,
            calendar_version_id=self.calendar.id,
            budget_s=3600,
            used_s=used_s,
            paused_s=0,
            started_at=at - timedelta(hours=1),
            running_since=at - timedelta(minutes=30) if state is Phase.RUNNING else None,
            paused_since=at if state is Phase.PAUSED else None,
            due_at=due_at,
            met_at=at if state is Phase.MET else None,
            cancelled_reason="withdrawn" if state is Phase.CANCELLED else None,
            breached_at=due_at if breached else None,
            chosen_because="",
            excluded_because=excluded,
            memory={},
        )
        db.session.add(row)
        db.session.flush()
        return row


def house() -> House:
    """A provider with two teams, an agent, and a house agreement of one target round the clock."""
    at = NOW - timedelta(days=300)
    halden = joining.add_organisation("Halden", zone=ZONE, at=at, is_provider=True)
    mara = joining.add_person(
        "Mara Lindt",
        organisation=halden,
        at=at,
        role=Role.AGENT,
        address="mara.lindt@halden.example",
    )
    service_desk = joining.add_team("Service desk", zone=ZONE, members=[mara])
    network = joining.add_team("Network", zone="Asia/Tokyo", members=[])
    hours = StoredCalendar(key="always", name="Round the clock")
    agreement = Agreement(
        key="house", title="House agreement", provider_id=halden.id, is_house=True, zone=ZONE
    )
    for position, key in enumerate(("first_response", "next_response", "resolution")):
        if db.session.get(Measure, key) is None:
            db.session.add(Measure(key=key, name=key, starts="", stops="", position=position))
    db.session.add_all([hours, agreement])
    db.session.flush()
    always = Calendar(ZONE, {day: [("00:00", "24:00")] for day in range(7)})
    calendar = CalendarVersion(
        calendar_id=hours.id, number=1, definition=always.to_dict(), created_at=at
    )
    version = AgreementVersion(
        agreement_id=agreement.id,
        number=1,
        effective_from=date(2026, 1, 1),
        text=[],
        source={"agreement": {"title": "Managed workplace"}},
        digest="0",
        recorded_at=at,
    )
    db.session.add_all([calendar, version])
    db.session.flush()
    tier = Tier(
        version_id=version.id,
        position=0,
        key="gold",
        name="Gold",
        day_s=28800,
        calendar_version_id=calendar.id,
        pauses={},
    )
    db.session.add(tier)
    db.session.flush()
    target = Target(
        tier_id=tier.id,
        position=0,
        measure="resolution",
        seconds=3600,
        words="1 h",
        calendar_version_id=calendar.id,
        clause="4.2",
        sentence="Solved in an hour.",
    )
    db.session.add(target)
    db.session.flush()
    return House(mara, service_desk, network, agreement, version, tier, target, calendar)
