"""The outbox table: one row per outgoing mail, with the facts it is drawn from.

Source: escalation.md, "Notices and letters".
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

# Written out, not bound: SQLite uses a partial index only where it sees the same words.
WAITING = "state IN ('queued', 'sending')"
UNJUDGED = "refused_at IS NOT NULL AND judged_at IS NULL"


class LetterState(StrEnum):
    """Where a letter stands; it ends sent, or parked with a reason."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    PARKED = "parked"


class Letter(Base):
    """One outgoing mail to one person.

    ``facts`` are frozen when it is queued; ``fence`` rises with every lease, so that a sender
    that slept through its lease cannot mark what another one holds by now. `answered_at` is the
    server's first answer for it, `refused_at` when it was refused for good or came back, and
    `judged_at` when what rested on it had been looked at.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index(
            "ix_letter_waiting",
            "urgent",
            "id",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index("ix_letter_state_id", "state", "id"),
        Index(
            "ix_letter_unjudged",
            "id",
            sqlite_where=text(UNJUDGED),
            postgresql_where=text(UNJUDGED),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    to_address: Mapped[str]
    to_name: Mapped[str]
    language: Mapped[str]
    zone: Mapped[str | None]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]]
    state: Mapped[LetterState] = mapped_column(default=LetterState.QUEUED)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(unique=True)
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    reason: Mapped[str | None]
