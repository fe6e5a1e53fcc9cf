"""The tables of tickets: the ticket, what was said, and what happened to it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from app.catalogue.models import RequestType, Service
from app.catalogue.words import Kind, Priority
from app.database import Base
from app.languages import gettext as _
from app.people.models import Organisation, Person, Team
from app.statements import is_one_of
from app.tickets.words import (
    DONE,
    OPEN,
    CallOutcome,
    Channel,
    LinkKind,
    MessageKind,
    Side,
    Status,
)


def _is_one_of(statuses: Iterable[Status]) -> str:
    return f"status IN ({', '.join(repr(status.value) for status in sorted(statuses))})"


IS_OPEN, IS_DONE = _is_one_of(OPEN), _is_one_of(DONE)
"""As `statements.is_one_of` spells it, so that the indexes below are found."""


class Ticket(Base):
    """One request for help, under one version of one agreement.

    While it waits for its requester, `waiting_since` says since when and `waiting_until` when
    waiting leads on: to a letter that asks (`asked_at` once it is written), then to the end.
    `resolved_because` names a resolution that no agent made, such as "no answer".
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_requester_updated", "requester_id", "updated_at", "id"),
        Index(
            "ix_ticket_requester_open",
            "requester_id",
            "updated_at",
            "id",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index(
            "ix_ticket_requester_done",
            "requester_id",
            "updated_at",
            "id",
            sqlite_where=text(IS_DONE),
            postgresql_where=text(IS_DONE),
        ),
        Index("ix_ticket_organisation_updated", "organisation_id", "updated_at", "id"),
        Index("ix_ticket_status_updated", "status", "updated_at", "id"),
        Index("ix_ticket_contact_at", "contact_at", "status"),
        Index("ix_ticket_resolved_at", "resolved_at", "closed_at", "status"),
        Index("ix_ticket_assignee_status", "assignee_id", "status"),
        Index("ix_ticket_team_status", "team_id", "status"),
        Index(
            "ix_ticket_split_from_id",
            "split_from_id",
            sqlite_where=text("split_from_id IS NOT NULL"),
            postgresql_where=text("split_from_id IS NOT NULL"),
        ),
        Index(
            "ix_ticket_hold_until",
            "hold_until",
            sqlite_where=text("hold_until IS NOT NULL"),
            postgresql_where=text("hold_until IS NOT NULL"),
        ),
        Index(
            "ix_ticket_waiting_until",
            "waiting_until",
            sqlite_where=text("waiting_until IS NOT NULL"),
            postgresql_where=text("waiting_until IS NOT NULL"),
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
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    contact_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    last_event_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    hold_until: Mapped[date | None]
    waiting_since: Mapped[datetime | None]
    waiting_until: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    resolved_because: Mapped[str | None]
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

    @property
    def stands(self) -> str:
        """Where it stands, as the end of a sentence: "resolved", "merged into #1040"."""
        if self.merged_into_id:
            return _("merged into %(ref)s", ref=f"#{self.merged_into_id}")
        return self.status.label.lower()

    @hybrid_property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in OPEN

    @is_open.inplace.expression
    @classmethod
    def _is_open_expression(cls) -> ColumnElement[bool]:
        return is_one_of(cls.status, OPEN)


class Message(Base):
    """Something said on a ticket. A note is for staff only. Its words never change.

    `outcome` is what came of a call; `happened_at` its own instant where it was known late.
    `opened_at` is when its requester first saw it; one that was undone, refused or sent back
    has `taken_back_at` and says why. One that was split off is a copy of `copied_from_id`.
    A response that `is_workaround` lets the requester go on until the solution.
    """

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
    is_markdown: Mapped[bool] = mapped_column(default=False, server_default=false())
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    at: Mapped[datetime]
    is_response: Mapped[bool] = mapped_column(default=False)
    is_workaround: Mapped[bool] = mapped_column(default=False, server_default=false())
    once: Mapped[str | None] = mapped_column(unique=True)
    outcome: Mapped[CallOutcome | None]
    happened_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    taken_back_because: Mapped[str | None]

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

    @property
    def who(self) -> str | None:
        """The name of who did it; None for the system."""
        return self.actor.name if self.actor else None


class AgreedDate(Base):
    """A day that was agreed with the requester; it never moves or hides a promise.

    `accepted_by` is who accepted it, in words. `remind_at` is the next reminder's instant,
    empty when none is left.
    """

    __tablename__ = "agreed_date"
    __table_args__ = (
        Index(
            "ix_agreed_date_remind_at",
            "remind_at",
            sqlite_where=text("remind_at IS NOT NULL"),
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    due_at: Mapped[datetime]
    reason: Mapped[str]
    accepted_by: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]


class Watcher(Base):
    """Somebody who is told what happens to a ticket without looking after it."""

    __tablename__ = "watcher"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since_at: Mapped[datetime]
    because: Mapped[str]


class StartedPlan(Base):
    """A contingency plan that was started on a ticket, at most once each."""

    __tablename__ = "started_plan"
    __table_args__ = (UniqueConstraint("ticket_id", "plan_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("contingency_plan.id"), index=True)
    started_at: Mapped[datetime]
    because: Mapped[str]


class Tag(Base):
    """A word that agents put on tickets; lower case, one line."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class TicketTag(Base):
    """A tag on a ticket."""

    __tablename__ = "ticket_tag"
    __table_args__ = (Index("ix_ticket_tag_tag_id_ticket_id", "tag_id", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True)


class TicketLink(Base):
    """How two tickets belong together: `ticket_id` is the child, duplicate or either of two."""

    __tablename__ = "ticket_link"
    __table_args__ = (
        UniqueConstraint("ticket_id", "other_id", "kind"),
        CheckConstraint("ticket_id <> other_id", name="two"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[LinkKind]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]


class Participant(Base):
    """Somebody of the requester's side in copy: reads the ticket, is told, may answer."""

    __tablename__ = "participant"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class Mute(Base):
    """Somebody who wants no more letters about a ticket."""

    __tablename__ = "mute"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since_at: Mapped[datetime]


class Rating(Base):
    """What a requester thought of how a ticket went, said once."""

    __tablename__ = "rating"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(index=True)


class GuestLink(Base):
    """A signed way to one ticket for one person without an account.

    The link in a letter is the signature of ``secret``; it works until `expires_at` or until
    somebody revokes it.
    """

    __tablename__ = "guest_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class UnprovenRequest(Base):
    """A request filed without an account: it is no ticket until its mailbox is proven."""

    __tablename__ = "unproven_request"
    __table_args__ = (Index("ix_unproven_request_address_filed_at", "address", "filed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    name: Mapped[str]
    request_type_id: Mapped[int] = mapped_column(ForeignKey("request_type.id"), index=True)
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    priority: Mapped[Priority]
    filed_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
