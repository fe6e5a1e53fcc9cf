"""Leases on letters: who sends which one, and what became of it.

A lease is committed before anything is sent and carries the letter's fencing number; marks
only count while that number still stands. Source: escalation.md, "Notices and letters".
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, text, update

from app.database import UtcDateTime, db, transaction
from app.mail.models import WAITING, Letter, LetterState

GIVE_UP_AFTER = timedelta(days=5)
LONGEST_PAUSE_S = 3600

Now = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class Lease:
    """A letter as its sender holds it: a copy, so that no transaction stays open."""

    letter_id: int
    fence: int
    kind: str
    to_address: str
    to_name: str
    language: str
    zone: str | None
    ticket_id: int | None
    facts: Mapping[str, Any]
    message_id: str
    created_at: datetime
    tries: int


def is_any_due(now: Now, *, kind: str | None = None) -> bool:
    """Whether a letter, of one kind perhaps, waits to be sent; leaves no transaction open.

    Looking keeps nobody from writing: where there is nothing to send, nobody waits for it.
    """
    try:
        due = select(Letter.id).where(text(WAITING), *_is_due(now(), kind)).limit(1)
        return db.session.scalar(due) is not None
    finally:
        db.session.rollback()


def lease_next(now: Now, *, lease_s: int, kind: str | None = None) -> Lease | None:
    """Take the oldest letter that is due, urgent ones first, for ``lease_s`` seconds."""
    with transaction():
        at = now()
        letter = _oldest_due(at, kind)
        if letter is None:
            return None
        letter.state = LetterState.SENDING
        letter.fence += 1
        letter.lease_until = at + timedelta(seconds=lease_s)
        return Lease(
            letter_id=letter.id,
            fence=letter.fence,
            kind=letter.kind,
            to_address=letter.to_address,
            to_name=letter.to_name,
            language=letter.language,
            zone=letter.zone,
            ticket_id=letter.ticket_id,
            facts=letter.facts,
            message_id=letter.message_id,
            created_at=letter.created_at,
            tries=letter.tries,
        )


def mark_sent(lease: Lease, now: Now) -> bool:
    """Note that the server took the letter; False when another sender holds it by now."""
    with transaction():
        at = now()
        return _settle(
            lease,
            state=LetterState.SENT,
            sent_at=at,
            tries=lease.tries + 1,
            reason=None,
            **_answered(at),
        )


def refuse(lease: Lease, now: Now, *, reason: str) -> bool:
    """The server refuses the letter for good: it is parked, and what rests on it is judged."""
    with transaction():
        at = now()
        return _settle(
            lease,
            state=LetterState.PARKED,
            tries=lease.tries + 1,
            reason=reason[:500],
            refused_at=at,
            **_answered(at),
        )


def park(lease: Lease, reason: str) -> bool:
    """Give the letter up for ``reason``; a person may send it again from its page."""
    with transaction():
        return _settle(lease, state=LetterState.PARKED, tries=lease.tries + 1, reason=reason[:500])


def put_back(
    lease: Lease, now: Now, *, reason: str, retry_base_s: int, answered: bool = False
) -> bool:
    """Try again later: after ``retry_base_s`` · 2ⁿ seconds, at most an hour; 5 days in all.

    ``answered``: the server itself asked for that, rather than going away.
    """
    with transaction():
        at = now()
        answer = _answered(at) if answered else {}
        if at - lease.created_at >= GIVE_UP_AFTER:
            return _settle(
                lease,
                state=LetterState.PARKED,
                tries=lease.tries + 1,
                reason=reason[:500],
                **answer,
            )
        return _settle(
            lease,
            state=LetterState.QUEUED,
            tries=lease.tries + 1,
            next_try_at=at + pause(lease.tries, retry_base_s=retry_base_s),
            reason=reason[:500],
            **answer,
        )


def release(lease: Lease) -> bool:
    """Give the letter back as it was: the server failed, not the letter."""
    with transaction():
        return _settle(lease, state=LetterState.QUEUED)


def pause(tries: int, *, retry_base_s: int) -> timedelta:
    """The wait after ``tries`` earlier failures, with a fifth of jitter either way."""
    seconds = retry_base_s * 2 ** min(tries, 20) * random.uniform(0.8, 1.2)
    return timedelta(seconds=max(1, round(min(seconds, LONGEST_PAUSE_S))))


def _oldest_due(at: datetime, kind: str | None) -> Letter | None:
    for lane in (Letter.urgent.is_(True), Letter.urgent.is_(False)):
        letter = db.session.scalar(
            select(Letter)
            .where(text(WAITING), lane, *_is_due(at, kind))
            .order_by(Letter.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        if letter is not None:
            return letter
    return None


def _is_due(at: datetime, kind: str | None) -> list[ColumnElement[bool]]:
    """Whether a letter may be sent: its try has come, or the lease of its sender is over."""
    due = or_(
        and_(Letter.state == LetterState.QUEUED, Letter.next_try_at <= at),
        and_(Letter.state == LetterState.SENDING, Letter.lease_until <= at),
    )
    return [due, Letter.kind == kind] if kind else [due]


def _answered(at: datetime) -> dict[str, Any]:
    """Keep when the server first answered for this letter, whatever it said."""
    return {"answered_at": func.coalesce(Letter.answered_at, literal(at, UtcDateTime()))}


def _settle(lease: Lease, **values: Any) -> bool:
    changed = db.session.scalars(
        update(Letter)
        .where(
            Letter.id == lease.letter_id,
            Letter.fence == lease.fence,
            Letter.state == LetterState.SENDING,
        )
        .values(lease_until=None, **values)
        .returning(Letter.id)
    ).all()
    return len(changed) == 1
