"""Firing what is due: the unit of work is the ticket, the state in the tables is the truth.

Level-triggered: everything due and unfired, oldest first, whoever asks and however late. A
ticket is locked, read again, settled, and everything due on all its clocks fires in order;
escalations, history, actions and notices are in one transaction under unique keys.
Source: escalation.md, "The worker" and invariants E1 to E7.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.agreements.terms import Terms
from app.clocks import coming, running, words
from app.clocks.coming import Come
from app.clocks.models import Clock
from app.database import db, transaction
from app.escalation import acting, facts, parking
from app.escalation.models import EscalationTrouble
from app.escalation.responsible import Told, people_for
from app.notices import telling
from app.tickets.history import note_down
from app.tickets.models import Ticket
from app.tickets.queries import terms_of

MOST_TICKETS = 50
BATCH_S = 0.05

Now = Callable[[], datetime]
log = structlog.get_logger()


@dataclass(frozen=True)
class Fired:
    """What one batch did; ``more`` says that there is more to do at once."""

    tickets: int = 0
    rungs: int = 0
    troubled: int = 0
    more: bool = False


def fire_due(now: Now, *, most: int = MOST_TICKETS, budget_s: float = BATCH_S) -> Fired:
    """Fire what is due on up to ``most`` tickets, in one transaction.

    ``now`` is asked once for the batch and again after each lock. A ticket that raises undoes
    only itself and is set back.
    """
    started = time.monotonic()
    tickets = rungs = troubled = 0
    with transaction():
        waiting = _due_tickets(now(), most)
        for place, ticket_id in enumerate(waiting):
            if place and time.monotonic() - started > budget_s:
                break
            try:
                with db.session.begin_nested():
                    rungs += _fire_ticket(ticket_id, now)
                tickets += 1
            except Exception as error:
                troubled += 1
                log.error("escalation failed", ticket=ticket_id, exc_info=error)
                parking.set_back(ticket_id, error, at=now())
    return Fired(tickets, rungs, troubled, more=bool(waiting))


def _due_tickets(at: datetime, most: int) -> list[int]:
    """The tickets with something due, the oldest first, without those set back or parked."""
    found = db.session.scalars(
        select(Clock.ticket_id)
        .outerjoin(EscalationTrouble, EscalationTrouble.ticket_id == Clock.ticket_id)
        .where(
            Clock.next_at.is_not(None),
            Clock.next_at < at,
            or_(
                EscalationTrouble.ticket_id.is_(None),
                EscalationTrouble.parked_at.is_(None) & (EscalationTrouble.next_try_at <= at),
            ),
        )
        .order_by(Clock.next_at, Clock.ticket_id)
        .limit(most)
    )
    return list(dict.fromkeys(found))


def _fire_ticket(ticket_id: int, now: Now) -> int:
    """Fire everything due on one ticket; the number of rungs. 0 where another has its lock."""
    ticket = db.session.scalar(
        select(Ticket)
        .where(Ticket.id == ticket_id)
        .with_for_update(of=Ticket, skip_locked=True)
        .options(
            joinedload(Ticket.requester),
            joinedload(Ticket.assignee),
            joinedload(Ticket.organisation),
            joinedload(Ticket.service),
        )
        .execution_options(populate_existing=True)
    )
    if ticket is None:
        return 0
    at = max(now(), ticket.last_event_at)
    terms = terms_of(ticket)
    running.settled(ticket.id, terms=terms, at=at)
    come = coming.come_due(ticket.id, terms=terms, at=at)
    if not come:
        coming.look_ahead(ticket.id, terms=terms)
    for one in come:
        _fire(ticket, one, terms, at)
    parking.is_free(ticket.id)
    return len(come)


def _fire(ticket: Ticket, come: Come, terms: Terms, at: datetime) -> None:
    clock = db.session.get_one(Clock, come.clock_id)
    if come.covered and not come.moved:
        coming.fired(ticket.id, [(come, [])], terms=terms, at=at)
        return
    told = people_for(_roles(come), ticket, at=at)
    for each in told:
        _tell(ticket, clock, come, each, terms, at)
    done = acting.act(ticket, clock, come, at=at) if not come.covered else []
    coming.fired(ticket.id, [(come, [each.as_json() for each in told])], terms=terms, at=at)
    _write_down(ticket, clock, come, told, done, at)


def _roles(come: Come) -> tuple[str, ...]:
    """A change that moved rungs into the past is told to the assignee, too."""
    return ("assignee", *come.rung.responsible) if come.moved else come.rung.responsible


def _tell(
    ticket: Ticket, clock: Clock, come: Come, told: Told, terms: Terms, at: datetime
) -> None:
    outside = not told.person.is_agent
    telling.tell(
        told.person,
        "client-promise" if outside else "escalation",
        event=come.key,
        ticket_id=ticket.id,
        at=at,
        urgent=True,
        facts=facts.of_clock(ticket, clock, come, terms, at)
        if outside
        else facts.of_escalation(ticket, clock, come, told, terms, at),
    )


def _write_down(
    ticket: Ticket, clock: Clock, come: Come, told: list[Told], done: list[str], at: datetime
) -> None:
    names = " and ".join(f"{each.person.name} {each.instead}".strip() for each in told)
    what = f"{facts.point(come.rung)} of {words.measure(clock.measure).lower()}"
    deeds: dict[str, Any] = {
        "words": f"Ladder {what}: {names} told" + "".join(f"; {deed}" for deed in done),
        "due_at": come.instant_at.isoformat(),
        "late_by_s": max(0, int((at - come.instant_at).total_seconds())),
        "again": come.again,
    }
    note_down(ticket, "escalated", by=None, at=at, **deeds)
    state = "Over" if clock.breached_at is not None else "At risk"
    ticket.why = f"{state}; {told[0].person.name} told"
