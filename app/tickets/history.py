"""What happened to a ticket, by whom and why: one row per fact, in the cause's transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import contains_eager

from app import bulk
from app.clocks import words
from app.clocks.ladders import NotTold
from app.database import db
from app.languages import speaking
from app.people.models import Person
from app.tickets.models import HistoryEntry, Ticket


class Entry(NamedTuple):
    """An entry as a page tells it: a `HistoryEntry` with the name of who did it, or None."""

    id: int
    at: datetime
    verb: str
    who: str | None
    facts: Mapping[str, Any]


def record(ticket: Ticket, verb: str, *, by: Person | None, at: datetime, **facts: Any) -> None:
    """Add an entry; ``by`` is None for the system. ``facts`` are plain JSON values.

    The ticket's last event and last update move to ``at``: no later verb is applied before it
    (clocks.md, "known late").
    """
    note_down(ticket, verb, by=by, at=at, **facts)
    if at > ticket.last_event_at:
        ticket.last_event_at = at
    if at > ticket.updated_at:
        ticket.updated_at = at


def begin(ticket: Ticket, *, by: Person, **facts: Any) -> None:
    """Write the first entry of a ticket that was opened just now, at its contact."""
    entry = _entry(ticket, "opened", by=by, at=ticket.contact_at, facts=facts)
    bulk.insert_all(HistoryEntry, [entry])


def record_not_told(
    ticket: Ticket, not_told: Iterable[NotTold], verb: str, *, at: datetime
) -> None:
    """Say which rungs were due but told to nobody, because ``verb`` came first (escalation.md)."""
    for missed in not_told:
        rung = missed.rung
        with speaking("en"):
            point = words.point(rung.percent, rung.offset_s, missed.nth)
            measure = words.measure(missed.measure).lower()
        note_down(
            ticket,
            "not-told",
            by=None,
            at=at,
            words=f"{point} of {measure} not told: {verb} came first",
        )


def page(
    ticket: Ticket,
    *,
    verbs: Collection[str] = (),
    actor_id: int | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 100,
) -> Sequence[HistoryEntry]:
    """A page of what happened, newest first, with who did it; one more where there is a next.

    Only ``verbs`` where any are named, only what ``actor_id`` did (0: the system); ``before`` is
    the (instant, id) of the last entry of the page before.
    """
    query = _NEWEST
    if verbs:
        query = query.where(HistoryEntry.verb.in_(sorted(verbs)))
    if actor_id is not None:
        query = query.where(HistoryEntry.actor_id == (actor_id or None))
    if before is not None:
        query = query.where(tuple_(HistoryEntry.at, HistoryEntry.id) < before)
    return db.session.scalars(query, {"ticket_id": ticket.id, "most": limit + 1}).all()


_NEWEST = (
    select(HistoryEntry)
    .where(HistoryEntry.ticket_id == bindparam("ticket_id"))
    .outerjoin(HistoryEntry.actor)
    .options(contains_eager(HistoryEntry.actor))
    .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc())
    .limit(bindparam("most"))
)


def actors_of(ticket: Ticket) -> Sequence[Person]:
    """Who has done something on the ticket, by name."""
    acted = select(HistoryEntry.actor_id).where(HistoryEntry.ticket_id == ticket.id)
    query = select(Person).where(Person.id.in_(acted)).order_by(Person.name, Person.id)
    return db.session.scalars(query.limit(100)).all()


def note_down(
    ticket: Ticket, verb: str, *, by: Person | None, at: datetime, **facts: Any
) -> HistoryEntry:
    """Add an entry that is no event of the ticket: breaches, rungs, letters."""
    entry = HistoryEntry(**_entry(ticket, verb, by=by, at=at, facts=facts))
    db.session.add(entry)
    return entry


def _entry(
    ticket: Ticket, verb: str, *, by: Person | None, at: datetime, facts: dict[str, Any]
) -> dict[str, Any]:
    actor_id = by.id if by else None
    return {"ticket_id": ticket.id, "at": at, "verb": verb, "actor_id": actor_id, "facts": facts}
