"""`explain`: everything behind one clock, read from its events and the target as it was signed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from app.agreements import contracts
from app.agreements.terms import Terms
from app.calendars import queries as calendars
from app.clocks import queries
from app.clocks.explanation import (
    CLOSED,
    COUNTED,
    PAUSED,
    STOPPED,
    ExplainedSpan,
    Explanation,
    Happened,
    explain_events,
    history_of,
)
from app.clocks.models import Clock
from app.clocks.moving import Move
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
    "Move",
    "explain",
]


def explain(
    clock: Clock | int,
    *,
    zone: str,
    at: datetime,
    for_requester: bool = False,
    others: Mapping[str, Terms] | None = None,
) -> Explanation:
    """Why a clock (its row or id) says what it says at ``at``, for a reader in ``zone``.

    ``others`` are the ticket's terms under each other priority, by the name shown: what would
    move it. A requester is told neither who did what nor the reasons that staff wrote, nor what
    else the priority could be.
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
        who=None if for_requester else _names([event.actor_id for event in events]),
        others=None if for_requester else others,
    )


def _names(actor_ids: list[int | None]) -> dict[int, str]:
    known = {actor_id for actor_id in actor_ids if actor_id is not None}
    if not known:
        return {}
    query = select(Person.id, Person.name).where(Person.id.in_(known))
    return {row.id: row.name for row in db.session.execute(query)}
