"""Tables of negotiations: drafts, proposals with their plan, comments on clauses.

What is proposed is an `AgreementVersion` without signatures; a draft is not yet one. Source:
agreements.md, "Its life" and "Change".
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.agreements.duties import Duty
from app.agreements.words import Party
from app.database import Base


class Decision(StrEnum):
    """What became of a proposal."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    COUNTERED = "countered"
    WITHDRAWN = "withdrawn"


class Draft(Base):
    """An agreement being written by one party; the only form of it that changes.

    ``values`` has the shape of an agreement file (docs/agreements.md) and may be incomplete;
    ``revision`` rises with each save, so that a save over somebody else's is refused. A draft of
    an agreement that is not there yet has no `agreement_id`. It ends when it was proposed
    (`version_id`) or dropped.
    """

    __tablename__ = "draft_agreement"
    __table_args__ = (
        Index(
            "ix_draft_agreement_open",
            "id",
            sqlite_where=text("version_id IS NULL AND dropped_at IS NULL"),
            postgresql_where=text("version_id IS NULL AND dropped_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_version.id"))
    counters_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    party: Mapped[Party]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    values: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text, default="")
    check_on: Mapped[date | None]
    plan: Mapped[list[Any]] = mapped_column(default=list)
    revision: Mapped[int] = mapped_column(default=1)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    changed_at: Mapped[datetime]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_version.id"))
    dropped_at: Mapped[datetime | None]


class DraftEditor(Base):
    """Who has a draft open in the editor, and since when nothing was heard of them."""

    __tablename__ = "draft_editor"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft_agreement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    seen_at: Mapped[datetime]


class Proposal(Base):
    """A version offered to the other party, and what became of it.

    A first agreement is proposed as a change of it is. ``check_on`` is the day on which before
    and after are compared; `announced_at` when those whom it affects were told that it holds.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), unique=True)
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_version.id"))
    counters_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), unique=True)
    party: Mapped[Party]
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    decision: Mapped[Decision | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_because: Mapped[str] = mapped_column(Text, default="")
    check_on: Mapped[date | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    checked_at: Mapped[datetime | None]
    check_result: Mapped[str] = mapped_column(Text, default="")
    announced_at: Mapped[datetime | None]


class PlanStep(Duty, Base):
    """One step of how a proposed change is carried out."""

    __tablename__ = "plan_step"
    __table_args__ = (UniqueConstraint("proposal_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))


class ClauseComment(Base):
    """What somebody says about a clause of a proposed version; about all of it without one."""

    __tablename__ = "clause_comment"
    __table_args__ = (Index("ix_clause_comment_version_id_id", "version_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    clause: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    party: Mapped[Party]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
