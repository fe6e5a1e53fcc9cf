"""A dispute of the demo: the client contests a breach of last week, the provider answers."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.agreements.models import Agreement
from app.clocks.models import Clock
from app.database import db
from app.demo import cast
from app.disputes import deciding, queries, raising
from app.disputes.models import Subject
from app.people import queries as people

CLAIM = (
    "The machine room had no power that morning, as our facility management had announced to you."
    " Nobody could have worked on it before noon."
)
ANSWER = (
    "The announcement reached us; it spoke of the second floor alone. The explanation shows what"
    " counted meanwhile. We propose to correct it if you can send us the notice."
)


def add(*, at: datetime) -> None:
    """Martin Voss contests the newest broken promise of his agreement; Jens Adler answers."""
    with_client = select(Agreement).where(Agreement.client_id.is_not(None))
    agreement = db.session.scalars(with_client.order_by(Agreement.id)).first()
    assert agreement is not None, "the demo has an agreement with a client"
    since = at - timedelta(days=60)
    found, _next = queries.broken(agreement, since=since, at=at)
    broken = [one for one in found if _has_ended(one.clock)]
    if not broken:
        return
    clock, ticket = queries.promise(agreement, broken[0].clock.id)
    martin = people.find_person_by_address(cast.address_of("Martin Voss", "brenner-voss.example"))
    assert martin is not None
    made = raising.contest(
        agreement,
        clock,
        ticket,
        subject=Subject.BREACH,
        claim=CLAIM,
        by=martin,
        at=at - timedelta(hours=20),
    )
    deciding.say(
        made,
        agreement,
        ANSWER,
        with_evidence=True,
        by=cast.staff("Jens Adler"),
        at=at - timedelta(hours=3),
    )


def _has_ended(clock: Clock) -> bool:
    return not clock.is_open
