"""Tables of agreements: the contract, its versions, and all that binds in a version.

Made for the whole life of an agreement (agreements.md). A version is immutable; which one is in
force follows from signatures and dates, never from a column.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agreements.duties import Duty
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
    hours, if any does. A version that was proposed and given up for another is `withdrawn_at`,
    its signatures with it; the same words may be proposed again. One that `renews_id` another is
    the same for a further term: it was signed with that one, by the clause on renewal. One that
    `renews_itself` has no end of its own: what holds never waits for the worker.
    """

    __tablename__ = "agreement_version"
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        Index(
            "uq_agreement_version_agreement_id_digest",
            "agreement_id",
            "digest",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
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
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_version.id"), unique=True)
    renews_itself: Mapped[bool] = mapped_column(default=False, server_default=false())

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


class TerminationKind(StrEnum):
    """How an agreement is ended before, or at the end of, its term."""

    NOTICE = "notice"
    CAUSE = "cause"


class Termination(Base):
    """A party ended the agreement: its last day is ``effective_on``, unless withdrawn.

    ``clause`` is the number of the clause it rests on, in the version of that day.
    """

    __tablename__ = "termination"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    kind: Mapped[TerminationKind]
    party: Mapped[Party]
    clause: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    given_at: Mapped[datetime]
    effective_on: Mapped[date]
    withdrawn_at: Mapped[datetime | None]


class ExitTask(Duty, Base):
    """What has to be done before a terminated agreement ends."""

    __tablename__ = "exit_task"
    __table_args__ = (UniqueConstraint("termination_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    termination_id: Mapped[int] = mapped_column(ForeignKey("termination.id"))


class AgreementEvent(Base):
    """One thing that happened to an agreement; append-only, its history.

    ``key`` keeps what the worker says of it from being said twice, such as "in_force:17".
    """

    __tablename__ = "agreement_event"
    __table_args__ = (Index("ix_agreement_event_agreement_id_id", "agreement_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_version.id"), index=True)
    verb: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    party: Mapped[Party | None]
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(unique=True)


class ContactTurn(Base):
    """One contact of an agreement told of one matter, for a role of a party.

    Contacts of a role are told in turn: the next when the letter to this one came back, or when
    nobody acknowledged by `acknowledge_until`; `passed_on_at` is when, `passed_on_because` why.
    """

    __tablename__ = "contact_turn"
    __table_args__ = (
        UniqueConstraint("matter", "party", "role", "position"),
        Index(
            "ix_contact_turn_waiting",
            "acknowledge_until",
            sqlite_where=text("acknowledged_at IS NULL AND passed_on_at IS NULL"),
            postgresql_where=text("acknowledged_at IS NULL AND passed_on_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    matter: Mapped[str]
    facts: Mapped[dict[str, Any]]
    party: Mapped[Party]
    role: Mapped[str]
    position: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), index=True)
    told_at: Mapped[datetime]
    acknowledge_until: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    passed_on_at: Mapped[datetime | None]
    passed_on_because: Mapped[str | None]


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

    Empty priority, kind, service or team matches any. With `by_time` ("16:00") the promise is
    kept by that time of the `business_days`-th business day after its start, and `seconds` are
    what so many nominal days are worth.
    """

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("tier_id", "position"),
        CheckConstraint("seconds > 0", name="seconds"),
        CheckConstraint("(business_days IS NULL) = (by_time IS NULL)", name="by_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tier_id: Mapped[int] = mapped_column(ForeignKey("tier.id"))
    position: Mapped[int]
    measure: Mapped[str] = mapped_column(ForeignKey("measure.key"))
    priority: Mapped[Priority | None]
    kind: Mapped[Kind | None]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    seconds: Mapped[int]
    business_days: Mapped[int | None]
    by_time: Mapped[str | None]
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
    every running clock it touches had been led over. Public holidays of further years and newer
    time zone data are nobody's deed; ``on_date`` is then the first day they touch. Rows never
    change otherwise.
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
