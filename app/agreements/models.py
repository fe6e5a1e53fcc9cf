"""Tables of agreements: the contract, its versions, and all that binds in a version.

Made for the whole life of an agreement (agreements.md). A version is immutable; which one is in
force follows from signatures and dates, never from a column.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agreements.words import Party, ReopenRule
from app.calendars.models import CalendarVersion
from app.catalogue.words import Kind, Priority
from app.database import Base


class Measure(Base):
    """What can be promised, with what starts and stops its clock."""

    __tablename__ = "measure"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    starts: Mapped[str]
    stops: Mapped[str]
    position: Mapped[int]


class Agreement(Base):
    """What two parties agreed on; the house agreement (no client) covers everybody else."""

    __tablename__ = "agreement"
    __table_args__ = (CheckConstraint("is_house = (client_id IS NULL)", name="house"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    is_house: Mapped[bool]
    zone: Mapped[str]


class AgreementVersion(Base):
    """One immutable state. ``text`` is sections of numbered clauses, ``source`` what was loaded.

    ``effective_from`` begins at 00:00 in the agreement's zone; ``digest`` is the SHA-256 of the
    canonical form; ``exceptions_clause`` is the clause that allows dated exceptions to its
    hours, if any does.
    """

    __tablename__ = "agreement_version"
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        UniqueConstraint("agreement_id", "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int]
    effective_from: Mapped[date]
    effective_until: Mapped[date | None]
    text: Mapped[list[Any]]
    source: Mapped[dict[str, Any]]
    digest: Mapped[str]
    exceptions_clause: Mapped[str | None]
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    agreement: Mapped[Agreement] = relationship(lazy="raise_on_sql")


class Signature(Base):
    """A party's name under a version, with the digest of what was signed."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("version_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    party: Mapped[Party]
    name: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    signed_at: Mapped[datetime]
    digest: Mapped[str]


class Tier(Base):
    """A level of service in a version: hours, rules, targets and ladder.

    ``pauses`` names per measure the statuses in which its clock stands still beyond the rules
    of clocks.md; ``day_s`` is the nominal business day. After ``waiting_ask_days`` business days
    of waiting for the requester a letter asks, ``waiting_resolve_days`` later it is resolved.
    """

    __tablename__ = "tier"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    position: Mapped[int]
    key: Mapped[str]
    name: Mapped[str]
    calendar_version_id: Mapped[int] = mapped_column(ForeignKey("calendar_version.id"))
    day_s: Mapped[int]
    pauses: Mapped[dict[str, Any]]
    floor_percent: Mapped[int] = mapped_column(default=25)
    reopen_rule: Mapped[ReopenRule] = mapped_column(default=ReopenRule.RESUME)
    reopen_window_days: Mapped[int] = mapped_column(default=7)
    reopen_grant_percent: Mapped[int] = mapped_column(default=25)
    waiting_ask_days: Mapped[int] = mapped_column(default=10)
    waiting_resolve_days: Mapped[int] = mapped_column(default=5)

    calendar_version: Mapped[CalendarVersion] = relationship(lazy="raise_on_sql")


class Target(Base):
    """Seconds of business time allowed for a measure; the first row that matches holds.

    Empty priority, kind or service matches any.
    """

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("tier_id", "position"),
        CheckConstraint("seconds > 0", name="seconds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tier_id: Mapped[int] = mapped_column(ForeignKey("tier.id"))
    position: Mapped[int]
    measure: Mapped[str] = mapped_column(ForeignKey("measure.key"))
    priority: Mapped[Priority | None]
    kind: Mapped[Kind | None]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    seconds: Mapped[int]
    words: Mapped[str]
    calendar_version_id: Mapped[int] = mapped_column(ForeignKey("calendar_version.id"))
    clause: Mapped[str]
    sentence: Mapped[str]


class Rung(Base):
    """A step of a tier's ladder: at a point of a measure's clock, tell or do.

    The point is ``percent`` of the budget or ``offset_s`` business seconds from due.
    """

    __tablename__ = "rung"
    __table_args__ = (
        UniqueConstraint("tier_id", "position"),
        CheckConstraint("(percent IS NULL) <> (offset_s IS NULL)", name="point"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tier_id: Mapped[int] = mapped_column(ForeignKey("tier.id"))
    position: Mapped[int]
    measure: Mapped[str] = mapped_column(ForeignKey("measure.key"))
    percent: Mapped[int | None]
    offset_s: Mapped[int | None]
    responsible: Mapped[list[str]]
    actions: Mapped[list[Any]] = mapped_column(default=list)
    repeat_s: Mapped[int | None]
    repeat_times: Mapped[int] = mapped_column(default=0)
    acknowledge_s: Mapped[int | None]


class Coverage(Base):
    """Who is under which tier; the first row that matches holds, empty matches any."""

    __tablename__ = "coverage"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    position: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    tier_id: Mapped[int] = mapped_column(ForeignKey("tier.id"))


class CalendarChange(Base):
    """A dated exception to the hours of a version, where its clause allows one.

    Targets that ran on ``before_id`` run on ``after_id`` from ``at`` on; ``applied_at`` is when
    every running clock it touches had been led over. Public holidays of further years are
    nobody's deed; ``on_date`` is then the first of them. Rows never change otherwise.
    """

    __tablename__ = "calendar_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), index=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("calendar_version.id"), index=True)
    after_id: Mapped[int] = mapped_column(ForeignKey("calendar_version.id"), index=True)
    on_date: Mapped[date]
    windows: Mapped[list[Any]]
    name: Mapped[str]
    reason: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
