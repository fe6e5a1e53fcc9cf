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

from app import failpoints
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
LATE_S = 120

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
        failpoints.reach("firing.picked")
        for place, ticket_id in enumerate(waiting):
            if place and time.monotonic() - started > budget_s:
                break
            try:
                with db.session.begin_nested():
                    fired = _fire_ticket(ticket_id, now)
            except Exception as error:
                troubled += 1
                log.error("escalation failed", ticket=ticket_id, exc_info=error)
                parking.set_back(ticket_id, error, at=now())
            else:
                tickets += fired is not None
                rungs += fired or 0
        failpoints.reach("firing.committing")
    failpoints.reach("firing.committed")
    return Fired(tickets, rungs, troubled, more=bool(waiting) and tickets + troubled > 0)


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


def _fire_ticket(ticket_id: int, now: Now) -> int | None:
    """Fire everything due on one ticket; the number of rungs. None where another has its lock.

    What a rung does can make more due (a raised priority has shorter targets), so it is asked
    again after each deed.
    """
    ticket = _locked(ticket_id)
    if ticket is None:
        return None
    failpoints.reach("firing.locked")
    at, fired = now(), 0
    terms = _settled(ticket, at)
    failpoints.reach("firing.settled")
    while come := coming.come_due(ticket.id, terms=terms, at=at):
        for together in _bundles(come):
            has_changed = _fire(ticket, together, terms, at)
            fired += len(together)
            if has_changed:
                ticket = _locked(ticket_id) or ticket
                terms = _settled(ticket, at)
                break
    if not fired:
        coming.look_ahead(ticket.id, terms=terms)
    _refuse_to_spin(ticket, at)
    parking.is_free(ticket.id)
    return fired


def _locked(ticket_id: int) -> Ticket | None:
    """The ticket as it stands under its lock; None where somebody else holds it."""
    return db.session.scalar(
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


def _settled(ticket: Ticket, at: datetime) -> Terms:
    """Record breaches; the terms that hold."""
    terms = terms_of(ticket)
    running.settled(ticket.id, terms=terms, at=max(at, ticket.last_event_at))
    return terms


def _refuse_to_spin(ticket: Ticket, at: datetime) -> None:
    """Whatever was due is done now; a ticket that stays due would be picked for ever."""
    query = select(Clock.id).where(Clock.ticket_id == ticket.id, Clock.next_at < at)
    stuck = db.session.scalar(query.limit(1))
    if stuck is not None:
        raise RuntimeError(f"Clock {stuck} is still due after everything due has fired.")


def _bundles(come: list[Come]) -> list[list[Come]]:
    """What is told at once: a rung alone, or all that one change of a clock left behind."""
    bundles: dict[object, list[Come]] = {}
    for one in come:
        bundles.setdefault(one.clock_id if one.moved else one.key, []).append(one)
    return list(bundles.values())


def _fire(ticket: Ticket, together: list[Come], terms: Terms, at: datetime) -> bool:
    """Tell of rungs that belong together, and do what the rung demands: whether it did."""
    clock = db.session.get_one(Clock, together[0].clock_id)
    highest = max(together, key=lambda one: (one.rung.position, one.nth))
    if highest.covered and not highest.moved:
        coming.fired(ticket.id, [(highest, [])], terms=terms, at=at)
        return False
    told = people_for(_roles(highest), ticket, at=at)
    for each in told:
        _tell(ticket, clock, highest, each, terms, at)
    failpoints.reach("firing.told")
    done = acting.act(ticket, clock, highest, at=at) if not highest.covered else []
    failpoints.reach("firing.acted")
    kept = [each.as_json() for each in told]
    coming.fired(ticket.id, [(one, kept) for one in together], terms=terms, at=at)
    failpoints.reach("firing.recorded")
    _write_down(ticket, clock, highest, told, done, at)
    return bool(done)


def _roles(come: Come) -> tuple[str, ...]:
    """A change that moved rungs into the past is told to the assignee, too."""
    return ("assignee", *come.rung.responsible) if come.moved else come.rung.responsible


def _tell(ticket: Ticket, clock: Clock, come: Come, told: Told, terms: Terms, at: datetime) -> None:
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
    place = facts.point(come.rung, come.nth)
    late_s = max(0, int((at - come.instant_at).total_seconds()))
    late = [f"{words.duration(late_s)} late"] if late_s >= LATE_S else []
    said = [f"Ladder {place} of {words.measure(clock.measure).lower()}: told {names}"]
    deeds: dict[str, Any] = {
        "words": "; ".join([*said, *done, *late]),
        "due_at": come.instant_at.isoformat(),
        "late_by_s": late_s,
        "again": come.again,
    }
    note_down(ticket, "escalated", by=None, at=at, **deeds)
    state = "Over" if clock.breached_at is not None else f"Ladder at {place}"
    ticket.why = f"{state}; {told[0].person.name} told"
