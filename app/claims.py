"""Heartbeats: when each part of the worker was last alive, for the banner and `/healthz`.

Source: escalation.md, "The worker" and invariant E13.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, db, is_postgresql


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
