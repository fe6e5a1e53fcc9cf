"""What a ladder would do: when each rung fires and who is told, were a ticket to come in now.

For ladders that are still being written; for tickets there is `preview`. The points are those of
`clocks.rungs`, the people those of `responsible`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.agreements import choosing
from app.agreements.contracts import TierRows
from app.agreements.parts import RungPart
from app.agreements.terms import RungTerms, TargetTerms
from app.catalogue.models import Service
from app.catalogue.words import Kind, Priority
from app.clocks import rungs, words
from app.clocks.state import ClockState, Phase
from app.escalation import rung_words
from app.escalation.responsible import people_for
from app.tickets.models import Ticket


@dataclass(frozen=True)
class Foreseen:
    """One point: on which promise it stands, when it fires, who is told."""

    measure: str
    place: str
    instant_at: datetime
    told: tuple[str, ...]
    deeds: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """A ticket of one priority that comes in now, with the points of its clocks, rising."""

    priority: Priority
    points: tuple[Foreseen, ...]


def samples(
    tier: TierRows, ladder: Sequence[RungPart], *, service: Service | None, zone: str, at: datetime
) -> list[Sample]:
    """An incident of each priority, unassigned, as if each of its clocks began at ``at``.

    Words tell instants in ``zone``.
    """
    terms = [_terms(place, part) for place, part in enumerate(ladder)]
    ticket = _ticket(service)
    return [
        Sample(
            priority,
            tuple(
                sorted(
                    _points(ticket, _targets(tier, priority, service), terms, zone, at),
                    key=lambda one: one.instant_at,
                )
            ),
        )
        for priority in Priority
    ]


def _points(
    ticket: Ticket,
    targets: Sequence[TargetTerms],
    ladder: Sequence[RungTerms],
    zone: str,
    at: datetime,
) -> Iterator[Foreseen]:
    for target in targets:
        for point in rungs.points(_clock(target, at), ladder):
            told = people_for(point.rung.responsible, ticket, at=point.instant_at)
            yield Foreseen(
                words.measure(target.measure),
                rung_words.point(point.rung, point.nth),
                point.instant_at,
                tuple(
                    rung_words.told(one, when_at=point.instant_at, zone=zone, at=at) for one in told
                ),
                tuple(rung_words.deed(action) for action in point.rung.actions)
                if not point.nth
                else (),
            )


def _targets(tier: TierRows, priority: Priority, service: Service | None) -> list[TargetTerms]:
    """Those that a real ticket would get."""
    asked = (service.id, service.team_id) if service else (None, None)
    chosen = choosing.first_matches(tier, priority.value, Kind.INCIDENT.value, *asked)
    return list(chosen.values())


def _clock(target: TargetTerms, at: datetime) -> ClockState:
    """A clock of this target that begins now."""
    seconds = target.seconds_from(at)
    return ClockState(
        measure=target.measure,
        sequence=1,
        state=Phase.RUNNING,
        version_id=0,
        tier_id=0,
        target_id=target.target_id,
        target_s=seconds,
        calendar_version_id=target.calendar_version_id,
        budget_s=seconds,
        started_at=at,
        calendar=target.calendar,
        running_since=at,
        due_at=target.calendar.add(at, seconds),
    )


def _terms(place: int, part: RungPart) -> RungTerms:
    return RungTerms(
        rung_id=place,
        position=place,
        measure=part.measure,
        percent=part.percent,
        offset_s=part.offset_s,
        responsible=part.responsible,
        actions=part.actions,
        repeat_s=part.repeat_s,
        repeat_times=part.repeat_times,
        acknowledge_s=part.acknowledge_s,
    )


def _ticket(service: Service | None) -> Ticket:
    """A ticket that is nowhere stored: of a service and its team, assigned to nobody."""
    ticket = Ticket(
        assignee_id=None,
        team_id=service.team_id if service else None,
        service_id=service.id if service else None,
        organisation_id=None,
    )
    ticket.service, ticket.organisation = service, None
    return ticket
