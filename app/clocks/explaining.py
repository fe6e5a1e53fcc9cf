"""`explain`: everything behind one clock, read from its events and the target as it was signed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from app.agreements import contracts
from app.agreements.models import Target
from app.agreements.terms import Terms
from app.calendars import queries as calendars
from app.clocks import queries, words
from app.clocks.explanation import Explanation, Names, explain_events, history_of
from app.clocks.models import Clock
from app.clocks.retelling import Happened
from app.clocks.state import Event
from app.clocks.stretches import CLOSED, COUNTED, PAUSED, STOPPED, ExplainedSpan, Reader
from app.database import db
from app.people.models import Person

__all__ = [
    "CLOSED",
    "COUNTED",
    "PAUSED",
    "STOPPED",
    "ExplainedSpan",
    "Explanation",
    "Happened",
    "explain",
]


def explain(
    clock: Clock | int,
    *,
    zone: str,
    at: datetime,
    for_requester: int | None = None,
    others: Mapping[str, Terms] | None = None,
) -> Explanation:
    """Why a clock (its row or id) says what it says at ``at``, for a reader in ``zone``.

    ``others`` are the ticket's terms under each other priority, by the name shown: what would
    move it. ``for_requester`` is the id of a requester who reads it: they are told what they did
    themselves, but neither who else did what, nor the reasons that staff wrote, nor what else
    the priority could be.
    """
    row = queries.clock(clock) if isinstance(clock, int) else clock
    events = queries.events_of(row)
    rules = contracts.rules_of(event.tier_id for event in events)
    history = history_of(events, lambda event: rules[event.tier_id], calendars.value)
    target = contracts.target_terms(row.target_id, because=row.chosen_because)
    terms = replace(rules[row.tier_id], targets={row.measure: target})
    return explain_events(
        history,
        terms,
        at=at,
        zone=zone,
        reader=_staff(events) if for_requester is None else Reader({for_requester: "you"}),
        names=_names(events),
        others=others if for_requester is None else None,
    )


def _staff(events: Sequence[Event]) -> Reader:
    known = {event.actor_id for event in events if event.actor_id is not None}
    query = select(Person.id, Person.name).where(Person.id.in_(known))
    found = db.session.execute(query) if known else ()
    return Reader({row.id: row.name for row in found}, is_staff=True)


def _names(events: Iterable[Event]) -> Names:
    """The hours with the number of their version, and the targets in the words signed."""
    hours, target_ids = {}, set()
    for event in events:
        hours[event.calendar_version_id] = calendars.full_name(event.calendar_version_id)
        target_ids.add(event.target_id)
    query = select(Target.id, Target.words).where(Target.id.in_(target_ids))
    return Names(hours, {row.id: words.allowed(row.words) for row in db.session.execute(query)})
