"""Tables of qualifications: what there is, what services require, who holds what.

Source: agreements.md, "Qualifications".
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Qualification(Base):
    """Something one can be trained and certified in; not asked for any more once retired."""

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    retired_at: Mapped[datetime | None]


class RequiredQualification(Base):
    """A service that only those may be assigned who hold the qualification."""

    __tablename__ = "required_qualification"

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    qualification_id: Mapped[int] = mapped_column(
        ForeignKey("qualification.id"), primary_key=True, index=True
    )


class HeldQualification(Base):
    """That a person holds a qualification from a day on, until its last day if it has one.

    ``proof`` says what shows it: a certificate's number, a link. Withdrawn rows count no more.
    """

    __tablename__ = "held_qualification"
    __table_args__ = (
        CheckConstraint("expires_on IS NULL OR expires_on >= since_on", name="expires"),
        Index("ix_held_qualification_person_id", "person_id", "qualification_id"),
        Index("ix_held_qualification_expires_on", "expires_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"), index=True)
    since_on: Mapped[date]
    expires_on: Mapped[date | None]
    proof: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
