"""What became of the letters of each message: waiting, taken by a mail server, or come back.

The statement that reads them is a part of `app.tickets.beside_facts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, String, and_, case, func, literal_column, null, or_

from app.mail.models import Letter, LetterState
from app.notices.models import Notice
from app.people.models import Person
from app.statements import spelled

EVENT = "message:"
MOST = 1000
TICKET_ID = Notice.ticket_id
Facts = TypeVar("Facts", bound=Select[Any])


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


class Told(NamedTuple):
    """The columns of a `Delivery`; ``event_and_reason`` are two words, the first without blanks."""

    notice_id: ColumnElement[int]
    letter_id: ColumnElement[int]
    event_and_reason: ColumnElement[str]
    name: ColumnElement[str]
    address: ColumnElement[str]
    way: ColumnElement[str]
    at: ColumnElement[datetime | None]


def told(now: ColumnElement[datetime]) -> Told:
    """The columns of each letter at ``now``; `joined` says of which."""
    none, nothing = Letter.id.is_(None), literal_column("''", String)
    has_address = func.coalesce(Person.address, nothing) != nothing
    is_sent = Letter.state == spelled(LetterState.SENT)
    way = case(
        (and_(none, or_(~Notice.by_letter, ~has_address)), spelled(Way.NO_LETTER)),
        (and_(none, Notice.held_until > now), spelled(Way.HELD)),
        (none, spelled(Way.WAITING)),
        (Letter.refused_at.is_not(None), spelled(Way.CAME_BACK)),
        (is_sent, spelled(Way.ACCEPTED)),
        (Letter.state == spelled(LetterState.PARKED), spelled(Way.NOT_SENT)),
        else_=spelled(Way.WAITING),
    )
    at = case(
        (none, Notice.held_until),
        (Letter.refused_at.is_not(None), Letter.refused_at),
        (is_sent, func.coalesce(Letter.answered_at, Letter.sent_at)),
        else_=null(),
    )
    blank = literal_column("' '", String)
    return Told(
        notice_id=Notice.id.expression,
        letter_id=Letter.id.expression,
        event_and_reason=Notice.event + blank + func.coalesce(Letter.reason, nothing),
        name=func.coalesce(Letter.to_name, Person.name),
        address=func.coalesce(Letter.to_address, Person.address, nothing),
        way=way,
        at=at,
    )


def joined(facts: Facts) -> Facts:
    """Of what was told of messages by now, with its letter where one was written."""
    about_messages = Notice.event.like(literal_column(f"'{EVENT}%'"))
    return (
        facts.join_from(Notice, Person, Person.id == Notice.person_id)
        .outerjoin(Letter, Letter.id == Notice.letter_id)
        .where(
            about_messages,
            Notice.kind != literal_column("'requester-wrote'"),
            Notice.withdrawn_at.is_(None),
        )
    )


def by_message(letters: Iterable[tuple[str, Delivery]]) -> Mapping[int, Sequence[Delivery]]:
    """By message, how far each letter has come, in the order told; with each its event."""
    found: dict[int, list[Delivery]] = {}
    for event, one in letters:
        number = event.removeprefix(EVENT)
        if number.isdigit():
            found.setdefault(int(number), []).append(one)
    return found
