"""Firing what is due: the unit of work is the ticket, the state in the tables is the truth.

Level-triggered: everything due and unfired, oldest first, whoever asks and however late. A
ticket is locked, read again, settled, and everything due on all its clocks fires in order;
escalations, history, actions and notices are in one transaction under unique keys.
Source: escalation.md, "The worker" and invariants E1 to E7.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Integer, bindparam, or_, select

from app import failpoints
from app.agreements.terms import Terms
from app.clocks import coming, running
from app.clocks.coming import Come
from app.clocks.models import Clock
from app.database import UtcDateTime, db, is_postgresql, transaction
from app.escalation import acting, parking, passing_on, reasons, saying
from app.escalation.batch import Batch
from app.escalation.facts import Because
from app.escalation.models import EscalationTrouble
from app.escalation.responsible import Told, people_for, watchers_besides
from app.languages import speaking
from app.tickets.models import Ticket

FIRST_TICKETS, MOST_TICKETS, FEWEST_TICKETS = 50, 200, 5
"""How many tickets a batch begins with, has at most once much is due, and has at least."""
BATCH_S, BATCH_ALONE_S = 0.2, 0.05
"""How long a batch fires; the shorter where everybody else who writes waits for it (SQLite)."""

Now = Callable[[], datetime]
log = structlog.get_logger()


@dataclass(frozen=True)
class Fired:
    """What one batch did; ``more`` says that there is more to do at once."""

    tickets: int = 0
    rungs: int = 0
    troubled: int = 0
    more: bool = False


def fire_due(now: Now, *, most: int = FIRST_TICKETS, budget_s: float | None = None) -> Fired:
    """Fire what is due on up to ``most`` tickets, in one transaction of about ``budget_s``.

    ``now`` is asked once for the batch and again after the locks. When something raises, all of
    the batch is undone and each ticket fires alone: one that raises then undoes only itself and
    is set back.
    """
    if budget_s is None:
        budget_s = BATCH_S if is_postgresql() else BATCH_ALONE_S
    with transaction():
        waiting = _due_tickets(now(), most)
        failpoints.reach("firing.picked")
        if not waiting:
            return Fired()
        try:
            with db.session.begin_nested():
                fired = _fire_together(waiting, now, budget_s)
        except Exception as error:
            log.warning("a batch of escalations is tried ticket by ticket", why=repr(error))
            fired = _fire_one_by_one(waiting, now, budget_s)
        failpoints.reach("firing.committing")
    failpoints.reach("firing.committed")
    return fired


def fitting(asked: int, done: Fired) -> int:
    """How many tickets to ask for next when ``done`` fitted of ``asked``: what is read, is used."""
    if done.tickets >= asked:
        return min(MOST_TICKETS, asked + asked // 2 + 1)
    return max(FEWEST_TICKETS, done.tickets + done.tickets // 8 + 1)


def _fire_one_by_one(ticket_ids: Sequence[int], now: Now, budget_s: float) -> Fired:
    until = time.thread_time() + budget_s
    tickets = rungs = troubled = 0
    for place, ticket_id in enumerate(ticket_ids):
        if place and time.thread_time() > until:
            break
        try:
            with db.session.begin_nested():
                fired = _fire_together([ticket_id], now, budget_s)
        except Exception as error:
            troubled += 1
            log.error("escalation failed", ticket=ticket_id, exc_info=error)
            parking.set_back(ticket_id, error, at=now())
        else:
            tickets, rungs = tickets + fired.tickets, rungs + fired.rungs
    return Fired(tickets, rungs, troubled, more=tickets + troubled > 0)


def _due_tickets(at: datetime, most: int) -> list[int]:
    """The tickets with something due, the oldest first, without those set back or parked.

    They are locked as they are found: what another worker holds is passed over, so that two
    workers never pick the same.
    """
    found = db.session.execute(_DUE, {"at": at, "most": most}).scalars()
    return list(dict.fromkeys(found))


_DUE = (
    select(Clock.ticket_id)
    .join(Ticket, Ticket.id == Clock.ticket_id)
    .outerjoin(EscalationTrouble, EscalationTrouble.ticket_id == Clock.ticket_id)
    .where(
        Clock.next_at.is_not(None),
        Clock.next_at < bindparam("at", type_=UtcDateTime),
        or_(
            EscalationTrouble.ticket_id.is_(None),
            EscalationTrouble.parked_at.is_(None)
            & (EscalationTrouble.next_try_at <= bindparam("at", type_=UtcDateTime)),
        ),
    )
    .order_by(Clock.next_at, Clock.ticket_id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=Ticket, key_share=True, skip_locked=True)
)
"""Made once: a tick with nothing to do is little more than this statement."""


def _fire_together(ticket_ids: Sequence[int], now: Now, budget_s: float) -> Fired:
    """Lock the tickets and fire everything due on them, the oldest first, until time is up.

    The time is that of this thread and counts from when everything is read: a busy machine is no
    reason to throw away what was read.
    """
    batch = Batch(ticket_ids)
    failpoints.reach("firing.locked")
    at = now()
    batch.read_courses(at)
    until = time.thread_time() + budget_s
    tickets = rungs = 0
    with speaking("en"):  # as facts are kept
        for ticket in batch.tickets:
            if tickets and time.thread_time() > until:
                break
            rungs += _fire_ticket(batch, ticket, at)
            tickets += 1
        batch.write()
    return Fired(tickets, rungs, more=tickets > 0)


def _fire_ticket(batch: Batch, ticket: Ticket, at: datetime) -> int:
    """Fire everything due on one ticket; the number of rungs.

    What a rung does can make more due (a raised priority has shorter targets), so it is asked
    again after each deed.
    """
    fired = 0
    terms = _settled(batch, ticket, at)
    failpoints.reach("firing.settled")
    while come := coming.come_due(ticket.id, terms=terms, at=at, board=batch.board):
        for together in _bundles(come):
            has_changed = _fire(batch, ticket, together, terms, at)
            fired += len(together)
            if has_changed:
                ticket = batch.renew(ticket, at)
                terms = _settled(batch, ticket, at)
                break
    fired += passing_on.pass_on(batch, ticket, terms=terms, at=at)
    if not fired:
        coming.look_ahead(ticket.id, terms=terms, board=batch.board)
    _refuse_to_spin(batch, ticket, at)
    batch.went_well(ticket)
    return fired


def _settled(batch: Batch, ticket: Ticket, at: datetime) -> Terms:
    """Record breaches; the terms that hold."""
    terms = batch.terms(ticket)
    at = max(at, ticket.last_event_at)
    if batch.is_to_settle(ticket):
        running.settled(ticket.id, terms=terms, at=at, board=batch.board)
    return terms


def _refuse_to_spin(batch: Batch, ticket: Ticket, at: datetime) -> None:
    """Whatever was due is done now; a ticket that stays due would be picked for ever."""
    for clock in batch.board.watched(ticket.id):
        if clock.next_at is not None and clock.next_at < at:
            raise RuntimeError(f"Clock {clock.id} is still due after everything due has fired.")


def _bundles(come: list[Come]) -> list[list[Come]]:
    """What is told at once: a rung alone, or all that one change of a clock left behind."""
    bundles: dict[object, list[Come]] = {}
    for one in come:
        bundles.setdefault(one.clock_id if one.moved else one.key, []).append(one)
    return list(bundles.values())


def _fire(batch: Batch, ticket: Ticket, together: list[Come], terms: Terms, at: datetime) -> bool:
    """Tell of rungs that belong together, and do what the rung demands: whether it did."""
    clock = batch.board.clock(ticket.id, together[0].clock_id)
    highest = max(together, key=lambda one: (one.rung.position, one.nth))
    if highest.covered and not highest.moved:
        coming.fired(ticket.id, [(highest, [])], terms=terms, at=at, board=batch.board)
        saying.write_down_covered(batch, ticket, highest, at=at)
        return False
    told = _told(batch, ticket, highest, at)
    because = _because(batch, ticket, highest)
    saying.tell(batch, ticket, clock, highest, told, terms=terms, at=at, because=because)
    failpoints.reach("firing.told")
    done = _act(batch, ticket, clock, highest, at) if not highest.covered else []
    failpoints.reach("firing.acted")
    kept = [each.as_json() for each in told]
    recorded = [(one, kept) for one in together]
    coming.fired(ticket.id, recorded, terms=terms, at=at, board=batch.board)
    failpoints.reach("firing.recorded")
    along = [one for one in together if one is not highest]
    saying.write_down(
        batch, ticket, clock, highest, told, because=because, along=along, done=done, at=at
    )
    return bool(done)


def _act(batch: Batch, ticket: Ticket, clock: Clock, come: Come, at: datetime) -> list[str]:
    """Do what the rung demands, which may look at all that came before it."""
    if not come.rung.actions:
        return []
    batch.write()
    done = acting.act(ticket, clock, come, at=at)
    batch.board.read([ticket.id])
    return done


def _told(batch: Batch, ticket: Ticket, come: Come, at: datetime) -> list[Told]:
    """Whom a rung tells; of one that a change left behind the assignee is told, too."""
    roles = ("assignee", *come.rung.responsible) if come.moved else come.rung.responsible
    told = people_for(roles, ticket, at=at, asked=batch.asked)
    return told + watchers_besides(told, batch.watchers(ticket), at=at)


def _because(batch: Batch, ticket: Ticket, come: Come) -> Because:
    if come.moved:
        moved = reasons.moved(ticket, come.clock_id, since=come.instant_at)
        return Because(passed_over=moved)
    return Because(again=reasons.again(ticket, come, batch.board.known(come.clock_id)))
