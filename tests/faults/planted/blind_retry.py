"""When the answer to COMMIT is lost, the same is told again under a new name."""

from typing import Any

from sqlalchemy import func, select

from app.database import db, transaction
from app.escalation import firing
from app.notices.models import Notice
from tests.faults.planted import swap


def plant() -> None:
    fire_due = firing.fire_due

    def insisting(now: Any, **given: Any) -> Any:
        last = db.session.scalar(select(func.max(Notice.id))) or 0
        db.session.rollback()
        try:
            return fire_due(now, **given)
        except Exception:
            db.session.rollback()
            _tell_again(last)
            raise

    swap(firing, "fire_due", insisting)


def _tell_again(last: int) -> None:
    with transaction():
        for told in db.session.scalars(select(Notice).where(Notice.id > last)).all():
            copied = {
                column.key: getattr(told, column.key)
                for column in Notice.__table__.columns
                if column.key not in ("id", "event")
            }
            db.session.add(Notice(event=f"{told.event}:again", **copied))
