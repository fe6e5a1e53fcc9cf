"""Things that tests make often."""

import io
from datetime import datetime

from PIL import Image

from app.catalogue.models import RequestType
from app.catalogue.words import Priority
from app.database import db, transaction
from app.people.models import Person
from app.tickets import opening
from app.tickets.models import Ticket
from app.tickets.words import Channel


def picture(width: int = 8, height: int = 6, form: str = "PNG") -> io.BytesIO:
    """A picture as a browser sends it."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, format=form)
    out.seek(0)
    return out


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
    """A request of ``requester`` from the portal, committed.

    What only read before ends first: a reader that turns writer is refused beside a running site.
    """
    db.session.commit()
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
