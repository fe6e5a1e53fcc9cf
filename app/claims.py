"""Heartbeats: when each part of the worker was last alive, for the banner and `/healthz`.

Source: escalation.md, "The worker" and invariant E13.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, db, is_postgresql

WORKER, JOB = "worker:", "job:"
"""What names of one worker process and of one job that fails begin with."""

FORGOTTEN_AFTER = timedelta(days=1)


class Heartbeat(Base):
    """The last sign of life of one part ("firing", "sending") and what it said of itself."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]


def beat(name: str, *, at: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """Write that the part ``name`` was alive at ``at``; the caller commits.

    Any number of workers may write it at once.
    """
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    said = {"at": at, "detail": dict(detail or {})}
    db.session.execute(
        insert(Heartbeat)
        .values(name=name, **said)
        .on_conflict_do_update(index_elements=["name"], set_=said)
    )


def last_beat(name: str) -> Heartbeat | None:
    """The last sign of life of ``name``, None when there never was one."""
    return db.session.get(Heartbeat, name, populate_existing=True)


def beat_at(name: str) -> ScalarSelect[datetime]:
    """When ``name`` last gave a sign of life, as a value inside another statement."""
    return select(Heartbeat.at).where(Heartbeat.name == name).scalar_subquery()


def beats(prefix: str) -> Sequence[Heartbeat]:
    """What is known of all whose name begins with ``prefix``, by name."""
    return db.session.scalars(
        select(Heartbeat)
        .where(Heartbeat.name.startswith(prefix, autoescape=True))
        .order_by(Heartbeat.name)
        .execution_options(populate_existing=True)
    ).all()


def forget(name: str) -> None:
    """Delete what is known of ``name``; the caller commits."""
    db.session.execute(delete(Heartbeat).where(Heartbeat.name == name))


def forget_old(*, at: datetime) -> None:
    """Delete failures of jobs and workers not heard of for a day; the caller commits.

    A worker calls this when it starts: a job that still fails will be noted again.
    """
    db.session.execute(
        delete(Heartbeat).where(
            or_(
                Heartbeat.name.startswith(JOB, autoescape=True),
                Heartbeat.name.startswith(WORKER, autoescape=True)
                & (Heartbeat.at < at - FORGOTTEN_AFTER),
            )
        )
    )
