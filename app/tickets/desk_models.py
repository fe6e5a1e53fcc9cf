"""The tables of what agents work with: drafts, presence, macros, saved views, bulk changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.tickets.words import MessageKind, Writing


class Draft(Base):
    """What somebody has typed on a ticket and not sent, kept for them.

    ``seen_message_id`` is the newest message that stood there when they began; the changes of
    ``macro_id`` go with the words once they are sent.
    """

    __tablename__ = "draft"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    kind: Mapped[MessageKind] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    seen_message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    macro_id: Mapped[int | None] = mapped_column(ForeignKey("macro.id"), index=True)
    saved_at: Mapped[datetime]


class Presence(Base):
    """Who has a ticket open, and whether they write; forgotten soon after they leave."""

    __tablename__ = "presence"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    writing: Mapped[Writing]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Macro(Base):
    """A reply with changes of a ticket, ready to use: shared, a team's, or somebody's own.

    ``changes`` are those of `app.tickets.macros`; the body knows its allow-listed variables only.
    """

    __tablename__ = "macro"
    __table_args__ = (Index("ix_macro_owner_id_name", "owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    body: Mapped[str] = mapped_column(Text, default="")
    is_note: Mapped[bool] = mapped_column(default=False)
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class SavedView(Base):
    """A filter of the queue with a name: somebody's own, or shared with a team or everybody.

    ``query`` is the query string of the queue page.
    """

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    is_shared: Mapped[bool] = mapped_column(default=False)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    query: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]


class BulkChange(Base):
    """One change of many tickets: what was asked, what came of each, and until when to undo it.

    ``results`` is a list of ``{"ticket": id, "error": sentence or None, "was": …}``; ``once`` is
    the form's one-time id after that of the person.
    """

    __tablename__ = "bulk_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    deed: Mapped[dict[str, Any]]
    results: Mapped[list[Any]]
    at: Mapped[datetime]
    undo_until: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
