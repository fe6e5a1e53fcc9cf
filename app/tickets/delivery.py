"""What became of the letters of each message: waiting, taken by a mail server, or come back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select

from app.database import db
from app.mail.models import Letter, LetterState
from app.notices.models import Notice
from app.people.models import Person

EVENT = "message:"
MOST = 1000


class Way(StrEnum):
    """How far a letter has come."""

    HELD = "held"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    CAME_BACK = "came back"
    NOT_SENT = "not sent"
    NO_LETTER = "no letter"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One person's letter of a message: where it stands, since when, and why not further.

    ``letter_id`` is None where none was written: it waits for the undo, or the person has no
    address or wants no letters.
    """

    name: str
    address: str
    way: Way
    at: datetime | None
    reason: str
    letter_id: int | None


_TOLD = (
    select(
        Notice.event,
        Notice.held_until,
        Notice.by_letter,
        Person.name,
        Person.address,
        Letter.id,
        Letter.to_name,
        Letter.to_address,
        Letter.state,
        Letter.answered_at,
        Letter.sent_at,
        Letter.refused_at,
        Letter.reason,
    )
    .join(Person, Person.id == Notice.person_id)
    .outerjoin(Letter, Letter.id == Notice.letter_id)
    .where(
        Notice.ticket_id.in_(bindparam("tickets", expanding=True)),
        Notice.event.startswith(EVENT),
        Notice.kind != "requester-wrote",
        Notice.withdrawn_at.is_(None),
    )
    .order_by(Notice.id.desc())
    .limit(MOST)
)


def of_tickets(ticket_ids: Iterable[int], *, at: datetime) -> Mapping[int, Sequence[Delivery]]:
    """By message, how far each letter has come at ``at``, in the order told; one statement."""
    found: dict[int, list[Delivery]] = {}
    for row in reversed(db.session.execute(_TOLD, {"tickets": list(ticket_ids)}).all()):
        number = row.event.removeprefix(EVENT)
        if number.isdigit():
            found.setdefault(int(number), []).append(_delivery(row, at))
    return found


def _delivery(row: Any, now: datetime) -> Delivery:
    if row.id is None:
        way = Way.WAITING
        if not row.by_letter or not row.address:
            way = Way.NO_LETTER
        elif row.held_until is not None and row.held_until > now:
            way = Way.HELD
        return Delivery(row.name, row.address or "", way, row.held_until, "", None)
    way, at = _way(row.state, row.answered_at or row.sent_at, row.refused_at)
    return Delivery(row.to_name, row.to_address, way, at, row.reason or "", row.id)


def _way(
    state: LetterState, accepted_at: datetime | None, refused_at: datetime | None
) -> tuple[Way, datetime | None]:
    if refused_at is not None:
        return Way.CAME_BACK, refused_at
    if state is LetterState.SENT:
        return Way.ACCEPTED, accepted_at
    return (Way.NOT_SENT if state is LetterState.PARKED else Way.WAITING), None
