"""Open tickets go over to the version of their agreement that holds now, where none loses by it.

Per ticket, and only if none of its open promises gets later, stands still or is lost; a broken
promise stays where it was made, and its ticket with it. Source: clocks.md, "Version".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from app.agreements import choosing
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.terms import Terms
from app.businesstime import Calendar
from app.clocks import foreseeing, running, words
from app.clocks import queries as clocks
from app.clocks.foreseeing import Foreseen
from app.clocks.models import Clock, TicketCourse
from app.clocks.state import ClockState, Phase
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.tickets.history import record, record_not_told
from app.tickets.models import Ticket
from app.tickets.queries import for_change

MOST = 100
"""So many tickets are looked at, and moved, at once."""
AHEAD = timedelta(days=366)
"""How far two calendars are compared: what opens in no year never opens."""

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Line:
    """What becomes of one ticket: its promises now and then, or why it stays where it is."""

    ticket: Ticket
    number: int
    why_not: str | None
    promises: tuple[Foreseen, ...] = ()

    @property
    def moved(self) -> tuple[Foreseen, ...]:
        """The promises that fall due at another instant, or that are gained."""
        return tuple(
            one
            for one in self.promises
            if one.then is not None
            and one.then.is_open
            and (one.now is None or one.now.due_at != one.then.due_at)
        )


@dataclass(frozen=True)
class Moved:
    """What came of moving: how many tickets went over, and which stay, with the reason."""

    count: int
    stay: tuple[Line, ...]


def holding(agreement: Agreement, at: datetime) -> AgreementVersion:
    """The version that holds at ``at``: where tickets go over to. Raises `Refusal` for none."""
    for held in choosing.Book().in_force(agreement.client_id, at):
        if held.agreement_id == agreement.id:
            return db.session.get_one(AgreementVersion, held.version_id)
    raise Refusal(_("No version of this agreement is in force."))


def waiting(agreement: Agreement, into: AgreementVersion, *, after: int = 0) -> Sequence[int]:
    """Open tickets under other versions of the agreement, by number; one more than `MOST`."""
    query = select(Ticket.id).where(*_elsewhere(agreement, into), Ticket.id > after)
    return db.session.scalars(query.order_by(Ticket.id).limit(MOST + 1)).all()


def how_many(agreement: Agreement, into: AgreementVersion) -> int:
    """How many open tickets are under other versions of the agreement."""
    query = select(func.count(Ticket.id)).where(*_elsewhere(agreement, into))
    return db.session.scalar(query) or 0


def preview(ids: Sequence[int], into: AgreementVersion, *, at: datetime) -> list[Line]:
    """What moving these tickets would do to each; nothing is written. Few statements for all."""
    found = clocks.clocks_of(ids)
    query = (
        select(Ticket, AgreementVersion.number, TicketCourse)
        .join(AgreementVersion, AgreementVersion.id == Ticket.version_id)
        .join(TicketCourse, TicketCourse.ticket_id == Ticket.id)
        .where(Ticket.id.in_(ids), Ticket.is_open)
        .order_by(Ticket.id)
    )
    return [
        _line(ticket, number, into, at, found.get(ticket.id, []))
        for ticket, number, _course in db.session.execute(query).all()
    ]


def move(agreement: Agreement, ids: Sequence[int], *, reason: str, by: Person, now: Now) -> Moved:
    """Let these tickets go over to the version that holds, those that may, lowest number first.

    Raises `Refusal` without a reason, for nothing and for too many; what another agreement
    promises, or has ended, is left alone.
    """
    if not reason.strip():
        raise Refusal(_("Say why: the history and the explanations quote it."), field="reason")
    if not ids or len(ids) > MOST:
        raise Refusal(_("Move at least one ticket and at most %(n)s at once.", n=MOST))
    into = holding(agreement, now())
    found = db.session.scalars(
        select(Ticket.id).where(*_elsewhere(agreement, into), Ticket.id.in_(ids))
    )
    lines = [_move(id_, into, reason=reason.strip(), by=by, now=now) for id_ in sorted(found)]
    stay = tuple(line for line in lines if line.why_not is not None)
    return Moved(len(lines) - len(stay), stay)


def _move(ticket_id: int, into: AgreementVersion, *, reason: str, by: Person, now: Now) -> Line:
    ticket = for_change(ticket_id)
    at = max(now(), ticket.last_event_at)
    before = db.session.get_one(AgreementVersion, ticket.version_id).number
    line = _line(ticket, before, into, at)
    if line.why_not is not None:
        return line
    outcome = running.retargeted(
        ticket.id,
        terms=_terms(ticket, into),
        at=at,
        actor_id=by.id,
        cause="verb:version",
        reason=reason,
    )
    ticket.version_id = into.id
    record_not_told(ticket, outcome.not_told, "version", at=at)
    record(ticket, "version", by=by, at=at, reason=reason, before=before, after=into.number)
    return line


def _elsewhere(agreement: Agreement, into: AgreementVersion) -> tuple[Any, ...]:
    others = select(AgreementVersion.id).where(
        AgreementVersion.agreement_id == agreement.id, AgreementVersion.id != into.id
    )
    return Ticket.version_id.in_(others), Ticket.is_open


def _line(
    ticket: Ticket,
    number: int,
    into: AgreementVersion,
    at: datetime,
    known: list[Clock] | None = None,
) -> Line:
    at = max(at, ticket.last_event_at)
    if not ticket.is_open:
        return Line(ticket, number, _("It is %(state)s.", state=ticket.stands))
    try:
        terms = _terms(ticket, into)
    except Refusal:
        return Line(ticket, number, _("Version %(n)s covers no such request.", n=into.number))
    promises = tuple(foreseeing.retargeted(ticket.id, terms=terms, at=at, clocks=known))
    why_not = next(filter(None, (objection(one, at) for one in promises)), None)
    return Line(ticket, number, why_not, promises)


def _terms(ticket: Ticket, into: AgreementVersion) -> Terms:
    """What the version promises the ticket as it is; `Refusal` where it does not cover it."""
    return choosing.terms_of(
        into.id,
        organisation_id=ticket.organisation_id,
        service_id=ticket.service_id,
        priority=ticket.priority.value,
        kind=ticket.kind.value,
        team_id=ticket.team_id,
    )


def objection(promise: Foreseen, at: datetime) -> str | None:
    """What speaks against moving a ticket with this promise; None where it gets no worse. Pure."""
    now, then = promise.now, promise.then
    if now is None or not now.is_open:
        return None
    facts: dict[str, Any] = {"measure": words.measure(now.measure)}
    if now.is_breached or (then is not None and then.is_breached):
        return _(
            "%(measure)s is broken: it stays with the version it was made in, and the other"
            " promises of the ticket stay with it.",
            **facts,
        )
    if then is None or not then.is_open:
        return _("%(measure)s would no longer be promised.", **facts)
    if _gets_later(now, then, at):
        return _("%(measure)s would fall due later.", **facts)
    return None


def _gets_later(now: ClockState, then: ClockState, at: datetime) -> bool:
    """Whether an open promise may fall due later than it would have.

    One that stands still has no due time yet: what is left of it may not grow, and the hours that
    it goes on in must be open whenever the present ones are, whenever it goes on.
    """
    if now.state is Phase.RUNNING:
        return then.state is not Phase.RUNNING or _due(then, at) > _due(now, at)
    if then.state is Phase.RUNNING:
        return _due(then, at) > _due(now, at)
    left_before, left_after = (one.budget_s - one.used_s for one in (now, then))
    if left_after <= 0:
        return False
    return left_after > left_before or not _opens_with(then.calendar, now.calendar, at)


def _due(clock: ClockState, at: datetime) -> datetime:
    """When it falls due; where it stands still, as if it went on at ``at``."""
    if clock.due_at is not None:
        return clock.due_at
    return clock.calendar.add(at, max(0, clock.budget_s - clock.used_s))


@lru_cache(maxsize=256)
def _opens_with_since(later: Calendar, sooner: Calendar, day: datetime) -> bool:
    return all(
        later.elapsed(span.starts_at, span.ends_at) == span.seconds
        for span in sooner.spans(day, day + AHEAD)
        if span.counted
    )


def _opens_with(later: Calendar, sooner: Calendar, at: datetime) -> bool:
    """Whether ``later`` is open whenever ``sooner`` is, from the day of ``at`` on."""
    if later == sooner:
        return True
    return _opens_with_since(later, sooner, at.replace(hour=0, minute=0, second=0))
