"""For two of the bugs: what is due is read in one transaction and fired in the next, unasked."""

from collections.abc import Callable
from typing import Any

from app.clocks import coming
from app.clocks.board import Board
from app.database import db, transaction
from app.escalation import firing
from app.tickets.models import Ticket
from app.tickets.queries import terms_of
from tests.faults.planted import swap


def plant(pause: Callable[[], None]) -> None:
    """``pause`` is what happens between reading and firing."""
    found: dict[int, list[Any]] = {}
    fire_due, due_tickets, come_due = firing.fire_due, firing._due_tickets, coming.come_due

    def read(now: Any) -> None:
        found.clear()
        with transaction():
            at = now()
            for ticket_id in due_tickets(at, 50):
                terms = terms_of(db.session.get_one(Ticket, ticket_id))
                board = Board([ticket_id])
                found[ticket_id] = come_due(ticket_id, terms=terms, at=at, board=board)

    def fire(now: Any, **given: Any) -> Any:
        read(now)
        if not found:
            return firing.Fired()
        pause()
        return fire_due(now, **given)

    def stale(ticket_id: int, **given: Any) -> list[Any]:
        if ticket_id in found:
            return found.pop(ticket_id)
        return come_due(ticket_id, **given)

    swap(firing, "fire_due", fire)
    swap(firing, "_due_tickets", lambda _at, _most: list(found))
    swap(firing, "_refuse_to_spin", lambda *_: None)
    swap(coming, "come_due", stale)
