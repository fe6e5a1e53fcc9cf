"""A job that keeps tables small deletes rungs that have fired."""

from typing import Any

from sqlalchemy import delete

from app.clocks.models import Escalation
from app.database import db, transaction
from app.escalation import firing
from tests.faults.planted import swap


def plant() -> None:
    fire_due = firing.fire_due

    def tidy(now: Any, **given: Any) -> Any:
        fired = fire_due(now, **given)
        with transaction():
            db.session.execute(delete(Escalation).where(Escalation.fired_at <= now()))
        return fired

    swap(firing, "fire_due", tidy)
