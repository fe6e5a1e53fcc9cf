"""The self-check of every open clock, with the terms of its ticket; and its repair by hand."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from app.agreements.terms import Terms
from app.clocks import checking
from app.clocks.checking import KEPT, Drift, Page, Report
from app.database import db, transaction
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.tickets.history import note_down
from app.tickets.models import Ticket
from app.tickets.queries import for_change, terms_of

Now = Callable[[], datetime]


def pages() -> Iterator[Page]:
    """Check page after page (`checking.pages`); the caller may stop in between."""
    return checking.pages(terms_of_all)


def check(now: Now, *, stopping: Callable[[], bool]) -> Report | None:
    """Check everything and keep the report; None, and nothing kept, once ``stopping()``."""
    done: list[Page] = []
    for page in pages():
        done.append(page)
        if stopping():
            return None
    return report(done, at=now())


def report(done: Sequence[Page], *, at: datetime) -> Report:
    """Keep what all the pages of one check found as its report."""
    drifts = [drift for page in done for drift in page.drifts]
    found = Report(
        at,
        sum(page.tickets for page in done),
        sum(page.clocks for page in done),
        len(drifts),
        tuple(drifts[:KEPT]),
    )
    db.session.rollback()  # what was only read ends here: on SQLite a reader cannot turn writer
    with transaction():
        checking.keep(found)
    return found


def repair(ticket_id: int, *, by: Person | None, now: Now) -> Sequence[Drift]:
    """Rewrite the clocks of one ticket from their events, under its lock; what differed.

    The history names each column with both values. Raises `Refusal` where the events
    themselves are broken: that needs a backup, not a rewrite.
    """
    ticket = for_change(ticket_id)
    drifts = checking.check([ticket_id], terms_of_all).drifts
    if not drifts:
        return ()
    try:
        checking.rewrite(ticket_id, terms_of(ticket))
    except (ValueError, KeyError) as error:
        raise Refusal(
            _("The events of %(ref)s make no clock: %(error)s", ref=ticket.ref, error=error)
        ) from error
    for drift in drifts:
        changed = "; ".join(
            f"{each.column} was {each.stored}, is {each.folded}" for each in drift.differences
        )
        note_down(
            ticket,
            "clock-repaired",
            by=by,
            at=max(now(), ticket.last_event_at),
            words=f"{drift.measure} {drift.sequence} rewritten from its events: {changed}",
        )
    return drifts


def terms_of_all(ticket_ids: Sequence[int]) -> dict[int, Terms]:
    """What the tickets' own versions promise; one that its version no longer covers is left out."""
    query = select(Ticket).where(Ticket.id.in_(ticket_ids))
    found: dict[int, Terms] = {}
    for ticket in db.session.scalars(query):
        try:
            found[ticket.id] = terms_of(ticket)
        except Refusal:
            continue
    return found
