"""Writing folded tickets in bulk: what an import wrote before is replaced, ids of tickets stay."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.sql import ColumnElement

from app.clocks.models import Clock, ClockEvent, Deadline, Escalation, TicketCourse
from app.clocks.rows import Rows, rows_of
from app.database import Base, db
from app.importing.folded import Folded
from app.importing.loading import table_of, take_ids
from app.importing.models import ImportedTicket
from app.importing.staging import CHUNK, in_chunks
from app.tickets.models import HistoryEntry, Message, Ticket
from app.tickets.search import indexing
from app.tickets.words import Channel

_TICKET, _CLOCK = table_of(Ticket), table_of(Clock)


def ids_of(names: Collection[str]) -> dict[str, int]:
    """The tickets that exist under these external references."""
    found: dict[str, int] = {}
    for chunk in in_chunks(sorted(names), CHUNK):
        query = select(Ticket.external_ref, Ticket.id).where(Ticket.external_ref.in_(chunk))
        found.update((str(name), id_) for name, id_ in db.session.execute(query))
    return found


def worked_on(ids: Collection[int]) -> set[int]:
    """Those of these tickets that were not imported, or that somebody has worked on since."""
    ours: set[int] = set()
    touched: set[int] = set()
    for chunk in in_chunks(sorted(ids), CHUNK):
        imported = select(ImportedTicket.ticket_id).where(ImportedTicket.ticket_id.in_(chunk))
        ours.update(db.session.scalars(imported))
        later = (
            select(HistoryEntry.ticket_id)
            .join(ImportedTicket, ImportedTicket.ticket_id == HistoryEntry.ticket_id)
            .where(
                HistoryEntry.ticket_id.in_(chunk),
                HistoryEntry.id > ImportedTicket.last_entry_id,
            )
        )
        touched.update(db.session.scalars(later))
    return (set(ids) - ours) | touched


def store(folded: Sequence[Folded], ids: Mapping[str, int], *, at: datetime) -> dict[str, int]:
    """Write tickets with all that hangs on them; ``ids`` are those that exist already.

    Answers the ids of all. Clocks are not looked after by the worker, except on tickets where
    they were before: there they go on from ``at``.
    """
    live = _live(ids.values())
    _delete_what_hangs_on(list(ids.values()))
    ids = _write_tickets(folded, ids)
    _write_clocks(folded, ids, live=live, at=at)
    messages = [
        {**message, "ticket_id": ids[ticket.name]}
        for ticket in folded
        for message in ticket.messages
    ]
    _insert(table_of(Message), messages)
    _write_history(folded, ids)
    indexing.renew(ids[ticket.name] for ticket in folded)
    return ids


def _write_tickets(folded: Sequence[Folded], ids: Mapping[str, int]) -> dict[str, int]:
    ordered = sorted(folded, key=_depths(folded).__getitem__)
    new = [ticket for ticket in ordered if ticket.name not in ids]
    old = [ticket for ticket in ordered if ticket.name in ids]
    first = take_ids(_TICKET, len(new))
    ids = {**ids, **{ticket.name: first + place for place, ticket in enumerate(new)}}
    _insert(_TICKET, [{"id": ids[t.name], **_columns(t, ids)} for t in new])
    if old:
        rows = [{"of": ids[t.name], **_columns(t, ids)} for t in old]
        statement = update(_TICKET).where(_TICKET.c.id == bindparam("of"))
        columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "of"}
        db.session.connection().execute(statement.values(columns), rows)
    return ids


def _depths(folded: Sequence[Folded]) -> dict[Folded, int]:
    """How many merges each ticket is away from where it ended: those are written first."""
    by_name = {ticket.name: ticket for ticket in folded}
    depths: dict[Folded, int] = {}
    for ticket in folded:
        depth, into = 0, by_name.get(ticket.merged_into or "")
        while into is not None:
            depth, into = depth + 1, by_name.get(into.merged_into or "")
        depths[ticket] = depth
    return depths


def _columns(ticket: Folded, ids: Mapping[str, int]) -> dict[str, Any]:
    opening, course, terms = ticket.opening, ticket.course, ticket.terms
    assert opening is not None
    assert terms is not None
    return {
        "external_ref": ticket.name,
        "subject": opening.subject or ticket.name,
        "snippet": ticket.snippet,
        "status": course.status,
        "priority": ticket.priority,
        "kind": opening.kind,
        "channel": Channel.IMPORT,
        "service_id": opening.service_id,
        "team_id": opening.team_id,
        "organisation_id": ticket.organisation_id,
        "requester_id": ticket.requester.id if ticket.requester else None,
        "assignee_id": ticket.assignee_id,
        "version_id": terms.version_id,
        "merged_into_id": ids[ticket.merged_into] if ticket.merged_into else None,
        "contact_at": course.contact_at,
        "opened_at": course.contact_at,
        "last_event_at": ticket.last_at,
        "updated_at": ticket.last_at,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at,
        "hold_until": None,
        "why": ticket.why,
        "agent_unread": ticket.unread,
    }


def _write_clocks(
    folded: Sequence[Folded], ids: Mapping[str, int], *, live: Collection[int], at: datetime
) -> None:
    next_id = take_ids(_CLOCK, sum(len(ticket.course.clocks) for ticket in folded))
    written: list[Rows] = []
    for ticket in folded:
        ticket_id = ids[ticket.name]
        assert ticket.terms is not None
        written.append(
            rows_of(
                ticket.course,
                ticket_id,
                first_clock_id=next_id,
                live_from=at if ticket_id in live else None,
                ladder=ticket.terms.ladder,
            )
        )
        next_id += len(ticket.course.clocks)
    _insert(_CLOCK, [row for rows in written for row in rows.clocks])
    _insert(table_of(ClockEvent), [row for rows in written for row in rows.events])
    _insert(table_of(TicketCourse), [rows.course for rows in written])
    _insert(table_of(Deadline), [rows.deadline for rows in written if rows.deadline])
    _insert(table_of(Escalation), [row for rows in written for row in rows.escalations])


def _write_history(folded: Sequence[Folded], ids: Mapping[str, int]) -> None:
    next_id = take_ids(table_of(HistoryEntry), sum(len(ticket.entries) for ticket in folded))
    entries, imported = [], []
    for ticket in folded:
        ticket_id = ids[ticket.name]
        for entry in ticket.entries:
            entries.append({"id": next_id, "ticket_id": ticket_id, **entry})
            next_id += 1
        imported.append({"ticket_id": ticket_id, "last_entry_id": next_id - 1})
    _insert(table_of(HistoryEntry), entries)
    _insert(table_of(ImportedTicket), imported)


def _live(ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for chunk in in_chunks(list(ids), CHUNK):
        query = select(TicketCourse.ticket_id).where(
            TicketCourse.ticket_id.in_(chunk), TicketCourse.is_live
        )
        found.update(db.session.scalars(query))
    return found


def _delete_what_hangs_on(ids: list[int]) -> None:
    for chunk in in_chunks(ids, CHUNK):
        clocks = select(Clock.id).where(Clock.ticket_id.in_(chunk))
        _delete(Deadline, Deadline.ticket_id.in_(chunk))
        _delete(Escalation, Escalation.clock_id.in_(clocks))
        _delete(ClockEvent, ClockEvent.clock_id.in_(clocks))
        for model in (Clock, TicketCourse, Message, HistoryEntry, ImportedTicket):
            _delete(model, model.ticket_id.in_(chunk))


def _delete(model: type[Base], condition: ColumnElement[bool]) -> None:
    db.session.execute(delete(table_of(model)).where(condition))


def _insert(table: Table, rows: list[dict[str, Any]]) -> None:
    for chunk in in_chunks(rows, 2000):
        db.session.execute(insert(table), chunk)
