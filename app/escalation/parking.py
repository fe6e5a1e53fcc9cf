"""A ticket that raises undoes only itself: it backs off, and is parked after eight tries.

Source: escalation.md, "The worker" and invariant E11.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from app import waking
from app.clocks.models import Clock
from app.database import db
from app.errors import Refusal
from app.escalation.models import EscalationTrouble
from app.languages import gettext as _

MOST_TRIES = 8
FIRST_PAUSE_S = 2
SHOWN = 100


def set_back(ticket_id: int, error: Exception, *, at: datetime) -> EscalationTrouble:
    """Note that the ticket raised; the pause doubles with every try."""
    trouble = db.session.get(EscalationTrouble, ticket_id)
    if trouble is None:
        trouble = EscalationTrouble(ticket_id=ticket_id, tries=0, next_try_at=at, error="")
        db.session.add(trouble)
    trouble.tries += 1
    trouble.error = f"{type(error).__name__}: {error}"[:2000]
    trouble.next_try_at = at + timedelta(seconds=FIRST_PAUSE_S * 2**trouble.tries)
    if trouble.tries >= MOST_TRIES:
        trouble.parked_at = at
    db.session.flush()
    return trouble


def try_again(ticket_id: int, *, at: datetime) -> None:
    """Let a ticket that was set back or parked be tried at once; `Refusal` for any other."""
    trouble = db.session.get(EscalationTrouble, ticket_id)
    if trouble is None:
        raise Refusal(_("This ticket is not stuck: its escalation runs."))
    trouble.parked_at, trouble.tries, trouble.next_try_at = None, 0, at
    waking.call(waking.FIRING)
    db.session.flush()


def trouble_of(ticket_id: int) -> EscalationTrouble:
    """The trouble of a parked ticket; `Refusal` when it is not parked."""
    trouble = db.session.get(EscalationTrouble, ticket_id, populate_existing=True)
    if trouble is None or trouble.parked_at is None:
        raise Refusal(_("This ticket is not stuck: its escalation runs."))
    return trouble


def parked() -> Sequence[EscalationTrouble]:
    """What is parked and still has something due or ahead, the oldest first, at most 100."""
    return db.session.scalars(
        select(EscalationTrouble)
        .where(EscalationTrouble.parked_at.is_not(None), _has_something_ahead())
        .order_by(EscalationTrouble.parked_at, EscalationTrouble.ticket_id)
        .limit(SHOWN)
    ).all()


def count_parked() -> int:
    """How many tickets are parked."""
    return (
        db.session.scalar(
            select(func.count(EscalationTrouble.ticket_id)).where(
                EscalationTrouble.parked_at.is_not(None), _has_something_ahead()
            )
        )
        or 0
    )


def forget_moot() -> int:
    """Forget the trouble of tickets on which nothing is to come any more; the caller commits.

    They were answered or closed meanwhile; if their clocks run again they are tried afresh.
    """
    gone = db.session.scalars(
        delete(EscalationTrouble)
        .where(~_has_something_ahead())
        .returning(EscalationTrouble.ticket_id)
    )
    return len(gone.all())


def _has_something_ahead() -> Any:
    return (
        select(Clock.id)
        .where(Clock.ticket_id == EscalationTrouble.ticket_id, Clock.next_at.is_not(None))
        .exists()
    )
