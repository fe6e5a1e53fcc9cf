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
from app.clocks import board, ladders, queries, rungs, waits, words
from app.clocks.draft import holds
from app.clocks.models import Clock, Escalation, EscalationState
from app.clocks.state import ClockState, Phase
from app.errors import Refusal
from app.escalation import rung_words
from app.escalation.responsible import people_for, watchers_besides
from app.languages import gettext as _
from app.languages import lazy_gettext
from app.people import queries as people
from app.people.models import Person
from app.tickets import kept, watching
from app.tickets.models import Ticket
from app.tickets.queries import terms_of
from app.tickets.words import Status

_STOPS = {
    "acknowledgement": lazy_gettext("a person has it in hand, or answers"),
    "first_response": lazy_gettext("the first answer by a person"),
    "next_response": lazy_gettext("the next answer by a person"),
    "update": lazy_gettext("the next answer"),
    "workaround": lazy_gettext("an answer that gives a workaround, or resolved"),
    "resolution": lazy_gettext("resolving it"),
}


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

    @property
    def cancelled(self) -> str:
        """Why the clock was cancelled: "spam"."""
        return words.cancelled(self.clock.cancelled_reason)


def of_ticket(ticket: Ticket, *, zone: str, at: datetime) -> list[Ladder]:
    """The ladder of each clock of a ticket, in the order in which the clocks began.

    Words tell instants in ``zone``. None where no agreement covers the ticket.
    """
    try:
        terms = terms_of(ticket)
    except Refusal:
        return []
    clocks = queries.clocks_of([ticket.id]).get(ticket.id, [])
    known = queries.escalations_of([clock.id for clock in clocks])
    watchers = watching.watchers_of([ticket.id]).get(ticket.id, ())
    return [
        _View(ticket, clock, known.get(clock.id, []), terms, watchers, zone, at).ladder()
        for clock in clocks
    ]


@dataclass(frozen=True, slots=True)
class _View:
    """One clock of a ticket with all that its ladder depends on."""

    ticket: Ticket
    clock: Clock
    known: Sequence[Escalation]
    terms: Terms
    watchers: Sequence[Person]
    zone: str
    at: datetime

    def ladder(self) -> Ladder:
        state = board.state_of(self.clock)
        recorded = [_recorded(one, self.terms, state) for one in self.known]
        done = ladders.done_on(self.clock, self.known, self.terms.ladder)
        ahead = [
            self._stilled(point) if point.key in done else self._ahead(point)
            for point in self._to_come(state)
        ]
        live = [line for line in ahead if line.standing in (Standing.AHEAD, Standing.COME)]
        measure = self.clock.measure
        return Ladder(
            clock=self.clock,
            name=_name(self.clock),
            state=self.clock.state,
            lines=(*recorded, *ahead),
            next_line=live[0] if live and self.clock.state is Phase.RUNNING else None,
            stops=_stops(measure),
            stills=tuple(s.label for s in Status if holds(measure, s.value, self.terms)),
        )

    def _to_come(self, state: ClockState) -> list[rungs.Point]:
        """The points without a record in the generation that counts, rising.

        A clock that stands still is reckoned as if it went on now.
        """
        if not state.is_open:
            return []
        written = {(one.rung_id, one.nth) for one in ladders.counted_on(self.clock, self.known)}
        points = rungs.points(going_on(state, self.at), self.terms.ladder)
        return [point for point in points if point.key not in written]

    def _stilled(self, point: rungs.Point) -> Line:
        """A reminder of a rung that somebody acknowledged: it is not sent."""
        place = _sentence(rung_words.point(point.rung, point.nth))
        note = _(
            "%(name)s is on it: this reminder is not sent", name=self._acknowledged_by(point.rung)
        )
        return Line(place, Standing.STILLED, None, None, None, (), (), (note,))

    def _ahead(self, point: rungs.Point) -> Line:
        """A point to come."""
        is_paused = self.clock.state is Phase.PAUSED
        when_at = max(self.at, point.instant_at)
        told = people_for(point.rung.responsible, self.ticket, at=when_at)
        told += watchers_besides(told, self.watchers, at=when_at)
        has_come = point.instant_at < self.at and not is_paused
        wanted = "" if point.nth else rung_words.acknowledgement(point.rung)
        return Line(
            place=_sentence(rung_words.point(point.rung, point.nth)),
            standing=Standing.COME if has_come else Standing.AHEAD,
            instant_at=None if is_paused else point.instant_at,
            fired_at=None,
            wait_until=None,
            told=tuple(
                rung_words.told(one, when_at=when_at, zone=self.zone, at=self.at) for one in told
            ),
            deeds=() if point.nth else tuple(map(rung_words.deed, point.rung.actions)),
            notes=(wanted,) if wanted else (),
        )

    def _acknowledged_by(self, rung: RungTerms) -> str:
        """Who said "I am on it" to this rung."""
        found = [one.acknowledged_by_id for one in self.known if one.rung_id == rung.rung_id]
        ids = [id for id in found if id is not None]
        return people.person(ids[-1]).name if ids else _("Somebody")


def going_on(state: ClockState, at: datetime) -> ClockState:
    """The clock as it would run if a pause ended at ``at``."""
    if state.state is not Phase.PAUSED:
        return state
    due_at = state.due_at or state.calendar.add(at, max(0, state.left_s))
    return replace(state, state=Phase.RUNNING, running_since=at, paused_since=None, due_at=due_at)


def _recorded(one: Escalation, terms: Terms, state: ClockState) -> Line:
    rung = next((rung for rung in terms.ladder if rung.rung_id == one.rung_id), None)
    place = rung_words.point(rung, one.nth) if rung else _("A rung of another tier")
    return Line(
        place=_sentence(place),
        standing=Standing(one.state.value.replace("_", " ")),
        instant_at=one.instant_at,
        fired_at=one.fired_at,
        wait_until=one.acknowledge_until if state.is_open and waits.is_waiting(one) else None,
        told=tuple(_as_told(each) for each in one.told),
        deeds=(),
        notes=tuple(_notes(one)),
    )


def _notes(one: Escalation) -> list[str]:
    notes = []
    if one.generation > 1:
        notes.append(_("told again, because its time was moved"))
    if one.late_by_s >= rung_words.LATE_S:
        notes.append(_("%(time)s late", time=words.duration(one.late_by_s)))
    if one.state is EscalationState.NOT_TOLD:
        notes.append(
            _("the clock stopped or paused first; it is told late if the clock runs again")
        )
    if one.dropped_because:
        notes.append(_("given up: %(because)s", because=one.dropped_because))
    elif one.state is EscalationState.COVERED and not one.told:
        notes.append(_("a change moved it into the past, or a later reminder told more"))
    return [*notes, *_acknowledgement(one)]


def _acknowledgement(one: Escalation) -> list[str]:
    if one.acknowledged_at is not None and one.acknowledged_by_id is not None:
        return [_("%(name)s is on it", name=people.person(one.acknowledged_by_id).name)]
    if one.passed_on_at is not None and not one.dropped_because:
        return [_("nobody said “I am on it” in time: the next were told")]
    return []


def _as_told(each: dict[str, Any]) -> str:
    instead = kept.part(each.get("instead") or "")
    return f"{each.get('name') or _('somebody')} {instead}".strip()


def _stops(measure: str) -> str:
    """What stops a clock of this measure: "the first answer by a person"."""
    return str(_STOPS.get(measure) or _("its end"))


def _name(clock: Clock) -> str:
    name = words.measure(clock.measure)
    return f"{name} {clock.sequence}" if clock.sequence > 1 else name


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
