"""Questions about the outbox: what waits, since when, and the list for its page."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, select, text

from app.database import db
from app.errors import NotFound
from app.mail.models import UNJUDGED, WAITING, Letter, LetterState


def letter(id: int, *, for_change: bool = False) -> Letter:
    """The letter with this id, locked ``for_change``; `NotFound` when there is none."""
    found = db.session.get(Letter, id, with_for_update=for_change or None)
    if found is None:
        raise NotFound("There is no such letter.")
    return found


def unjudged(at: datetime, *, kinds: Collection[str], most: int = 500) -> list[int]:
    """Refused letters of ``kinds`` that nobody has looked at by ``at``, the oldest first."""
    query = select(Letter.id).where(text(UNJUDGED), Letter.kind.in_(kinds), Letter.refused_at <= at)
    return list(db.session.scalars(query.order_by(Letter.id).limit(most)))


def letters(*, state: LetterState | None = None) -> Select[Letter]:
    """All letters, newest first, perhaps of one state only."""
    chosen = select(Letter).order_by(Letter.id.desc())
    return chosen if state is None else chosen.where(Letter.state == state)


def page(
    *, state: LetterState | None = None, before_id: int | None = None, most: int = 50
) -> Sequence[Letter]:
    """Up to ``most`` letters older than ``before_id``, newest first."""
    chosen = letters(state=state).limit(most)
    if before_id is not None:
        chosen = chosen.where(Letter.id < before_id)
    return db.session.scalars(chosen).all()


def count_of(state: LetterState, *, most: int = 10_000) -> int:
    """How many letters are in ``state``, never counting beyond ``most``."""
    some = select(Letter.id).where(Letter.state == state).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def oldest_waiting_at() -> datetime | None:
    """When the oldest letter that is not sent yet was written, for `/healthz`."""
    return db.session.scalar(
        select(Letter.created_at).where(text(WAITING)).order_by(Letter.created_at).limit(1)
    )


def next_try_at() -> datetime | None:
    """When the next letter may be sent: its next try, or the end of its lease."""
    may_go_at = case(
        (Letter.state == LetterState.QUEUED, Letter.next_try_at), else_=Letter.lease_until
    )
    found: datetime | None = db.session.scalar(select(func.min(may_go_at)).where(text(WAITING)))
    return found


def delays_of_the_last(most: int) -> list[float]:
    """Seconds from writing to sending, of the last ``most`` letters that were sent."""
    query = (
        select(Letter.created_at, Letter.sent_at)
        .where(Letter.state == LetterState.SENT, Letter.sent_at.is_not(None))
        .order_by(Letter.id.desc())
        .limit(most)
    )
    return [
        max(0.0, (sent_at - created_at).total_seconds())
        for created_at, sent_at in db.session.execute(query)
        if sent_at is not None
    ]
