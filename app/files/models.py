"""The attachment table: one stored file and what it belongs to.

Source: security.md, "uploads".
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Attachment(Base):
    """One file. Until its message is sent it belongs to an upload: ``upload_key`` of one form.

    ``name`` is what the person called it, made harmless; ``storage_key`` is random and says
    nothing. ``size`` is in bytes.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        Index("ix_attachment_upload_key", "upload_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    storage_key: Mapped[str] = mapped_column(unique=True)
    upload_key: Mapped[str | None]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    has_preview: Mapped[bool] = mapped_column(default=False)
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
