"""Questions about disputes: who may read one, what is in it, what can be contested at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select

from app.agreements import parties
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.words import Party
from app.clocks.models import Clock, ClockEvent
from app.clocks.state import Kind, Phase
from app.database import db
from app.disputes.models import Dispute, DisputeDecision, DisputeStatement
from app.errors import NotFound
from app.people.access import Sight
from app.people.models import Person
from app.tickets.models import Ticket
from app.tickets.queries import visible_to

PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A dispute in a list: whose agreement, about which measure, raised by whom."""

    dispute: Dispute
    agreement: Agreement
    measure: str | None
    raised_by: str


@dataclass(frozen=True)
class Broken:
    """A broken promise of an agreement that a party may contest."""

    clock: Clock
    ticket_id: int


def subjects(ticket_ids: Collection[int | None], sight: Sight) -> dict[int, str]:
    """The subjects of those of the tickets that the reader may see.

    A party's signatory reads every promise of the agreement, but not what a colleague asked.
    """
    known = {id for id in ticket_ids if id is not None}
    seen = visible_to(sight).where(Ticket.id.in_(known))
    query = seen.with_only_columns(Ticket.id, Ticket.subject, maintain_column_froms=True)
    return {id: subject for id, subject in db.session.execute(query)}


def dispute(dispute_id: int, *, seen_by: Person) -> tuple[Dispute, Agreement, Party]:
    """The dispute, its agreement and the reader's side.

    Raises `NotFound` for one that they may not read, as for one that there is none of.
    """
    found = db.session.get(Dispute, dispute_id)
    agreement = db.session.get(Agreement, found.agreement_id) if found is not None else None
    party = parties.party_of(agreement, seen_by) if agreement is not None else None
    if found is None or agreement is None or party is None:
        raise NotFound("There is no such dispute.")
    return found, agreement, party


def for_change(dispute_id: int) -> Dispute:
    """The dispute, locked until the transaction ends; raises `NotFound`."""
    query = select(Dispute).where(Dispute.id == dispute_id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There is no such dispute.")
    return found


def page(
    agreement_ids: Sequence[int], *, before_id: int | None = None, limit: int = PAGE
) -> tuple[list[Listed], int | None]:
    """The disputes of these agreements, newest first, and where the next page begins or None."""
    query = (
        select(Dispute, Agreement, Clock.measure, Person.name)
        .join(Agreement, Agreement.id == Dispute.agreement_id)
        .join(Person, Person.id == Dispute.raised_by_id)
        .outerjoin(Clock, Clock.id == Dispute.clock_id)
        .where(Dispute.agreement_id.in_(agreement_ids))
        .order_by(Dispute.id.desc())
        .limit(limit + 1)
    )
    if before_id is not None:
        query = query.where(Dispute.id < before_id)
    found = [Listed(*row) for row in db.session.execute(query)]
    return found[:limit], found[limit - 1].dispute.id if len(found) > limit else None


def open_of(agreement: Agreement, *, most: int) -> Sequence[Dispute]:
    """The newest disputes of an agreement that nobody has decided or given up."""
    query = select(Dispute).where(
        Dispute.agreement_id == agreement.id,
        Dispute.decided_at.is_(None),
        Dispute.withdrawn_at.is_(None),
    )
    return db.session.scalars(query.order_by(Dispute.id.desc()).limit(most)).all()


def agreements_of_provider(person: Person) -> list[int]:
    """The agreements with a client of the provider whom this manager works for."""
    if not person.may_manage:
        return []
    query = select(Agreement.id).where(
        Agreement.provider_id == person.organisation_id, Agreement.client_id.is_not(None)
    )
    return list(db.session.scalars(query))


def statements_of(found: Dispute) -> Sequence[tuple[DisputeStatement, str]]:
    """What was said, in order, each with the name of who said it."""
    query = (
        select(DisputeStatement, Person.name)
        .join(Person, Person.id == DisputeStatement.by_id)
        .where(DisputeStatement.dispute_id == found.id)
        .order_by(DisputeStatement.id)
    )
    return [(statement, name) for statement, name in db.session.execute(query)]


def decisions_of(found: Dispute) -> dict[Party, tuple[DisputeDecision, str]]:
    """How each side decided so far, with the name of who did."""
    query = (
        select(DisputeDecision, Person.name)
        .join(Person, Person.id == DisputeDecision.by_id)
        .where(DisputeDecision.dispute_id == found.id)
    )
    return {decision.party: (decision, name) for decision, name in db.session.execute(query)}


def open_about(clock_id: int) -> Dispute | None:
    """The dispute about this promise that is not over, if there is one."""
    query = select(Dispute).where(
        Dispute.clock_id == clock_id,
        Dispute.decided_at.is_(None),
        Dispute.withdrawn_at.is_(None),
    )
    return db.session.scalar(query.limit(1))


def promise(agreement: Agreement, clock_id: int) -> tuple[Clock, Ticket]:
    """A promise of this agreement with its ticket; raises `NotFound` for any other."""
    query = (
        select(Clock, Ticket)
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .where(Clock.id == clock_id, Clock.version_id.in_(_versions_of(agreement)))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("This agreement has no such promise.")
    return row[0], row[1]


def promises_of(agreement: Agreement, ticket_id: int) -> list[tuple[Clock, Ticket]]:
    """The promises of this agreement on a ticket; empty where it has none there."""
    query = (
        select(Clock, Ticket)
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .where(Clock.ticket_id == ticket_id, Clock.version_id.in_(_versions_of(agreement)))
        .order_by(Clock.id)
    )
    return [(clock, ticket) for clock, ticket in db.session.execute(query)]


def is_broken(clock: Clock, *, at: datetime) -> bool:
    """Whether a promise is broken at ``at``, recorded yet or not (clocks.md: settled when read)."""
    has_passed = clock.due_at is not None and clock.due_at < at
    return clock.breached_at is not None or (clock.state is Phase.RUNNING and has_passed)


def broken(
    agreement: Agreement,
    *,
    since: datetime,
    at: datetime,
    before: tuple[datetime, int] | None = None,
) -> tuple[list[Broken], tuple[datetime, int] | None]:
    """Promises of this agreement due since and broken at ``at``, newest first; the next page's
    key.
    """
    query = (
        select(Clock, Clock.ticket_id)
        .where(
            Clock.version_id.in_(_versions_of(agreement)),
            or_(
                Clock.breached_at.is_not(None),
                and_(Clock.state == Phase.RUNNING, Clock.due_at < at),
            ),
            Clock.excluded_because.is_(None),
            Clock.due_at >= since,
        )
        .order_by(Clock.due_at.desc(), Clock.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        due_at, clock_id = before
        query = query.where(Clock.due_at <= due_at, (Clock.due_at < due_at) | (Clock.id < clock_id))
    found = [Broken(*row) for row in db.session.execute(query)]
    last = found[PAGE - 1].clock if len(found) > PAGE else None
    key = (last.due_at, last.id) if last is not None and last.due_at is not None else None
    return found[:PAGE], key


def pauses_of(clock: Clock) -> Sequence[ClockEvent]:
    """The pauses of a promise, each of which can be contested."""
    query = (
        select(ClockEvent)
        .where(ClockEvent.clock_id == clock.id, ClockEvent.kind == Kind.PAUSED)
        .order_by(ClockEvent.number)
    )
    return db.session.scalars(query).all()


def _versions_of(agreement: Agreement) -> Select[int]:
    return select(AgreementVersion.id).where(AgreementVersion.agreement_id == agreement.id)
