"""Tables of imports: the files, their rows as they stood, and the tickets folded from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class ImportSource(Base):
    """A file that was imported, and how its rows are to be read.

    `reading` is the digest of mapping and zone: rows read in the same way have the same.
    """

    __tablename__ = "import_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    reading: Mapped[str]
    zone: Mapped[str]
    mapping: Mapped[dict[str, Any] | None]
    imported_at: Mapped[datetime]


class StagedEvent(Base):
    """One row of an imported file. Tickets are folded anew from all their rows.

    `event` is an event's name, or ``row`` for a row that its source's mapping explains;
    `value` then holds the mapped cells as JSON. `digest` is that of the row as it stood.
    """

    __tablename__ = "staged_event"
    __table_args__ = (
        UniqueConstraint("ticket", "digest"),
        Index("ix_staged_event_at", "at"),
        Index(
            "ix_staged_event_merged",
            "ticket",
            "value",
            sqlite_where=text("event = 'merged'"),
            postgresql_where=text("event = 'merged'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("import_source.id"), index=True)
    line: Mapped[int]
    ticket: Mapped[str]
    at: Mapped[datetime]
    position: Mapped[int]
    event: Mapped[str]
    value: Mapped[str] = mapped_column(Text)
    actor: Mapped[str]
    digest: Mapped[str]


class ImportedTicket(Base):
    """A ticket that is folded from staged rows.

    `last_entry_id` is the last line of history that the import wrote: a later one means that
    somebody has worked on the ticket here, and it is folded no more.
    """

    __tablename__ = "imported_ticket"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    last_entry_id: Mapped[int]
