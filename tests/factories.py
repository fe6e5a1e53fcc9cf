"""Things that tests make often: presets as documents, a catalogue entry, a request."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import app.agreements
from app.catalogue.models import RequestType, Service
from app.catalogue.words import Kind, Priority
from app.database import db, transaction
from app.people.models import Person, Team
from app.tickets import opening
from app.tickets.models import Ticket
from app.tickets.words import Channel

PRESETS = Path(app.agreements.__file__).parent / "presets"


def preset(name: str) -> dict[str, Any]:
    """The agreement file that ships under ``name``, as a document."""
    return tomllib.loads((PRESETS / f"{name}.toml").read_text("utf-8"))


def vpn_problem(*, team: Team | None = None) -> RequestType:
    """The service "VPN and remote access" with the request that the drawings show."""
    service = db.session.query(Service).filter_by(key="vpn").one_or_none()
    if service is None:
        service = Service(key="vpn", name="VPN and remote access")
        db.session.add(service)
        db.session.flush()
    kind = RequestType(
        key="vpn-problem",
        service_id=service.id,
        name="A problem with VPN and remote access",
        title="Report a problem with VPN and remote access",
        kind=Kind.INCIDENT,
        help="You cannot connect, or the connection breaks.",
        team_id=team.id if team else None,
        default_priority=Priority.NORMAL,
        choices=[
            {"label": "Only I, and I can go on", "priority": "normal"},
            {"label": "Only I, and I am stuck", "priority": "normal"},
            {"label": "My team is stuck", "priority": "high"},
            {"label": "The whole office", "priority": "urgent"},
        ],
    )
    db.session.add(kind)
    db.session.flush()
    return kind


def open_request(
    requester: Person,
    kind: RequestType,
    *,
    at: datetime,
    subject: str = "VPN down for the finance team",
    body: str = "Since half past three nobody in finance can connect.",
    priority: Priority = Priority.HIGH,
    once: str | None = None,
) -> Ticket:
    """A request of ``requester`` from the portal, committed."""
    with transaction():
        return opening.open_ticket(
            requester=requester,
            subject=subject,
            body=body,
            priority=priority,
            kind=kind.kind,
            by=requester,
            channel=Channel.PORTAL,
            at=at,
            request_type=kind,
            once=once,
        )
