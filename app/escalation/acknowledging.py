""" "I am on it": who says so ends the repeats and waits of a clock's rungs that have fired.

Rungs that are still to come fire at their own points. Source: escalation.md, "Ladders".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.agreements.terms import Terms
from app.clocks import coming, ladders, queries, words
from app.clocks.models import Clock, Escalation
from app.clocks.state import Phase
from app.database import db
from app.errors import Refusal
from app.escalation import rung_words
from app.languages import gettext as _
from app.languages import speaking
from app.people import queries as people
from app.people.models import Person
from app.tickets.history import record
from app.tickets.models import Ticket
from app.tickets.queries import terms_of


@dataclass(frozen=True)
class Standing:
    """What a clock's ladder has told, and whether somebody said "I am on it" since.

    `last` is the highest rung that was told, in words, `told` to whom; `until` is when the next
    people are told unless somebody says so, `repeats` whether reminders follow. `by` is who said
    so since, at `acknowledged_at`.
    """

    clock: Clock
    measure: str
    last: str
    told: tuple[str, ...]
    fired_at: datetime
    until: datetime | None
    repeats: bool
    by: Person | None
    acknowledged_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has said so."""
        return self.by is None


@dataclass(frozen=True)
class Acknowledged:
    """Who is on it since when; ``is_new`` is False where that was known already."""

    by: Person
    at: datetime
    is_new: bool


def acknowledge(ticket: Ticket, clock: Clock, *, by: Person, at: datetime) -> Acknowledged:
    """Say "I am on it" for everything that this clock's ladder has told so far.

    The caller holds the ticket's lock. Anybody who was told may say so, and any agent. Said
    twice, nothing changes and the answer names who was first. Raises `Refusal` where nobody was
    told, where the clock has ended, and for anybody else.
    """
    if not clock.is_open:
        raise Refusal(_("This promise has ended: there is nothing left to acknowledge."))
    told = _told([clock]).get(clock.id, [])
    if not told:
        raise Refusal(_("Nobody was told of this promise yet, so there is nothing to acknowledge."))
    if not by.is_agent and by.id not in _ids(told):
        raise Refusal(_("Only those who were told, and agents, can say that they are on it."))
    waiting = [row for row in told if row.acknowledged_at is None]
    if not waiting:
        return _known(told)
    at = max(at, ticket.last_event_at)
    for row in waiting:
        row.acknowledged_at, row.acknowledged_by_id = at, by.id
    terms = terms_of(ticket)
    with speaking("en"):
        place, measure = _place(terms, waiting[-1]), words.measure(clock.measure).lower()
    record(ticket, "acknowledged", by=by, at=at, words=f"{by.name} is on it: {place} of {measure}")
    ticket.why = f"{by.name} is on it"
    db.session.flush()
    coming.look_ahead(ticket.id, terms=terms)
    db.session.flush()
    return Acknowledged(by, at, is_new=True)


def acknowledge_all(ticket: Ticket, *, by: Person, at: datetime) -> Acknowledged:
    """Say "I am on it" for every promise of the ticket of which somebody was told.

    As `acknowledge`, for each; new where it was new for any of them.
    """
    said = [acknowledge(ticket, each.clock, by=by, at=at) for each in standing(ticket)]
    if not said:
        raise Refusal(_("Nobody was told of this ticket yet, so there is nothing to acknowledge."))
    return next((one for one in said if one.is_new), said[-1])


def standing(
    ticket: Ticket,
    *,
    clocks: Sequence[Clock] | None = None,
    known: Mapping[int, Sequence[Escalation]] | None = None,
) -> list[Standing]:
    """What the ladders of the ticket's open clocks have told, the clock that began first first.

    ``clocks`` are all of the ticket's and ``known`` what is recorded of the open ones, where the
    caller has read them.
    """
    if clocks is None:
        clocks = queries.clocks_of([ticket.id]).get(ticket.id, [])
    clocks = [one for one in clocks if one.is_open]
    told = _told(clocks, known)
    terms = terms_of(ticket) if told else None
    return [
        _standing(clock, told[clock.id], terms) for clock in clocks if terms and clock.id in told
    ]


def _standing(clock: Clock, told: Sequence[Escalation], terms: Terms) -> Standing:
    waiting = [row for row in told if row.acknowledged_at is None]
    until = [
        row.acknowledge_until for row in ladders.waiting_on(clock, told) if row.acknowledge_until
    ]
    repeating = {rung.rung_id: rung.repeat_times for rung in terms.ladder}
    by_id = None if waiting else told[-1].acknowledged_by_id
    return Standing(
        clock,
        words.measure(clock.measure),
        _place(terms, told[-1]),
        tuple(dict.fromkeys(each["name"] for each in told[-1].told)),
        told[-1].fired_at or told[-1].instant_at,
        min(until, default=None) if clock.state is Phase.RUNNING else None,
        any(row.nth < repeating.get(row.rung_id, 0) for row in waiting),
        people.person(by_id) if by_id else None,
        None if waiting else told[-1].acknowledged_at,
    )


def _told(
    clocks: Sequence[Clock], known: Mapping[int, Sequence[Escalation]] | None = None
) -> dict[int, list[Escalation]]:
    """By clock, the rungs of the generation that counts of which people were told, in order."""
    recorded = known if known is not None else queries.escalations_of([one.id for one in clocks])
    found = {
        clock.id: [row for row in ladders.counted_on(clock, recorded.get(clock.id, ())) if row.told]
        for clock in clocks
    }
    return {clock_id: told for clock_id, told in found.items() if told}


def _known(told: Sequence[Escalation]) -> Acknowledged:
    last = told[-1]
    if last.acknowledged_by_id is None or last.acknowledged_at is None:
        raise ValueError(f"Escalation {last.id} is not acknowledged.")
    return Acknowledged(people.person(last.acknowledged_by_id), last.acknowledged_at, is_new=False)


def _place(terms: Terms, row: Escalation) -> str:
    rung = next((one for one in terms.ladder if one.rung_id == row.rung_id), None)
    return rung_words.point(rung, row.nth) if rung else _("a rung")


def _ids(told: Sequence[Escalation]) -> set[int]:
    return {each["person"] for row in told for each in row.told}
