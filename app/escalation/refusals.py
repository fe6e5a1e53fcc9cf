"""Letters of a ladder that were refused for good or came back: nobody was told by them.

The rung is marked so that firing passes it on at once, as if a wait for "I am on it" were over:
it stands still with the clock and ends with it. Source: escalation.md, "Ladders", "A letter that
bounces counts as *not told*: the next responsible is told".
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from app.agreements.terms import Terms
from app.clocks import board, ladders, queries
from app.clocks.models import Clock, Escalation
from app.database import db
from app.escalation.passing_on import PASSED
from app.mail import outbox
from app.mail import queries as mail
from app.mail.kinds import KINDS
from app.mail.models import Letter
from app.notices.models import Notice
from app.people import queries as people
from app.people.models import Person
from app.tickets.history import note_down
from app.tickets.models import Ticket
from app.tickets.queries import for_change, terms_of

OURS = frozenset(name for name, kind in KINDS.items() if kind.by_clock) | {"escalation-digest"}

Now = Callable[[], datetime]


def refused(at: datetime) -> list[int]:
    """Letters of ladders that were refused or came back and rest unjudged, the oldest first."""
    return mail.unjudged(at, kinds=OURS)


def judge(letter_id: int, now: Now) -> bool:
    """Let the next responsible be told of every rung in a letter; whether there was any.

    Tickets are locked before the letter, the lower id first.
    """
    notices = db.session.scalars(select(Notice).where(Notice.letter_id == letter_id)).all()
    ids = sorted({notice.ticket_id for notice in notices if notice.ticket_id is not None})
    tickets = {ticket_id: for_change(ticket_id) for ticket_id in ids}
    letter = mail.letter(letter_id, for_change=True)
    if letter.refused_at is None or letter.judged_at is not None:
        return False
    at = now()
    outbox.judged(letter, at=at)
    told = [
        _judge(tickets[notice.ticket_id], notice, letter, at)
        for notice in sorted(notices, key=lambda one: one.id)
        if notice.ticket_id is not None
    ]
    db.session.flush()
    return any(told)


def _judge(ticket: Ticket, notice: Notice, letter: Letter, at: datetime) -> bool:
    person = people.person(notice.person_id)
    found = _found(notice.event)
    if found is None:
        return False
    row, clock = found
    _mark(row, person, by_passing=notice.event.endswith(PASSED))
    terms = terms_of(ticket)
    because = _why_nobody_else(row, clock, terms)
    note_down(
        ticket,
        "came-back",
        by=None,
        at=at,
        words=f"The letter of the ladder to {person.name} came back"
        + (f"; nobody else is told: {because}" if because else ""),
        reason=letter.reason,
    )
    if not because:
        _end_wait(row, clock, terms, at)
    return not because


def _found(event: str) -> tuple[Escalation, Clock] | None:
    """The rung that an event names (`Come.key`), and its clock."""
    kind, *key = event.removesuffix(PASSED).split(":")
    if kind != "rung":
        return None
    clock_id, rung_id, generation, nth = (int(part) for part in key[:4])
    row = db.session.scalar(
        select(Escalation).where(
            Escalation.clock_id == clock_id,
            Escalation.rung_id == rung_id,
            Escalation.generation == generation,
            Escalation.nth == nth,
        )
    )
    return (row, db.session.get_one(Clock, clock_id)) if row is not None else None


def _mark(row: Escalation, person: Person, *, by_passing: bool) -> None:
    """Keep with the rung that this person was not reached."""
    row.told = [
        {**each, "refused": True}
        if each["person"] == person.id and bool(each.get("passed_on")) is by_passing
        else each
        for each in row.told
    ]


def _why_nobody_else(row: Escalation, clock: Clock, terms: Terms) -> str:
    """Why it is not passed on, in words; empty when it is."""
    if not clock.is_open:
        return "the promise has ended"
    if all(row.rung_id != rung.rung_id for rung in terms.ladder):
        return "another ladder holds by now"
    if row.generation != ladders.generation_of(clock, row.rung_id):
        return "the rung lies ahead again"
    if row.acknowledged_at is not None and row.acknowledged_by_id is not None:
        return f"{people.person(row.acknowledged_by_id).name} is on it"
    reached = [each for each in row.told if each.get("passed_on") and not each.get("refused")]
    return f"{reached[0]['name']} was told already" if reached else ""


def _end_wait(row: Escalation, clock: Clock, terms: Terms, at: datetime) -> None:
    """Firing passes it on next; on a paused clock once it runs."""
    ends = [row.acknowledge_until, at, clock.paused_since]
    row.acknowledge_until = min(end for end in ends if end is not None)
    row.passed_on_at = None
    known = queries.escalations_of([clock.id]).get(clock.id, [])
    ladders.keep_next(clock, board.state_of(clock), known, terms)
