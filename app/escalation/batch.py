"""Tickets under their locks, with everything that firing asks of them, read together.

A batch of fifty costs two dozen statements, not a dozen per ticket (performance.md, "firing one
rung"). What fires, what is told and what the history says of it is kept until the end, or until
a rung does something, and written in one statement each.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert, select

from app.catalogue.models import Service
from app.clocks.coming import Board
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
_NOTED_DOWN = insert(HistoryEntry)


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
        self._held: list[Base] = []
        self._troubled = {row.ticket_id: row for row in _all(EscalationTrouble, locked)}
        self._last_words = letters.last_words_of(locked)
        self._watchers = watching.watchers_of(locked)

    def read_courses(self, at: datetime) -> None:
        """Read at once what settling needs of the tickets that are to be settled at ``at``."""
        ids = [
            ticket.id
            for ticket in self.tickets
            if self.board.is_to_settle(ticket.id, terms_of(ticket), at)
        ]
        if ids:
            self._held = [*_all(Deadline, ids), *_all(TicketCourse, ids)]

    def renew(self, ticket: Ticket) -> Ticket:
        """The ticket and its clocks as a deed of its ladder left them."""
        self.asked.clear()
        renewed = self._lock([ticket.id])[ticket.id]
        self.board.read([ticket.id])
        self._watchers.update(watching.watchers_of([ticket.id]))
        return renewed

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

    def went_well(self, ticket: Ticket) -> None:
        """Forget the trouble that the ticket had before."""
        trouble = self._troubled.pop(ticket.id, None)
        if trouble is not None:
            db.session.delete(trouble)

    def write(self) -> None:
        """Write everything that is still only in memory."""
        self.board.write()
        if self._history:
            db.session.connection().execute(_NOTED_DOWN, self._history)
        telling.tell_all(self._tellings)
        self._history, self._tellings = [], []
        db.session.flush()

    def _lock(self, ticket_ids: Sequence[int]) -> dict[int, Ticket]:
        """The tickets as they stand under their locks, without those that others hold."""
        found = db.session.scalars(
            select(Ticket)
            .where(Ticket.id.in_(ticket_ids))
            .with_for_update(of=Ticket, key_share=True, skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        people = {id for ticket in found for id in (ticket.requester_id, ticket.assignee_id) if id}
        self._around = [
            *db.session.scalars(select(Person).where(Person.id.in_(people))),
            *_rows(Organisation, {ticket.organisation_id for ticket in found}),
            *_rows(Service, {ticket.service_id for ticket in found}),
            *_rows(Team, {ticket.team_id for ticket in found}),
        ]
        return {ticket.id: ticket for ticket in found}


def _rows(model: type[Organisation | Service | Team], ids: Iterable[int | None]) -> Sequence[Base]:
    wanted = [id for id in ids if id is not None]
    return db.session.scalars(select(model).where(model.id.in_(wanted))).all() if wanted else ()


def _all(model: type[Row], ticket_ids: Iterable[int]) -> Sequence[Row]:
    return db.session.scalars(select(model).where(model.ticket_id.in_(list(ticket_ids)))).all()
