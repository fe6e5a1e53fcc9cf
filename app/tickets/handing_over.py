"""A ticket goes to another team: promises that are a team's are chosen anew.

Source: clocks.md, "A target changes"; decision 0009. Nobody gains time by handing a ticket over
and back: a target that it had gives its budget back.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from app.agreements import choosing, contracts
from app.agreements.terms import Terms
from app.clocks import foreseeing, running
from app.clocks.foreseeing import Foreseen
from app.clocks.models import Clock
from app.clocks.state import Phase
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.tickets.history import record_not_told
from app.tickets.models import Ticket
from app.tickets.queries import terms_of


def foresee(ticket: Ticket, team_id: int | None, *, at: datetime) -> list[Foreseen]:
    """What it would do to each promise if the team had the ticket; nothing is written.

    Empty where the version promises the same with that team.
    """
    terms = _terms(ticket, team_id)
    if _is_same(terms, terms_of(ticket)):
        return []
    return _foresee(ticket, terms, at=at)


def gives_time(found: Iterable[Foreseen]) -> bool:
    """Whether a promise would fall due later, have more left or be none: it needs a reason."""
    return any(map(_gives_time, found))


def hand_over(
    ticket: Ticket,
    team_id: int | None,
    *,
    reason: str,
    by: Person | None,
    at: datetime,
    keeping: Clock | None = None,
    held_until: datetime | None = None,
) -> None:
    """Let the team have the ticket from ``at`` on, and its clocks follow.

    ``keeping`` is a clock that keeps its target: the one whose rung moved the ticket. With
    ``held_until`` it can be undone until then (`hand_back`), and nobody is told of what it does
    to a ladder before. Raises `Refusal` without a reason where somebody would gain time by it.
    """
    terms = _terms(ticket, team_id)
    if _is_same(terms, terms_of(ticket)):
        ticket.team_id = team_id
        return
    at, said = max(at, ticket.last_event_at), reason.strip()
    if by is not None and not said and gives_time(_foresee(ticket, terms, at=at)):
        raise Refusal(
            _("With that team a promise gives us more time: say why it goes there."),
            field="reason",
        )
    outcome = running.retargeted(
        ticket.id,
        terms=kept(terms, keeping),
        at=at,
        actor_id=by.id if by else None,
        cause="verb:team",
        reason=said or None,
        held_until=held_until,
    )
    ticket.team_id = team_id
    record_not_told(ticket, outcome.not_told, "team", at=at)


def hand_back(ticket: Ticket, team_id: int | None, *, by: Person, at: datetime) -> None:
    """Undo at once that another team has it: the promises stand as if it had never gone there."""
    terms = _terms(ticket, team_id)
    if not _is_same(terms, terms_of(ticket)):
        running.retracted(
            ticket.id,
            terms=terms,
            undoes="verb:team",
            at=max(at, ticket.last_event_at),
            actor_id=by.id,
            cause="undo:team",
        )
    ticket.team_id = team_id


def kept(terms: Terms, clock: Clock | None) -> Terms:
    """The terms in which ``clock`` keeps the target that it has: its own rung changed them."""
    if clock is None:
        return terms
    target = contracts.target_terms(clock.target_id, because=clock.chosen_because)
    return replace(terms, targets={**terms.targets, clock.measure: target})


def _terms(ticket: Ticket, team_id: int | None) -> Terms:
    return choosing.terms_of(
        ticket.version_id,
        organisation_id=ticket.organisation_id,
        service_id=ticket.service_id,
        priority=ticket.priority.value,
        kind=ticket.kind.value,
        team_id=team_id,
    )


def _foresee(ticket: Ticket, terms: Terms, *, at: datetime) -> list[Foreseen]:
    return foreseeing.retargeted(ticket.id, terms=terms, at=max(at, ticket.last_event_at))


def _is_same(one: Terms, other: Terms) -> bool:
    """Whether both promise the same by the same rows."""
    return {measure: target.target_id for measure, target in one.targets.items()} == {
        measure: target.target_id for measure, target in other.targets.items()
    }


def _gives_time(one: Foreseen) -> bool:
    now, then = one.now, one.then
    if now is None or not now.is_open or now.is_breached or then is None:
        return False
    if not then.is_open:
        return True
    stands_still = Phase.PAUSED in (now.state, then.state)
    return one.moves_out or (stands_still and then.left_s > now.left_s)
