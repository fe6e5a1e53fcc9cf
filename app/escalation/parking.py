"""A ticket that raises undoes only itself: it backs off, and is parked after eight tries.

Source: escalation.md, "The worker" and invariant E11.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.database import db
from app.errors import Refusal
from app.escalation.models import EscalationTrouble

MOST_TRIES = 8
FIRST_PAUSE_S = 2


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


def is_free(ticket_id: int) -> None:
    """Forget the trouble of a ticket that went well."""
    trouble = db.session.get(EscalationTrouble, ticket_id)
    if trouble is not None:
        db.session.delete(trouble)


def try_again(ticket_id: int, *, at: datetime) -> None:
    """Let a ticket that was set back or parked be tried at once; `Refusal` for any other."""
    trouble = db.session.get(EscalationTrouble, ticket_id)
    if trouble is None:
        raise Refusal("This ticket is not stuck: its escalation runs.")
    trouble.parked_at, trouble.tries, trouble.next_try_at = None, 0, at
    db.session.flush()


def parked() -> Sequence[EscalationTrouble]:
    """What is parked, the oldest first."""
    return db.session.scalars(
        select(EscalationTrouble)
        .where(EscalationTrouble.parked_at.is_not(None))
        .order_by(EscalationTrouble.parked_at)
    ).all()
