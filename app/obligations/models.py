"""Tables of obligations: reviews with their minutes and actions.

When the next review is due follows from the version's interval; a row is made once it comes
near, is arranged or was held. Source: agreements.md, "Review".
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.agreements.duties import Duty
from app.database import Base


class Review(Base):
    """A meeting of both parties about their agreement, due on a day.

    ``attendees`` are names with their party; ``minutes`` are Markdown, final once `held_at`.
    """

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("agreement_id", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    due_on: Mapped[date]
    meeting_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(default="")
    attendees: Mapped[list[Any]] = mapped_column(default=list)
    minutes: Mapped[str] = mapped_column(Text, default="")
    arranged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    held_at: Mapped[datetime | None]
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class ReviewAction(Duty, Base):
    """What a review decided that somebody does, by a day."""

    __tablename__ = "review_action"
    __table_args__ = (UniqueConstraint("review_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
