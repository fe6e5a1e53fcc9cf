"""A ticket's ladders before and after they fire: when each rung comes, and who is told, and why.

Made of the same points (`clocks.rungs`) and the same people (`responsible`) as firing itself, so
the page and the worker cannot disagree. Source: escalation.md, "Ladders".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.agreements.terms import RungTerms, Terms
from app.agreements.words import MEASURES
from app.clocks import coming, queries, rungs, words
from app.clocks.draft import holds
from app.clocks.ladders import generation_of
from app.clocks.models import Clock, Escalation, EscalationState
from app.clocks.state import ClockState, Phase
from app.escalation import facts, rung_words
from app.escalation.responsible import people_for
from app.people import queries as people
from app.tickets.models import Ticket
from app.tickets.queries import terms_of
from app.tickets.words import Status

LATE_S = 120
"""A rung that fires this late says so."""


class Standing(StrEnum):
    """What has become of a point of a ladder, or will."""

    AHEAD = "ahead"
    COME = "come"
    FIRED = "fired"
    COVERED = "covered"
    NOT_TOLD = "not told"
    STILLED = "stilled"


@dataclass(frozen=True)
class Line:
    """One point of a ladder: where it stands, when, who, and what else it does.

    `told` are names with why they; `instant_at` is None where a clock stands still, `wait_until`
    is until when somebody is to say "I am on it". `notes` tell of acknowledgement, lateness, and
    that it was told again.
    """

    place: str
    standing: Standing
    instant_at: datetime | None
    fired_at: datetime | None
    wait_until: datetime | None
    told: tuple[str, ...]
    deeds: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Ladder:
    """One clock with the lines of its ladder, rising; `stops` and `stills` say what ends it."""

    clock: Clock
    name: str
    state: Phase
    lines: tuple[Line, ...]
    next_line: Line | None
    stops: str
    stills: tuple[str, ...]


def of_ticket(ticket: Ticket, *, at: datetime) -> list[Ladder]:
    """The ladder of each clock of a ticket, in the order in which the clocks began."""
    terms = terms_of(ticket)
    clocks = queries.clocks_of([ticket.id]).get(ticket.id, [])
    known = queries.escalations_of([clock.id for clock in clocks])
    return [_ladder(ticket, clock, known.get(clock.id, []), terms, at) for clock in clocks]


def _ladder(
    ticket: Ticket, clock: Clock, known: Sequence[Escalation], terms: Terms, at: datetime
) -> Ladder:
    state = coming.state_of(clock)
    recorded = [_recorded(one, terms, state) for one in known]
    ahead = [
        _ahead(ticket, point, known, clock, at)
        for point in _to_come(state, known, clock, terms, at)
    ]
    live = [line for line in ahead if line.standing in (Standing.AHEAD, Standing.COME)]
    return Ladder(
        clock=clock,
        name=_name(clock),
        state=clock.state,
        lines=(*recorded, *ahead),
        next_line=live[0] if live and clock.state is Phase.RUNNING else None,
        stops=_stops(clock.measure),
        stills=tuple(
            status.label for status in Status if holds(clock.measure, status.value, terms)
        ),
    )


def _to_come(
    state: ClockState, known: Sequence[Escalation], clock: Clock, terms: Terms, at: datetime
) -> list[rungs.Point]:
    """The points that are not recorded in the generation that counts, rising.

    A clock that stands still is reckoned as if it went on now.
    """
    if not state.is_open:
        return []
    done = {
        (one.rung_id, one.nth)
        for one in known
        if one.state is not EscalationState.NOT_TOLD
        and one.generation == generation_of(clock, one.rung_id)
    }
    points = rungs.points(going_on(state, at), terms.ladder)
    return [point for point in points if point.key not in done]


def going_on(state: ClockState, at: datetime) -> ClockState:
    """The clock as it would run if a pause ended at ``at``."""
    if state.state is not Phase.PAUSED:
        return state
    due_at = state.due_at or state.calendar.add(at, max(0, state.left_s))
    return replace(state, state=Phase.RUNNING, running_since=at, paused_since=None, due_at=due_at)


def _ahead(
    ticket: Ticket, point: rungs.Point, known: Sequence[Escalation], clock: Clock, at: datetime
) -> Line:
    by = _acknowledged_by(point.rung, known, clock) if point.nth else None
    has_come = point.instant_at < at
    standing = Standing.COME if has_come else Standing.AHEAD
    is_paused = clock.state is Phase.PAUSED
    told = people_for(point.rung.responsible, ticket, at=max(at, point.instant_at))
    notes = [f"{by} is on it: this reminder is not sent."] if by else []
    if not notes:
        notes = _promises_of(point.rung, point.nth)
    return Line(
        place=_sentence(facts.point(point.rung, point.nth)),
        standing=Standing.STILLED if by else Standing.AHEAD if is_paused else standing,
        instant_at=None if is_paused and not has_come else point.instant_at,
        fired_at=None,
        wait_until=None,
        told=() if by else tuple(rung_words.told(one) for one in told),
        deeds=tuple(rung_words.deed(action) for action in point.rung.actions)
        if not point.nth
        else (),
        notes=tuple(notes),
    )


def _recorded(one: Escalation, terms: Terms, state: ClockState) -> Line:
    rung = next((rung for rung in terms.ladder if rung.rung_id == one.rung_id), None)
    place = facts.point(rung, one.nth) if rung else "A rung of another tier"
    return Line(
        place=_sentence(place),
        standing=Standing(one.state.value.replace("_", " ")),
        instant_at=one.instant_at,
        fired_at=one.fired_at,
        wait_until=one.acknowledge_until if _waits(one, state) else None,
        told=tuple(_as_told(each) for each in one.told),
        deeds=(),
        notes=tuple(_notes(one, state)),
    )


def _notes(one: Escalation, state: ClockState) -> list[str]:
    notes = []
    if one.generation > 1:
        notes.append("told again, because its time was moved")
    if one.late_by_s >= LATE_S:
        notes.append(f"{words.duration(one.late_by_s)} late")
    if one.state is EscalationState.NOT_TOLD:
        notes.append("the clock stopped or paused first; it is told late if the clock runs again")
    if one.state is EscalationState.COVERED and not one.told:
        notes.append("a change moved it into the past, or a later reminder told more")
    return [*notes, *_acknowledgement(one, state)]


def _acknowledgement(one: Escalation, state: ClockState) -> list[str]:
    if one.acknowledged_at is not None and one.acknowledged_by_id is not None:
        return [f"{people.person(one.acknowledged_by_id).name} is on it"]
    if one.passed_on_at is not None:
        return ["nobody said “I am on it” in time: the next were told"]
    return []


def _waits(one: Escalation, state: ClockState) -> bool:
    is_answered = one.acknowledged_at is not None or one.passed_on_at is not None
    return state.is_open and not is_answered


def _promises_of(rung: RungTerms, nth: int) -> list[str]:
    if nth or rung.acknowledge_s is None:
        return []
    within = words.duration(rung.acknowledge_s)
    return [f"somebody is to say “I am on it” within {within} of service time"]


def _acknowledged_by(rung: RungTerms, known: Sequence[Escalation], clock: Clock) -> str | None:
    """Who said "I am on it" to this rung: its reminders are not sent."""
    for one in known:
        is_counted = one.generation == generation_of(clock, one.rung_id)
        if one.rung_id == rung.rung_id and is_counted and one.acknowledged_by_id:
            return people.person(one.acknowledged_by_id).name
    return None


def _as_told(each: dict[str, Any]) -> str:
    instead = each.get("instead") or ""
    return f"{each.get('name', 'somebody')} {instead}".strip()


def _stops(measure: str) -> str:
    """What stops a clock of this measure: "the first answer by a person"."""
    stops = MEASURES[measure].stops if measure in MEASURES else "its end"
    return "resolving it" if stops == "resolved" else stops


def _name(clock: Clock) -> str:
    name = words.measure(clock.measure)
    return f"{name} {clock.sequence}" if clock.sequence > 1 else name


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
