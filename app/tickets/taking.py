"""Take next: the ticket that is due first and that nobody has; two agents never get the same.

On PostgreSQL a row that somebody else is just taking is skipped; on SQLite whoever writes is
alone. Source: product.md, "The queue page".
"""

from collections.abc import Callable
from datetime import datetime

from app.clocks.models import Deadline
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people.access import Sight
from app.people.models import Person
from app.qualifications import holding
from app.tickets import assignment, queries, queue
from app.tickets.filters import Filter
from app.tickets.models import Ticket
from app.tickets.words import Status


def take_next(sight: Sight, chosen: Filter, *, by: Person, now: Callable[[], datetime]) -> Ticket:
    """Give ``by`` the first ticket of ``chosen`` that needs an agent, has none, and is for them.

    Services that require a qualification which ``by`` lacks are passed over. ``now`` is asked
    once before looking and once after the lock. Raises `Refusal` when there is none.
    """
    barred = holding.barred(by.id, at=now())
    query = (
        queue.matching(sight, chosen, at=now())
        .where(
            Ticket.assignee_id.is_(None),
            Ticket.status.in_((Status.NEW, Status.OPEN)),
            Ticket.service_id.is_(None) | Ticket.service_id.not_in(barred),
        )
        .with_only_columns(Ticket.id, maintain_column_froms=True)
        .order_by(Deadline.order_at, Deadline.ticket_id)
        .limit(1)
        .with_for_update(of=Ticket, skip_locked=True, key_share=True)
    )
    ticket_id = db.session.scalar(query)
    if ticket_id is None:
        raise Refusal(_("Nothing here is waiting for somebody to take it."))
    ticket = queries.for_change(ticket_id)
    assignment.take(ticket, by=by, at=now())
    return ticket
