"""Watching a ticket: being told what its ladder tells without looking after it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, select

from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.statements import built_once, is_numbered
from app.tickets.history import note_down
from app.tickets.models import Ticket, Watcher


def watch(ticket: Ticket, *, who: Person, because: str, by: Person | None, at: datetime) -> None:
    """Let an agent watch the ticket: every later rung of its ladder tells them, too.

    ``because`` says who or what made them a watcher; ``by`` is None for a ladder. Raises
    `Refusal` for somebody who is no agent or watches it already.
    """
    if not (who.is_agent and who.is_active):
        raise Refusal(
            _("%(name)s is no agent and cannot watch tickets.", name=who.name), field="person"
        )
    if db.session.get(Watcher, (ticket.id, who.id)) is not None:
        raise Refusal(
            _("%(name)s watches %(ref)s already.", name=who.name, ref=ticket.ref), field="person"
        )
    db.session.add(Watcher(ticket_id=ticket.id, person_id=who.id, since_at=at, because=because))
    db.session.flush()
    note_down(ticket, "watched", by=by, at=at, words=f"{who.name} watches it: {because}")


def unwatch(ticket: Ticket, *, who: Person, by: Person, at: datetime) -> None:
    """Let somebody watch the ticket no longer; `Refusal` for who does not watch it."""
    row = db.session.get(Watcher, (ticket.id, who.id))
    if row is None:
        raise Refusal(
            _("%(name)s does not watch %(ref)s.", name=who.name, ref=ticket.ref), field="person"
        )
    db.session.delete(row)
    db.session.flush()
    note_down(ticket, "unwatched", by=by, at=at, words=f"{who.name} watches it no longer")


def watchers_of(ticket_ids: Iterable[int]) -> dict[int, Sequence[Person]]:
    """Who watches each ticket, since the longest first; one statement for all."""
    found: dict[int, list[Person]] = {}
    for ticket_id, person in db.session.execute(_watchers(), {"ids": list(ticket_ids)}):
        found.setdefault(ticket_id, []).append(person)
    return dict(found)


@built_once
def _watchers() -> Select[int, Person]:
    return (
        select(Watcher.ticket_id, Person)
        .join(Person, Person.id == Watcher.person_id)
        .where(is_numbered(Watcher.ticket_id, "ids"), Person.is_active)
        .order_by(Watcher.since_at, Person.id)
    )
