"""Where a ticket stands in all that many tickets are changed in at once, and how it is put back.

Source: product.md, "The queue page" (bulk actions can be undone for 10 seconds).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.errors import Refusal
from app.languages import gettext as _
from app.notices import telling
from app.people.models import Person
from app.tickets import lifecycle, queries, stands
from app.tickets.desk_models import BulkChange
from app.tickets.models import Ticket
from app.tickets.remembering import put_back, remembered
from app.tickets.words import Status

Now = Callable[[], datetime]


def undo(made: BulkChange, *, by: Person, now: Now) -> list[tuple[int, str]]:
    """Put back every ticket that still stands as the change left it; the others, each with why.

    Raises `Refusal` when the time for it is over, it was undone before, or somebody else's.
    """
    if made.person_id != by.id:
        raise Refusal(_("Only who made this change can take it back."))
    if made.undone_at is not None:
        raise Refusal(_("This change is taken back already."))
    if made.undo_until is None or now() > made.undo_until:
        raise Refusal(_("It is too late to take this change back."))
    left = []
    for each in made.results:
        if each["error"] is not None:
            continue
        ticket = queries.for_change(each["ticket"])
        if stand(ticket) != each["now"]:
            left.append((ticket.id, _("%(ref)s was changed since.", ref=ticket.ref)))
            continue
        _put_back(ticket, each["was"], by=by, at=max(now(), ticket.last_event_at))
        if each["told"]:
            telling.withdraw(each["told"], at=now())
    made.undone_at = now()
    return left


def stand(ticket: Ticket) -> dict[str, Any]:
    """Where the ticket stands in all that a deed can change, as plain JSON."""
    return stands.stand(ticket) | {"stand": remembered(ticket)}


def _put_back(ticket: Ticket, was: dict[str, Any], *, by: Person, at: datetime) -> None:
    if was["stand"]["status"] != ticket.status.value:
        status = Status(was["stand"]["status"])
        lifecycle.move(ticket, status, by=by, at=at, reason=stands.UNDONE)
    stands.restore(ticket, was, by=by, at=at)
    put_back(ticket, was["stand"])
