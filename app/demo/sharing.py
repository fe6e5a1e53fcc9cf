"""What the requester's side of the demo does besides asking: it shares, reads along, and rates."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from app.database import db
from app.demo import cast
from app.people import limiting
from app.people import queries as people
from app.tickets import copying, queries
from app.tickets.models import Rating, Ticket
from app.tickets.words import DONE

SHARES = "Brenner & Voss"
ASKS, READS = "elke.sommer@brenner-voss.example", "martin.voss@brenner-voss.example"
EVERY = 3
"""Every so many solved tickets are rated."""

SAID = (
    (5, "Quick, and explained so that I understood it."),
    (5, ""),
    (4, ""),
    (5, "Thank you!"),
    (4, "It took two questions, but it works."),
    (3, ""),
    (5, ""),
    (4, ""),
    (2, "I had to ask twice before anybody looked."),
    (5, ""),
)
"""Scores and comments, by turns."""


def add(*, at: datetime) -> None:
    """Let one client share its requests, one colleague read along, and every third be rated."""
    organisation = people.find_organisation_by_name(SHARES)
    if organisation is not None:
        limiting.share(organisation, shares=True, by=cast.staff("Jens Adler"))
    _copy(at=at)
    _rate(at=at)


def _copy(*, at: datetime) -> None:
    asker, reader = (people.find_person_by_address(address) for address in (ASKS, READS))
    if asker is None or reader is None:
        return
    newest = db.session.scalar(
        select(Ticket.id)
        .where(Ticket.requester_id == asker.id, Ticket.is_open)
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    if newest is not None:
        copying.put_in_copy(queries.for_change(newest), who=reader, by=asker, at=at)


def _rate(*, at: datetime) -> None:
    solved = db.session.execute(
        select(Ticket.id, Ticket.requester_id, Ticket.resolved_at).where(
            Ticket.status.in_(DONE),
            Ticket.resolved_at.is_not(None),
            Ticket.requester_id.is_not(None),
            Ticket.id % EVERY == 0,
        )
    )
    rows = []
    for id, person_id, resolved_at in solved:
        score, comment = SAID[id // EVERY % len(SAID)]
        rated_at = min((resolved_at or at) + timedelta(hours=2), at)
        rows.append(
            {
                "ticket_id": id,
                "person_id": person_id,
                "score": score,
                "comment": comment,
                "at": rated_at,
            }
        )
    if rows:
        db.session.execute(insert(Rating), rows)
