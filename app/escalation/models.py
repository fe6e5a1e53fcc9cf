"""The table of tickets whose escalation raised: tried again, then parked on a page."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class EscalationTrouble(Base):
    """A ticket that could not be escalated: why, how often, and when it is tried again.

    ``parked_at`` is set after eight tries; it is left alone until somebody looks at it.
    """

    __tablename__ = "escalation_trouble"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    tries: Mapped[int]
    next_try_at: Mapped[datetime]
    parked_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text)
