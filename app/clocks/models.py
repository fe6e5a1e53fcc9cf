"""The tables of clocks: the row, its events, the queue's order and what has fired."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clocks.state import Kind, Phase
from app.database import Base, Json


class Clock(Base):
    """One measure running on one ticket: the fold of its events.

    Amounts are business seconds, `used_s` and `paused_s` as of the last event. `due_at` is empty
    while paused, unless breached. `next_at` is when the worker has to look again. `memory` keeps
    the budgets of targets that were left, the generations of rungs, and its ladder from before a
    change that can be undone.
    """

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint("ticket_id", "measure", "sequence"),
        Index(
            "ix_clock_next_at",
            "next_at",
            "ticket_id",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index(
            "ix_clock_due_at",
            "due_at",
            "measure",
            "state",
            "breached_at",
            "excluded_because",
            "ticket_id",
        ),
        Index(
            "ix_clock_paused",
            "ticket_id",
            sqlite_where=text("state = 'paused' AND breached_at IS NULL"),
            postgresql_where=text("state = 'paused' AND breached_at IS NULL"),
        ),
        Index("ix_clock_version_id", "version_id"),
        CheckConstraint("(state = 'met') = (met_at IS NOT NULL)", name="met"),
        CheckConstraint("(state = 'running') = (running_since IS NOT NULL)", name="running"),
        CheckConstraint("due_at IS NOT NULL OR state = 'paused'", name="due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    measure: Mapped[str] = mapped_column(ForeignKey("measure.key"))
    sequence: Mapped[int]
    state: Mapped[Phase]
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    tier_id: Mapped[int] = mapped_column(ForeignKey("tier.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"))
    target_s: Mapped[int]
    calendar_version_id: Mapped[int] = mapped_column(ForeignKey("calendar_version.id"))
    budget_s: Mapped[int]
    used_s: Mapped[int]
    paused_s: Mapped[int]
    started_at: Mapped[datetime]
    running_since: Mapped[datetime | None]
    paused_since: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str | None]
    breached_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    chosen_because: Mapped[str]
    excluded_because: Mapped[str | None]
    memory: Mapped[dict[str, Any]]

    @property
    def is_open(self) -> bool:
        """Whether it can still be met."""
        return self.state in (Phase.RUNNING, Phase.PAUSED)

    @property
    def is_breached(self) -> bool:
        """Whether its promise was broken."""
        return self.breached_at is not None


class ClockEvent(Base):
    """One fact about a clock; append-only. Columns as in `clocks.state.Event`."""

    __tablename__ = "clock_event"
    __table_args__ = (UniqueConstraint("clock_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    number: Mapped[int]
    kind: Mapped[Kind]
    at: Mapped[datetime]
    happened_at: Mapped[datetime | None]
    known_at: Mapped[datetime | None]
    cause: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None]
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    tier_id: Mapped[int] = mapped_column(ForeignKey("tier.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"))
    target_s: Mapped[int]
    calendar_version_id: Mapped[int] = mapped_column(ForeignKey("calendar_version.id"))
    undoes: Mapped[int | None]
    facts: Mapped[dict[str, Any] | None] = mapped_column(Json)


class TicketCourse(Base):
    """What the rules remember of a ticket beside its clocks (`clocks.happenings.Course`).

    `is_live` says that the worker looks after its clocks; imported ones are not until told so.
    """

    __tablename__ = "course"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    status: Mapped[str]
    contact_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    answered: Mapped[int]
    unanswered_since: Mapped[datetime | None]
    before_spam: Mapped[str | None]
    next_number: Mapped[int]
    is_live: Mapped[bool]
    log: Mapped[list[Any]]


class Deadline(Base):
    """The deadline that comes next on an open ticket: one row each, the order of the queue.

    `due_at` is empty while every clock is paused; `order_at` is never empty: such tickets come
    last. From `risk_at` on it is at risk, and then over; empty while nothing counts.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_order_at", "order_at", "ticket_id"),
        Index("ix_deadline_risk_at", "risk_at"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clock.id"))
    measure: Mapped[str | None]
    due_at: Mapped[datetime | None]
    breached: Mapped[bool]
    order_at: Mapped[datetime]
    risk_at: Mapped[datetime | None]


class EscalationState(StrEnum):
    """What became of a rung that was due.

    Covered: a change moved it into the past, or a later repeat told more. Not told: the clock
    stopped or paused before anybody was told; it fires late if the clock runs again.
    """

    FIRED = "fired"
    COVERED = "covered"
    NOT_TOLD = "not_told"


class Escalation(Base):
    """One point of a clock's ladder that came: the only thing that keeps it from coming twice.

    `told` lists who was told and how each was found; empty for a covered rung whose change
    has not been told of yet (`fired_at` is then empty too). `acknowledge_until` is until when
    somebody is to say "I am on it"; `passed_on_at` when nobody had and the next were told.
    `dropped_because` is why an administrator gave a covered one up, whose ticket was stuck.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        UniqueConstraint("clock_id", "rung_id", "generation", "nth"),
        Index(
            "ix_escalation_not_told",
            "instant_at",
            sqlite_where=text("state = 'not_told'"),
            postgresql_where=text("state = 'not_told'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    rung_id: Mapped[int] = mapped_column(ForeignKey("rung.id"))
    generation: Mapped[int]
    nth: Mapped[int]
    state: Mapped[EscalationState]
    instant_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]
    late_by_s: Mapped[int]
    told: Mapped[list[Any]]
    acknowledge_until: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    passed_on_at: Mapped[datetime | None]
    dropped_because: Mapped[str | None]
