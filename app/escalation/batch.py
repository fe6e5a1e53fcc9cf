"""Tickets under their locks, with everything that firing asks of them, read together.

A batch of fifty costs two dozen statements, not a dozen per ticket (performance.md, "firing one
rung"). What fires, what is told and what the history says of it is kept until the end, or until
a rung does something, and written in one statement each.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm.attributes import set_committed_value

from app import bulk, failpoints
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
from app.statements import built_once, is_numbered
from app.tickets import letters, watching
from app.tickets.models import HistoryEntry, Ticket
from app.tickets.queries import terms_ask_for, terms_of

Row = TypeVar("Row", Deadline, TicketCourse, EscalationTrouble)
Around = TypeVar("Around", Person, Organisation, Service, Team)


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
        self._like: dict[tuple[object, ...], Terms] = {}
        self._to_settle: set[int] = set()
        self._held: list[Base] = []
        self._troubled = {row.ticket_id: row for row in _all(EscalationTrouble, locked)}
        self._last_words = letters.last_words_of(locked)
        self._watchers = watching.watchers_of(locked)

    def read_courses(self, at: datetime) -> None:
        """Read at once what settling needs of the tickets that are to be settled at ``at``."""
        for ticket in self.tickets:
            self._see(ticket, at)
        if self._to_settle:
            self._held = [*_all(Deadline, self._to_settle), *_all(TicketCourse, self._to_settle)]

    def is_to_settle(self, ticket: Ticket) -> bool:
        """Whether settling the ticket would write anything, as it was read or renewed last."""
        return ticket.id in self._to_settle

    def renew(self, ticket: Ticket, at: datetime) -> Ticket:
        """The ticket and its clocks as a deed of its ladder left them."""
        self.write()
        self.asked.clear()
        self._terms.pop(ticket.id, None)
        renewed = self._lock([ticket.id])[ticket.id]
        self.board.read([ticket.id])
        self._watchers.update(watching.watchers_of([ticket.id]))
        self._see(renewed, at)
        return renewed

    def terms(self, ticket: Ticket) -> Terms:
        """What the ticket's version promises for what it is now."""
        terms = self._terms.get(ticket.id)
        if terms is None:
            like = terms_ask_for(ticket)
            terms = self._like.get(like) or terms_of(ticket)
            self._terms[ticket.id] = self._like[like] = terms
        return terms

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
        bulk.insert_all(HistoryEntry, self._history)
        given = [{"why": why, "id": id} for id, why in self._reasons.items()]
        bulk.update_all(Ticket, given, by="id")
        telling.tell_all(self._tellings)
        self._history, self._reasons, self._tellings = [], {}, []

    def _see(self, ticket: Ticket, at: datetime) -> None:
        """Note whether the ticket is to be settled."""
        at = max(at, ticket.last_event_at)
        self._to_settle.discard(ticket.id)
        if self.board.is_to_settle(ticket.id, self.terms(ticket), at):
            self._to_settle.add(ticket.id)

    def _lock(self, ticket_ids: Sequence[int]) -> dict[int, Ticket]:
        """The tickets as they stand under their locks, without those that others hold."""
        found = db.session.scalars(_locked(), {"ids": ticket_ids}).all()
        asked = {id for ticket in found for id in (ticket.requester_id, ticket.assignee_id)}
        people = _rows(Person, asked)
        organisations = _rows(Organisation, {ticket.organisation_id for ticket in found})
        self._around = [
            people,
            organisations,
            _rows(Service, {ticket.service_id for ticket in found}),
            _rows(Team, {ticket.team_id for ticket in found}),
        ]
        for ticket in found:
            set_committed_value(ticket, "requester", people.get(ticket.requester_id))
            set_committed_value(ticket, "assignee", people.get(ticket.assignee_id))
            set_committed_value(ticket, "organisation", organisations.get(ticket.organisation_id))
        return {ticket.id: ticket for ticket in found}


@built_once
def _locked() -> Select[Any]:
    return (
        select(Ticket)
        .where(is_numbered(Ticket.id, "ids"))
        .with_for_update(of=Ticket, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _rows(model: type[Around], ids: Iterable[int | None]) -> Mapping[int | None, Around]:
    """The rows of those ids, held by the session as long as they are held here."""
    wanted = [id for id in ids if id is not None]
    if not wanted:
        return {}
    found = db.session.scalars(_by_id(model), {"ids": wanted})
    return {row.id: row for row in found}


def _all(model: type[Row], ticket_ids: Iterable[int]) -> Sequence[Row]:
    given = {"ids": list(ticket_ids)}
    return db.session.scalars(_by_ticket(model), given).all()


@built_once
def _by_id(model: type[Around]) -> Select[Any]:
    return select(model).where(is_numbered(model.id, "ids"))


@built_once
def _by_ticket(model: type[Row]) -> Select[Any]:
    return select(model).where(is_numbered(model.ticket_id, "ids"))
