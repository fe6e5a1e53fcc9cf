"""The export of promises: a line per clock, as it stands."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, cast, collate, func, literal, select

from app.agreements.models import Agreement, AgreementVersion, Tier
from app.clocks.models import Clock
from app.clocks.state import Phase
from app.database import db, is_postgresql
from app.importing.instants import written
from app.people.models import Organisation
from app.tickets.models import Ticket

COLUMNS = (
    "external_ref",
    "ref",
    "organisation",
    "agreement",
    "version",
    "tier",
    "priority",
    "measure",
    "sequence",
    "started_at",
    "due_at",
    "stopped_at",
    "state",
    "budget_s",
    "used_s",
    "paused_s",
    "breached",
    "excluded",
)


def lines(
    *, at: datetime, due_from: datetime | None = None, due_until: datetime | None = None
) -> Iterator[tuple[object, ...]]:
    """A line per clock, by external reference (a ticket without one by its ref), measure, sequence.

    ``due_from`` and ``due_until`` bound ``due_at`` to ``[due_from, due_until)``; a paused clock
    has none and is then left out. Amounts are business seconds as of the clock's last event. A
    running clock that the worker looks after counts as breached once ``at`` is after its due
    time, whether or not the worker has been there; an imported one as it was judged on import.
    """
    query = _query()
    if due_from is not None:
        query = query.where(Clock.due_at >= due_from)
    if due_until is not None:
        query = query.where(Clock.due_at < due_until)
    rows = db.session.execute(query.execution_options(yield_per=2000))
    for row in rows:
        yield _line(row, at)


def name_of() -> ColumnElement[str]:
    """How an export names a ticket: its external reference, else its ref."""
    return func.coalesce(Ticket.external_ref, literal("#") + cast(Ticket.id, String))


def in_order(name: ColumnElement[str]) -> ColumnElement[str]:
    """Names byte by byte, on both databases alike."""
    return collate(name, "C") if is_postgresql() else name


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(
            name_of().label("name"),
            Ticket.id,
            Organisation.name.label("organisation"),
            Agreement.key.label("agreement"),
            AgreementVersion.number,
            Tier.key.label("tier"),
            Ticket.priority,
            Clock.measure,
            Clock.sequence,
            Clock.started_at,
            Clock.due_at,
            Clock.stopped_at,
            Clock.state,
            Clock.cancelled_reason,
            Clock.budget_s,
            Clock.used_s,
            Clock.paused_s,
            Clock.breached_at,
            Clock.next_at,
            Clock.excluded_because,
        )
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .join(AgreementVersion, AgreementVersion.id == Clock.version_id)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .join(Tier, Tier.id == Clock.tier_id)
        .outerjoin(Organisation, Organisation.id == Ticket.organisation_id)
        .order_by(in_order(name_of()), Clock.measure, Clock.sequence)
    )


def _line(row: Row[Any], at: datetime) -> tuple[object, ...]:
    state = str(row.state)
    if row.state is Phase.CANCELLED:
        state = f"cancelled:{row.cancelled_reason}"
    broken = row.breached_at is not None or (
        row.next_at is not None and row.due_at is not None and at > row.due_at
    )
    return (
        row.name,
        f"#{row.id}",
        row.organisation or "",
        row.agreement,
        row.number,
        row.tier,
        str(row.priority),
        row.measure,
        row.sequence,
        written(row.started_at),
        written(row.due_at),
        written(row.stopped_at),
        state,
        row.budget_s,
        row.used_s,
        row.paused_s,
        "yes" if broken else "no",
        row.excluded_because or "",
    )
