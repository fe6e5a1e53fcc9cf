"""The canonical log of tickets, live or imported: what their history says, proved by a refold."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from app.catalogue.models import Service
from app.clocks.models import Clock
from app.clocks.queries import clocks_of
from app.clocks.state import ClockState
from app.database import db
from app.importing import loading, staging
from app.importing.events import MEASURES
from app.importing.folded import Context
from app.importing.folding import Fold
from app.importing.models import StagedEvent
from app.importing.story import Story, Teller
from app.importing.telling import measures_of_sources
from app.people.models import Organisation, Person, Team
from app.tickets.models import HistoryEntry, Message, Ticket

BATCH = 400
_ALL = frozenset(MEASURES)
_COMPARED = (
    "version_id",
    "tier_id",
    "target_id",
    "state",
    "started_at",
    "due_at",
    "stopped_at",
    "budget_s",
    "used_s",
    "paused_s",
    "cancelled_reason",
    "breached_at",
    "excluded_because",
)
"""What makes a promise, in the order in which a difference is told."""


@dataclass(frozen=True)
class Refused:
    """A ticket whose promises do not follow from the events that a log can tell."""

    name: str
    reason: str


def lines() -> Iterator[tuple[str, ...] | Refused]:
    """The rows of the log, ticket by ticket, `Refused` in place of a ticket that cannot be told.

    Each ticket's events are folded again before they are written: they are told only when that
    gives the promises that the ticket has. Merged tickets follow the one they went into.
    """
    context = Context(loading.Agreements(), loading.directory(), count(1))
    teller = _teller()
    last_id = 0
    while roots := _roots(last_id):
        last_id = roots[-1].id
        for group, clocks in _groups(roots, teller):
            reason = _difference(group, clocks, context)
            for story in group:
                if reason:
                    yield Refused(story.name, reason)
                else:
                    yield from story.rows
        db.session.expunge_all()


def _roots(last_id: int) -> Sequence[Ticket]:
    query = select(Ticket).where(Ticket.id > last_id, Ticket.merged_into_id.is_(None))
    return db.session.scalars(query.order_by(Ticket.id).limit(BATCH)).all()


def _groups(
    roots: Sequence[Ticket], teller: Teller
) -> Iterator[tuple[list[Story], dict[int, list[Clock]]]]:
    """The stories of each root and of what was merged into it, with the clocks of all of them."""
    members: dict[int, list[Ticket]] = {root.id: [root] for root in roots}
    root_of = {root.id: root.id for root in roots}
    newest = list(root_of)
    while newest:
        query = select(Ticket).where(Ticket.merged_into_id.in_(newest)).order_by(Ticket.id)
        merged = db.session.scalars(query).all()
        for ticket in merged:
            root_of[ticket.id] = root_of[ticket.merged_into_id or 0]
            members[root_of[ticket.id]].append(ticket)
        newest = [ticket.id for ticket in merged]
    tickets = [ticket for group in members.values() for ticket in group]
    names = {ticket.id: ticket.external_ref or ticket.ref for ticket in tickets}
    entries, bodies, clocks = _histories(list(names)), _bodies(list(names)), clocks_of(names)
    measures = _measures([ticket.external_ref for ticket in tickets if ticket.external_ref])
    for group in members.values():
        yield (
            [
                teller.story(
                    ticket,
                    entries[ticket.id],
                    bodies,
                    measures=measures.get(ticket.external_ref or ""),
                    names=names,
                )
                for ticket in group
            ],
            clocks,
        )


def _histories(ids: list[int]) -> dict[int, list[HistoryEntry]]:
    found: dict[int, list[HistoryEntry]] = defaultdict(list)
    query = select(HistoryEntry).where(HistoryEntry.ticket_id.in_(ids))
    for entry in db.session.scalars(query.order_by(HistoryEntry.at, HistoryEntry.id)):
        found[entry.ticket_id].append(entry)
    return found


def _bodies(ids: list[int]) -> dict[int, str]:
    query = select(Message.id, Message.body).where(Message.ticket_id.in_(ids))
    return dict(db.session.execute(query).all())


def _measures(names: list[str]) -> dict[str, frozenset[str]]:
    """Per imported ticket the measures of its log, where those are not all."""
    if not names:
        return {}
    of_ticket: dict[str, set[int]] = defaultdict(set)
    query = select(StagedEvent.ticket, StagedEvent.source_id).where(StagedEvent.ticket.in_(names))
    for name, source_id in db.session.execute(query.distinct()):
        of_ticket[name].add(source_id)
    sources = staging.sources({id_ for ids in of_ticket.values() for id_ in ids})
    found = {
        name: measures_of_sources(sources[id_] for id_ in ids) for name, ids in of_ticket.items()
    }
    return {name: measures for name, measures in found.items() if measures != _ALL}


def _difference(group: list[Story], clocks: dict[int, list[Clock]], context: Context) -> str | None:
    """Why the stories do not give the promises that the tickets have; None when they do."""
    context.message_ids = count(1)
    fold = Fold(context, {story.name: _ALL for story in group})
    for fact, reason in fold.run([fact for story in group for fact in story.facts]):
        return f"{fact.name} at {fact.at:%Y-%m-%d %H:%M:%S} UTC: {reason}"
    _judge(fold, clocks, group)
    for story in group:
        told = {(c.measure, c.sequence): c for c in fold.tickets[story.name].course.clocks}
        have = {(c.measure, c.sequence): c for c in clocks.get(story.ticket.id, [])}
        if told.keys() != have.keys():
            return "The log would give it other clocks."
        for key, clock in have.items():
            different = _first_difference(clock, told[key])
            if different:
                return f"{key[0]} {key[1]} would have another {different}."
    return None


def _judge(fold: Fold, clocks: dict[int, list[Clock]], group: list[Story]) -> None:
    """Let the fold know the breaches that were recorded without anything happening."""
    for story in group:
        breaches: list[datetime] = [
            clock.breached_at
            for clock in clocks.get(story.ticket.id, [])
            if clock.breached_at is not None
        ]
        if breaches:
            fold.settle(max(breaches) + timedelta(seconds=1), only=story.name)


def _first_difference(clock: Clock, told: ClockState) -> str:
    for column in _COMPARED:
        if getattr(clock, column) != getattr(told, column):
            return column
    return ""


def _teller() -> Teller:
    people: dict[int, tuple[str, bool]] = {}
    addresses: dict[str, str] = {}
    for person in db.session.scalars(select(Person).order_by(Person.id)):
        people[person.id] = (person.address or person.name, person.is_agent)
        addresses.setdefault(person.name, person.address or person.name)
    return Teller(
        people,
        addresses,
        dict(db.session.execute(select(Organisation.id, Organisation.name)).all()),
        dict(db.session.execute(select(Service.id, Service.key)).all()),
        dict(db.session.execute(select(Team.id, Team.name)).all()),
    )
