"""Questions about what is due: since when, what comes next, what was late or not told."""

from datetime import datetime

from sqlalchemy import case, func, select, text

from app.clocks.models import Clock, Escalation, EscalationState
from app.database import db
from app.escalation.models import EscalationTrouble

NOT_TOLD = "state = 'not_told'"
"""Written out, not bound: SQLite uses a partial index only where it sees the same words."""


def oldest_due_at() -> datetime | None:
    """The instant of the next thing on any clock that is not parked; past when it is late."""
    return db.session.scalar(
        select(Clock.next_at)
        .outerjoin(EscalationTrouble, EscalationTrouble.ticket_id == Clock.ticket_id)
        .where(Clock.next_at.is_not(None), EscalationTrouble.parked_at.is_(None))
        .order_by(Clock.next_at)
        .limit(1)
    )


def count_not_told(since: datetime, *, most: int = 1000) -> int:
    """How many rungs due after ``since`` were told to nobody, never counting beyond ``most``.

    The clock stopped or paused first (escalation.md, "The worker").
    """
    some = (
        select(Escalation.id)
        .where(text(NOT_TOLD), Escalation.instant_at > since)
        .limit(most)
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def lateness_of_the_last(most: int) -> list[int]:
    """By how many seconds the last rungs that fired were late, the newest first."""
    return list(
        db.session.scalars(
            select(Escalation.late_by_s)
            .where(Escalation.state == EscalationState.FIRED)
            .order_by(Escalation.id.desc())
            .limit(most)
        )
    )


def next_due_at() -> datetime | None:
    """The instant of what fires next; one that was set back counts from its next try.

    Parked tickets wait for a person.
    """
    free = (
        select(Clock.next_at)
        .where(
            Clock.next_at.is_not(None),
            ~select(EscalationTrouble.ticket_id)
            .where(EscalationTrouble.ticket_id == Clock.ticket_id)
            .exists(),
        )
        .order_by(Clock.next_at)
        .limit(1)
    )
    later = case(
        (Clock.next_at > EscalationTrouble.next_try_at, Clock.next_at),
        else_=EscalationTrouble.next_try_at,
    )
    set_back = (
        select(func.min(later))
        .select_from(EscalationTrouble)
        .join(Clock, Clock.ticket_id == EscalationTrouble.ticket_id)
        .where(EscalationTrouble.parked_at.is_(None), Clock.next_at.is_not(None))
    )
    found = db.session.execute(select(free.scalar_subquery(), set_back.scalar_subquery())).one()
    return min((at for at in found if at is not None), default=None)
