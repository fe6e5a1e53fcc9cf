"""Tickets under their locks, with everything that firing asks of them, read together.

A batch of fifty costs a dozen statements, not a dozen per ticket (performance.md, "firing one
rung"). What is told is kept until the end and written in one statement.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert, inspect, select

from app.catalogue.models import Service
from app.clocks.coming import Board
from app.clocks.models import Deadline, Escalation, TicketCourse
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
        """Keep what is to be told until `finish`."""
        self._tellings.append(telling)

    def went_well(self, ticket: Ticket) -> None:
        """Forget the trouble that the ticket had before."""
        trouble = self._troubled.pop(ticket.id, None)
        if trouble is not None:
            db.session.delete(trouble)

    def finish(self) -> None:
        """Write everything that is still only in memory."""
        telling.tell_all(self._tellings)
        self._tellings = []
        for model in (Escalation, HistoryEntry):
            _insert_together(model)
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


def _insert_together(model: type[Base]) -> None:
    """Insert the new rows of ``model`` in one statement that asks for no ids back.

    They leave the session: nobody changes them any more in this batch.
    """
    fresh = [one for one in db.session.new if isinstance(one, model)]
    columns = [column.key for column in inspect(model).column_attrs if column.key != "id"]
    for one in fresh:
        db.session.expunge(one)
    if fresh:
        rows = [{name: getattr(one, name) for name in columns} for one in fresh]
        db.session.connection().execute(insert(model), rows)


def _rows(model: type[Organisation | Service | Team], ids: Iterable[int | None]) -> Sequence[Base]:
    wanted = [id for id in ids if id is not None]
    return db.session.scalars(select(model).where(model.id.in_(wanted))).all() if wanted else ()


def _all(model: type[Row], ticket_ids: Iterable[int]) -> Sequence[Row]:
    return db.session.scalars(select(model).where(model.ticket_id.in_(list(ticket_ids)))).all()
