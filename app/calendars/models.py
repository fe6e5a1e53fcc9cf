"""Tables of calendars. A version never changes: an edit makes the next one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Json


class StoredCalendar(Base):
    """Opening hours under a name."""

    __tablename__ = "calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class ZoneRules(Base):
    """How a time zone reads by one release of the time zone data.

    ``changes`` are pairs of an instant (seconds since 1970) and the offset from UTC in seconds
    from then on, for 2000 to 2099 (`businesstime.zones.changes`). Rows never change; the newest
    of a zone is how it was read last.
    """

    __tablename__ = "zone_rules"
    __table_args__ = (Index("ix_zone_rules_zone", "zone", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    zone: Mapped[str]
    tzdata: Mapped[str]
    changes: Mapped[list[Any]] = mapped_column(Json)
    read_at: Mapped[datetime]


class CalendarVersion(Base):
    """One immutable state: hours, zone, and exceptions with the holidays written out.

    ``definition`` is `businesstime.Calendar.to_dict`; ``holidays`` names the rule that filled
    in holidays, ``{"country", "subdivision", "known_until"}``. Its zone is read by ``zone_rules``
    for ever, also when newer data say otherwise; that makes a further version.
    """

    __tablename__ = "calendar_version"
    __table_args__ = (UniqueConstraint("calendar_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]]
    holidays: Mapped[dict[str, Any] | None] = mapped_column(Json)
    zone_rules_id: Mapped[int | None] = mapped_column(ForeignKey("zone_rules.id"), index=True)
    created_at: Mapped[datetime]

    calendar: Mapped[StoredCalendar] = relationship(lazy="raise_on_sql")
