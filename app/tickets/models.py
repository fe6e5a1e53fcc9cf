"""The tables of tickets: the ticket, what was said, and what happened to it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from app.catalogue.models import RequestType, Service
from app.catalogue.words import Kind, Priority
from app.database import Base
from app.people.models import Organisation, Person, Team
from app.tickets.words import OPEN, Channel, MessageKind, Side, Status


class Ticket(Base):
    """One request for help, under one version of one agreement."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_requester_updated", "requester_id", "updated_at", "id"),
        Index("ix_ticket_organisation_updated", "organisation_id", "updated_at", "id"),
        Index("ix_ticket_status_updated", "status", "updated_at", "id"),
        Index("ix_ticket_contact_at", "contact_at", "status"),
        Index("ix_ticket_resolved_at", "resolved_at", "closed_at", "status"),
        Index("ix_ticket_assignee_status", "assignee_id", "status"),
        Index("ix_ticket_team_status", "team_id", "status"),
        Index(
            "ix_ticket_hold_until",
            "hold_until",
            sqlite_where=text("hold_until IS NOT NULL"),
            postgresql_where=text("hold_until IS NOT NULL"),
        ),
        CheckConstraint("length(subject) BETWEEN 1 AND 255", name="subject_length"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_ref: Mapped[str | None] = mapped_column(unique=True)
    once: Mapped[str | None] = mapped_column(unique=True)
    subject: Mapped[str]
    snippet: Mapped[str] = mapped_column(default="")
    status: Mapped[Status] = mapped_column(default=Status.NEW)
    priority: Mapped[Priority]
    kind: Mapped[Kind]
    channel: Mapped[Channel]
    request_type_id: Mapped[int | None] = mapped_column(ForeignKey("request_type.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    contact_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    last_event_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    hold_until: Mapped[date | None]
    why: Mapped[str] = mapped_column(default="")
    agent_unread: Mapped[bool] = mapped_column(default=True)

    requester: Mapped[Person | None] = relationship(
        foreign_keys=[requester_id], lazy="raise_on_sql"
    )
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id], lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
    service: Mapped[Service | None] = relationship(lazy="raise_on_sql")
    request_type: Mapped[RequestType | None] = relationship(lazy="raise_on_sql")

    @property
    def ref(self) -> str:
        """How people name it: ``#1042``."""
        return f"#{self.id}"

    @hybrid_property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in OPEN

    @is_open.inplace.expression
    @classmethod
    def _is_open_expression(cls) -> ColumnElement[bool]:
        return cls.status.in_(OPEN)


class Message(Base):
    """Something said on a ticket. A note is for staff only. Sent messages never change."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_ticket_id_at", "ticket_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    author_name: Mapped[str]
    side: Mapped[Side]
    kind: Mapped[MessageKind] = mapped_column(default=MessageKind.MESSAGE)
    channel: Mapped[Channel]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    is_response: Mapped[bool] = mapped_column(default=False)
    once: Mapped[str | None] = mapped_column(unique=True)

    @property
    def is_note(self) -> bool:
        """Whether only staff may read it."""
        return self.kind is MessageKind.NOTE


class HistoryEntry(Base):
    """One thing that happened to a ticket, by whom and why. Rows never change."""

    __tablename__ = "history_entry"
    __table_args__ = (Index("ix_history_entry_ticket_id_at", "ticket_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    at: Mapped[datetime]
    verb: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    actor: Mapped[Person | None] = relationship(lazy="raise_on_sql")
