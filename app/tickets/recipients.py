"""Whom an answer reaches: the requester, those of merged tickets, and who is in copy.

One who muted the ticket reads it in the portal and gets a letter only where it asks them something.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    bindparam,
    exists,
    func,
    or_,
    select,
    union,
)

from app.database import db
from app.people.models import Person
from app.tickets.models import Mute, Participant, Ticket
from app.tickets.queries import sources_of


class Mailbox(NamedTuple):
    """A person as far as letters are concerned."""

    id: int
    name: str
    address: str | None


Reached = TypeVar("Reached", bound=Person | Mailbox)


@dataclass(frozen=True)
class Recipients(Generic[Reached]):
    """``to`` is the requester and after them those whose tickets were merged into this one."""

    to: tuple[Reached, ...]
    copies: tuple[Reached, ...]
    muted: frozenset[int]

    def told(self, *, asks: bool = False) -> tuple[Reached, ...]:
        """Everybody who gets a letter; one that ``asks`` goes to a muted requester as well."""
        copies = [each for each in self.copies if each.id not in self.muted]
        own = [each for each in self.to if asks or each.id not in self.muted]
        return (*own, *copies)

    @property
    def with_address(self) -> int:
        """How many mailboxes a letter goes to."""
        return sum(1 for each in self.told() if each.address)


def of(ticket: Ticket, *, sources: Sequence[Ticket] | None = None) -> Recipients[Person]:
    """Whom an answer on ``ticket`` reaches now; one statement, and one more for ``sources``.

    ``sources`` are the tickets that were merged into it, where the caller has them.
    """
    merged = sources_of(ticket.id) if sources is None else sources
    ids = [ticket.id, *(source.id for source in merged)]
    asked = [ticket.requester_id, *(source.requester_id for source in merged)]
    asked = [id_ for id_ in asked if id_ is not None]
    rows = db.session.execute(_REACHED, {"tickets": ids, "asked": asked}).all()
    by_id = {person.id: person for person, _ in rows}
    return Recipients(
        to=tuple(by_id[id_] for id_ in dict.fromkeys(asked) if id_ in by_id),
        copies=tuple(person for person, _ in rows if person.id not in asked),
        muted=frozenset(person.id for person, muted in rows if muted),
    )


def _reached() -> Select[Person, bool]:
    """Everybody whom an answer on ``tickets`` reaches, and whether they muted one of them.

    Those in ``asked`` are reached even where they may no longer sign in.
    """
    tickets: BindParameter[Sequence[int]] = bindparam("tickets", expanding=True)
    everybody: CompoundSelect[int | None] = union(
        select(Ticket.requester_id).where(Ticket.id.in_(tickets)),
        select(Participant.person_id).where(Participant.ticket_id.in_(tickets)),
    )
    is_muted = exists().where(Mute.person_id == Person.id, Mute.ticket_id.in_(tickets))
    since = (
        select(func.min(Participant.since_at))
        .where(Participant.person_id == Person.id, Participant.ticket_id.in_(tickets))
        .scalar_subquery()
    )
    asked = Person.id.in_(bindparam("asked", expanding=True))
    return (
        select(Person, is_muted)
        .where(Person.id.in_(everybody), or_(Person.is_active, asked))
        .order_by(since, Person.id)
    )


_REACHED = _reached()
