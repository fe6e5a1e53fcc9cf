"""Tickets under their locks, with everything that firing asks of them, read together.

A batch of fifty costs two dozen statements, not a dozen per ticket (performance.md, "firing one
rung"). What fires, what is told and what the history says of it is kept until the end, or until
a rung does something, and written in one statement each.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Select, bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from app import failpoints
from app.agreements.terms import Terms
from app.catalogue.models import Service
from app.clocks.board import Board
from app.clocks.models import Deadline, TicketCourse
from app.database import Base, db
from app.escalation.models import EscalationTrouble
from app.escalation.responsible import Asked
from app.notices import telling
from app.notices.telling import Telling
from app.people.models import Organisation, Person, Team
from app.tickets import letters, watching
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.queries import terms_of

Row = TypeVar("Row", Deadline, TicketCourse, EscalationTrouble)

# Statements are made once: a batch is short, and making them would be most of it.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LOCKED = (
    select(Ticket)
    .where(Ticket.id.in_(_IDS))
    .with_for_update(of=Ticket, key_share=True, skip_locked=True)
    .execution_options(populate_existing=True)
)
_BY_ID: dict[type[Base], Select[Any]] = {
    model: select(model).where(model.id.in_(_IDS))
    for model in (Person, Organisation, Service, Team)
}
_BY_TICKET: dict[type[Base], Select[Any]] = {
    model: select(model).where(model.ticket_id.in_(_IDS))
    for model in (Deadline, TicketCourse, EscalationTrouble)
}
_NOTED_DOWN = insert(HistoryEntry)
_GIVEN = (
    update(Ticket.__table__)  # type: ignore[arg-type]
    .where(Ticket.id == bindparam("ticket_id"))
    .values(why=bindparam("why"))
)


class Batch:
    """The tickets of one transaction, in the order in which they were asked for.

    A ticket that another process holds is not among them. Everything read is held here: the
    session itself holds only what was changed.
    """

    def __init__(self, ticket_ids: Sequence[int]) -> None:
        """Lock the tickets and read what firing needs of them."""
        locked = self._lock(ticket_ids)
        self.tickets = [locked[ticket_id] for ticket_id in ticket_ids if ticket_id in locked]
        self.board = Board(locked)
        self.asked: Asked = {}
        self._tellings: list[Telling] = []
        self._history: list[dict[str, Any]] = []
        self._reasons: dict[int, str] = {}
        self._terms: dict[int, Terms] = {}
        self._held: list[Base] = []
        self._troubled = {row.ticket_id: row for row in _all(EscalationTrouble, locked)}
        self._last_words = letters.last_words_of(locked)
        self._watchers = watching.watchers_of(locked)

    def read_courses(self, at: datetime) -> None:
        """Read at once what settling needs of the tickets that are to be settled at ``at``."""
        ids = [
            ticket.id
            for ticket in self.tickets
            if self.board.is_to_settle(ticket.id, self.terms(ticket), at)
        ]
        if ids:
            self._held = [*_all(Deadline, ids), *_all(TicketCourse, ids)]

    def renew(self, ticket: Ticket) -> Ticket:
        """The ticket and its clocks as a deed of its ladder left them."""
        self.write()
        self.asked.clear()
        self._terms.pop(ticket.id, None)
        renewed = self._lock([ticket.id])[ticket.id]
        self.board.read([ticket.id])
        self._watchers.update(watching.watchers_of([ticket.id]))
        return renewed

    def terms(self, ticket: Ticket) -> Terms:
        """What the ticket's version promises for what it is now."""
        if ticket.id not in self._terms:
            self._terms[ticket.id] = terms_of(ticket)
        return self._terms[ticket.id]

    def last_words(self, ticket: Ticket) -> Mapping[str, Any] | None:
        """The last message of the requester's side, as letters quote it."""
        return self._last_words.get(ticket.id)

    def watchers(self, ticket: Ticket) -> Sequence[Person]:
        """Who watches the ticket."""
        return self._watchers.get(ticket.id, ())

    def tell(self, telling: Telling) -> None:
        """Keep what is to be told until `write`."""
        self._tellings.append(telling)

    def note_down(self, ticket: Ticket, verb: str, *, at: datetime, **facts: Any) -> None:
        """Keep what the ticket's history is to say, as `history.note_down` does, until `write`."""
        entry = {"ticket_id": ticket.id, "at": at, "verb": verb, "actor_id": None, "facts": facts}
        self._history.append(entry)

    def give_reason(self, ticket: Ticket, why: str) -> None:
        """Keep why the ticket stands where it does, as the queue says it, until `write`."""
        set_committed_value(ticket, "why", why)
        self._reasons[ticket.id] = why

    def went_well(self, ticket: Ticket) -> None:
        """Forget the trouble that the ticket had before."""
        trouble = self._troubled.pop(ticket.id, None)
        if trouble is not None:
            db.session.delete(trouble)

    def write(self) -> None:
        """Write everything that is still only in memory."""
        db.session.flush()
        self.board.write()
        failpoints.reach("firing.half_written")
        connection = db.session.connection()
        if self._history:
            connection.execute(_NOTED_DOWN, self._history)
        if self._reasons:
            given = [{"ticket_id": id, "why": why} for id, why in self._reasons.items()]
            connection.execute(_GIVEN, given)
        telling.tell_all(self._tellings)
        self._history, self._reasons, self._tellings = [], {}, []

    def _lock(self, ticket_ids: Sequence[int]) -> dict[int, Ticket]:
        """The tickets as they stand under their locks, without those that others hold."""
        found = db.session.scalars(_LOCKED, {"ids": ticket_ids}).all()
        people = {id for ticket in found for id in (ticket.requester_id, ticket.assignee_id)}
        self._around = [
            *_rows(Person, people),
            *_rows(Organisation, {ticket.organisation_id for ticket in found}),
            *_rows(Service, {ticket.service_id for ticket in found}),
            *_rows(Team, {ticket.team_id for ticket in found}),
        ]
        return {ticket.id: ticket for ticket in found}


def _rows(model: type[Base], ids: Iterable[int | None]) -> Sequence[Base]:
    """The rows of those ids, held by the session as long as they are held here."""
    wanted = [id for id in ids if id is not None]
    return db.session.scalars(_BY_ID[model], {"ids": wanted}).all() if wanted else ()


def _all(model: type[Row], ticket_ids: Iterable[int]) -> Sequence[Row]:
    return db.session.scalars(_BY_TICKET[model], {"ids": list(ticket_ids)}).all()
