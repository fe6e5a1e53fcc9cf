"""Tables of calendars. A version never changes: an edit makes the next one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Json


class StoredCalendar(Base):
    """Opening hours under a name."""

    __tablename__ = "calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class CalendarVersion(Base):
    """One immutable state: hours, zone, and exceptions with the holidays written out.

    ``definition`` is `businesstime.Calendar.to_dict`; ``holidays`` names the rule that filled
    in holidays, ``{"country", "subdivision", "known_until"}``.
    """

    __tablename__ = "calendar_version"
    __table_args__ = (UniqueConstraint("calendar_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]]
    holidays: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime]

    calendar: Mapped[StoredCalendar] = relationship(lazy="raise_on_sql")
