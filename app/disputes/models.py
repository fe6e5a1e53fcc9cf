"""Tables of disputes: what is contested, what was said, what each party decided.

Source: agreements.md, "Disputes".
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.agreements.words import Party
from app.database import Base


class Subject(StrEnum):
    """What can be contested."""

    BREACH = "breach"
    PAUSE = "pause"
    START = "start"
    OUTAGE = "outage"
    CREDIT = "credit"


class Outcome(StrEnum):
    """What the parties decide: the fact stands, or it is corrected by a new one."""

    STANDS = "stands"
    CORRECTED = "corrected"


class Dispute(Base):
    """One contested fact. ``evidence`` is the explanation as it stood when it was raised.

    ``details`` names the fact (the clock's event, the instant that would be right). Both
    named deciders have to decide alike; `decided_at` is when they had, `withdrawn_at` when the
    party that raised it gave it up.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        Index("ix_dispute_agreement_id_id", "agreement_id", "id"),
        Index("ix_dispute_ticket_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    subject: Mapped[Subject]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clock.id"), index=True)
    details: Mapped[dict[str, Any]]
    party: Mapped[Party]
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    raised_at: Mapped[datetime]
    claim: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any]]
    provider_decider_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    client_decider_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    outcome: Mapped[Outcome | None]
    decided_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)


class DisputeStatement(Base):
    """What a party says in a dispute; append-only."""

    __tablename__ = "dispute_statement"
    __table_args__ = (Index("ix_dispute_statement_dispute_id_id", "dispute_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"))
    party: Mapped[Party]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)


class DisputeDecision(Base):
    """How one party's named person decides; it may be changed until both decided alike."""

    __tablename__ = "dispute_decision"
    __table_args__ = (UniqueConstraint("dispute_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"))
    party: Mapped[Party]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[Outcome]
    reason: Mapped[str] = mapped_column(Text)
