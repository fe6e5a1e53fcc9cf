"""What is due is found behind a cursor that begins when the worker does."""

from datetime import datetime

from sqlalchemy import select

from app import wallclock
from app.clocks.models import Clock
from app.database import db
from app.escalation import firing
from tests.faults.planted import swap


def plant() -> None:
    last = wallclock.host()
    due_tickets = firing._due_tickets

    def behind(at: datetime, most: int) -> list[int]:
        nonlocal last
        query = select(Clock.ticket_id).where(Clock.next_at >= last)
        ahead = set(db.session.scalars(query))
        last = at
        return [ticket_id for ticket_id in due_tickets(at, most) if ticket_id in ahead]

    swap(firing, "_due_tickets", behind)
