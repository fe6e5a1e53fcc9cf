"""Reviews: which is due when, which is open, which were held, and what they decided.

A row is made once a review comes near or is arranged; one is open at a time. Source:
agreements.md, "Review".
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.agreements.models import Agreement
from app.agreements.outlook import Outlook
from app.database import db, is_postgresql
from app.errors import NotFound
from app.obligations import review_dates
from app.obligations.models import Review, ReviewAction

AHEAD = timedelta(days=45)
"""So long before its day a review gets its row, and can be seen and arranged."""


def next_due(now: Outlook, held: Review | None) -> date | None:
    """The day on which the next review is due, after ``held``, the last one; None for none.

    Reviews from before the agreement was recorded here are nobody's concern.
    """
    rule = now.timetable.review
    if rule is None:
        return None
    after = now.today(now.known_at) - timedelta(days=1)
    if held is not None and held.held_at is not None:
        after = review_dates.after_holding(held.due_on, now.today(held.held_at))
    due = review_dates.next_due(now.first_on, rule.every_months, after=after)
    return due if now.last_on is None or due <= now.last_on else None


def open_reviews(agreement_ids: Collection[int]) -> dict[int, Review]:
    """The review of each agreement that has a row and was not held yet."""
    query = select(Review).where(Review.agreement_id.in_(agreement_ids), Review.held_at.is_(None))
    rows = db.session.scalars(query.order_by(Review.due_on.desc(), Review.id.desc()))
    return {row.agreement_id: row for row in rows}


def last_held(agreement_ids: Collection[int]) -> dict[int, Review]:
    """The review of each agreement that was held last."""
    query = select(Review).where(
        Review.agreement_id.in_(agreement_ids), Review.held_at.is_not(None)
    )
    return {row.agreement_id: row for row in db.session.scalars(query.order_by(Review.due_on))}


def held(agreement: Agreement, *, before: date | None = None, most: int = 20) -> Sequence[Review]:
    """The reviews that were held, the newest first, and one more where there is a next page."""
    query = select(Review).where(Review.agreement_id == agreement.id, Review.held_at.is_not(None))
    if before is not None:
        query = query.where(Review.due_on < before)
    return db.session.scalars(query.order_by(Review.due_on.desc()).limit(most + 1)).all()


def due_day(review_id: int | None, agreement: Agreement) -> date | None:
    """The day on which a review of this agreement was due; None for none such."""
    query = select(Review.due_on).where(Review.id == review_id, Review.agreement_id == agreement.id)
    return db.session.scalar(query) if review_id is not None else None


def review(agreement: Agreement, review_id: int) -> Review:
    """A review of this agreement; raises `NotFound` for any other."""
    found = db.session.get(Review, review_id)
    if found is None or found.agreement_id != agreement.id:
        raise NotFound("There is no such review.")
    return found


def actions(review_ids: Collection[int]) -> Sequence[ReviewAction]:
    """What these reviews decided to be done, in order."""
    query = select(ReviewAction).where(ReviewAction.review_id.in_(review_ids))
    return db.session.scalars(query.order_by(ReviewAction.review_id, ReviewAction.position)).all()


def prepare(now: Outlook, *, at: datetime, early: bool = False) -> Review | None:
    """The row of the next review, made once it comes near or, ``early``, when it is asked for.

    None where none is due; however many ask at once, they get the same.
    """
    agreement_id = now.agreement.id
    standing = open_reviews([agreement_id]).get(agreement_id)
    if standing is not None:
        return standing
    due = next_due(now, last_held([agreement_id]).get(agreement_id))
    if due is None or now.has_ended(at) or (not early and due - AHEAD > now.today(at)):
        return None
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(
        insert(Review)
        .values(agreement_id=agreement_id, due_on=due, place="", attendees=[], minutes="")
        .on_conflict_do_nothing(index_elements=["agreement_id", "due_on"])
    )
    return open_reviews([agreement_id]).get(agreement_id)
