"""Rows of reviews that come near: made once, by the worker."""

from collections.abc import Callable
from datetime import datetime

from app.agreements import outlook
from app.obligations import reviews

Now = Callable[[], datetime]


def due(at: datetime) -> list[int]:
    """The agreements whose next review comes near and has no row yet."""
    found = [one for one in outlook.all_signed() if not one.has_ended(at)]
    ids = [one.agreement.id for one in found]
    has_row, held = reviews.open_reviews(ids), reviews.last_held(ids)
    near = [
        (one, reviews.next_due(one, held.get(one.agreement.id)))
        for one in found
        if one.agreement.id not in has_row
    ]
    return [
        one.agreement.id
        for one, due_on in near
        if due_on is not None and due_on - reviews.AHEAD <= one.today(at)
    ]


def prepare(agreement_id: int, now: Now) -> bool:
    """Make the row of an agreement's next review; whether there is one to come."""
    ahead = outlook.for_change(agreement_id)
    return reviews.prepare(ahead, at=now()) is not None
