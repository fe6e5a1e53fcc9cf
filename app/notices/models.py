"""The notice table: an event and one person it is told to.

Source: escalation.md, "Notices and letters" and invariant E7.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

UNGATHERED = "gathered_at IS NULL"
UNREAD = "rings AND read_at IS NULL"


class Notice(Base):
    """One thing told to one person; ``event`` names the cause, such as "escalation:17".

    ``letter_id`` is the letter that carries it; gathered without one means that the person
    has no address, was disabled, or wants no letter of this kind (`by_letter`). What `rings`
    stands at the person's bell until `read_at` and after. It waits until `held_until`, while
    Send can be undone; one that was undone has `withdrawn_at`: no letter, no bell.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("event", "person_id"),
        Index(
            "ix_notice_ungathered",
            "person_id",
            "id",
            sqlite_where=text(UNGATHERED),
            postgresql_where=text(UNGATHERED),
        ),
        Index("ix_notice_rung", "person_id", "rings", "id"),
        Index(
            "ix_notice_unread",
            "person_id",
            "id",
            sqlite_where=text(UNREAD),
            postgresql_where=text(UNREAD),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    by_letter: Mapped[bool] = mapped_column(default=True, server_default=true())
    rings: Mapped[bool] = mapped_column(default=False, server_default=false())
    read_at: Mapped[datetime | None]
    gathered_at: Mapped[datetime | None]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"), index=True)


class NoticeChoice(Base):
    """How a person wants to be told of one kind of event; without a row, as the kind is made."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    by_letter: Mapped[bool]
    rings: Mapped[bool]
