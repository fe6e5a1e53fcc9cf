"""Who looks after a ticket."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.clocks.models import Clock
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.languages import speaking
from app.notices import telling
from app.people import queries as people
from app.people.models import Assigning, Organisation, Person, Team
from app.qualifications import holding
from app.tickets import acknowledging, distribution, handing_over, letters
from app.tickets.distribution import Turn
from app.tickets.history import note_down, record
from app.tickets.models import Ticket


def take(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Make the ticket one's own; raises `Refusal` as `assign` does."""
    if ticket.assignee_id == by.id:
        raise Refusal(_("%(ref)s is yours already.", ref=ticket.ref))
    assign(ticket, assignee=by, team=None, by=by, at=at)


def assign(
    ticket: Ticket,
    *,
    assignee: Person | None,
    team: Team | None,
    by: Person | None,
    at: datetime,
    held_until: datetime | None = None,
    despite: str = "",
    reason: str = "",
    keeping: Clock | None = None,
) -> str | None:
    """Give the ticket to ``assignee`` (None: to nobody) and, if given, to ``team``.

    Where it goes to another team and to nobody in it, that team's own rule says who gets it
    (`distribution`); `keeper` says who keeps it then. A new ticket becomes open with its first
    assignee. Taking is no answer: it keeps the acknowledgement (`acknowledging`) and moves no
    other clock, unless the version has other targets for ``team`` (`handing_over`, which
    ``reason`` and ``keeping`` are for).
    Answers the event of which a new assignee is told; None where nobody is, for who has the
    ticket already knows. With ``held_until`` the letter waits until then: it can be withdrawn.
    Raises `Refusal` when the ticket has ended, the assignee is no agent, or lacks what the service
    requires, unless ``despite`` gives the reason why it is to be them all the same.
    """
    if not ticket.is_open:
        raise Refusal(_("%(ref)s is %(stands)s.", ref=ticket.ref, stands=ticket.stands))
    if assignee is not None and not (assignee.is_agent and assignee.is_active):
        raise Refusal(_("%(name)s works no tickets.", name=assignee.name), field="assignee")
    at = max(at, ticket.last_event_at)
    lacks = _lacks(ticket, assignee, at=at)
    if assignee is not None and lacks and not despite.strip():
        raise Refusal(
            _(
                "%(name)s is not qualified for this: %(lacks)s. Choose somebody who is, or say why"
                " it is to be %(name)s all the same.",
                name=assignee.name,
                lacks=", ".join(lacks),
            ),
            field="despite",
        )
    turn = None
    if assignee is None and team is not None and team.id != ticket.team_id:
        turn = distribution.take_turn(team.id, service_id=ticket.service_id, at=at)
        assignee = turn.person if turn else None
    more: dict[str, Any] = {"reason": reason.strip()} if reason.strip() else {}
    if team is not None and team.id != ticket.team_id:
        more["team_was"] = ticket.team_id
        handing_over.hand_over(
            ticket,
            team.id,
            reason=reason,
            by=by,
            at=at,
            keeping=keeping,
            held_until=held_until,
        )
    told = _give(
        ticket, assignee, team=team, turn=turn, by=by, at=at, held_until=held_until, more=more
    )
    _note_nobody(ticket, turn, at=at)
    if lacks:
        note_down(ticket, "unqualified", by=by, at=at, lacks=lacks, reason=despite.strip())
    return told


def keeper(ticket: Ticket, team: Team | None) -> Person | None:
    """Who keeps the ticket when it goes to ``team`` (None: it stays) and nobody is named for it.

    Going to another team, only a member of that team does: else it is the team's to give out.
    """
    if ticket.assignee_id is None:
        return None
    holder = people.person(ticket.assignee_id)
    if team is None or team.id == ticket.team_id:
        return holder
    return holder if holder.is_active and team.id in people.team_ids_of(holder.id) else None


def give_out(ticket: Ticket, *, at: datetime, rule: Assigning | None = None) -> None:
    """Give a ticket that has just been opened to whose turn it is in its team, if it has a rule.

    ``rule`` is the team's, where it was read already.
    """
    if ticket.team_id is None or ticket.assignee_id is not None:
        return
    service_id = ticket.service_id
    turn = distribution.take_turn(ticket.team_id, service_id=service_id, at=at, rule=rule)
    _note_nobody(ticket, turn, at=at)
    if turn is not None and turn.person is not None:
        at = max(at, ticket.last_event_at)
        _give(ticket, turn.person, team=None, turn=turn, by=None, at=at, held_until=None)


def lacks_for(ticket: Ticket, service_id: int | None, *, at: datetime) -> list[str]:
    """What its assignee would lack if the ticket were about this service, by name."""
    if ticket.assignee_id is None or not ticket.is_open:
        return []
    lacking = holding.lacking(service_id, [ticket.assignee_id], at=at)
    return list(lacking.get(ticket.assignee_id, ()))


def refit(ticket: Ticket, *, despite: str, by: Person, at: datetime) -> None:
    """After a correction of its service: who lacks what that one requires keeps the ticket only
    with a reason, ``despite``; without one it goes to nobody."""
    lacks = lacks_for(ticket, ticket.service_id, at=at)
    if lacks and despite.strip():
        note_down(ticket, "unqualified", by=by, at=at, lacks=lacks, reason=despite.strip())
    elif lacks:
        assign(ticket, assignee=None, team=None, by=by, at=at)


def _lacks(ticket: Ticket, assignee: Person | None, *, at: datetime) -> list[str]:
    """What somebody lacks who is to get the ticket; who has it already keeps it."""
    if assignee is None or assignee.id == ticket.assignee_id:
        return []
    return list(holding.lacking(ticket.service_id, [assignee.id], at=at).get(assignee.id, ()))


def _note_nobody(ticket: Ticket, turn: Turn | None, *, at: datetime) -> None:
    """Say in the history that the team's rule found nobody who was free."""
    if turn is not None and turn.person is None:
        note_down(ticket, "not-given", by=None, at=at)


def _give(
    ticket: Ticket,
    assignee: Person | None,
    *,
    team: Team | None,
    turn: Turn | None,
    by: Person | None,
    at: datetime,
    held_until: datetime | None,
    more: Mapping[str, Any] | None = None,
) -> str | None:
    had_it = assignee is not None and assignee.id == ticket.assignee_id
    ticket.assignee_id = assignee.id if assignee else None
    in_hand = False
    if assignee is not None:
        hand = by if turn is None else None
        in_hand = acknowledging.given(ticket, assignee, by=hand, at=at, held_until=held_until)
    ticket.why = _why(assignee, by, turn)
    record(
        ticket,
        "assigned",
        by=by,
        at=at,
        to=assignee.name if assignee else None,
        team=team.name if team else None,
        **({"in_hand": True} if in_hand else {}),
        **({"rule": turn.rule.value, "of": turn.of} if turn and assignee else {}),
        **(more or {}),
    )
    if assignee is None or had_it or (by is not None and by.id == assignee.id):
        return None
    event = f"assigned:{ticket.id}:{int(at.timestamp())}"
    telling.tell(
        assignee,
        "assigned",
        event=event,
        ticket_id=ticket.id,
        at=at,
        facts=letters.assigned(ticket, by=by, organisation=_organisation(ticket), at=at),
        held_until=held_until,
    )
    return event


def _organisation(ticket: Ticket) -> str:
    found = db.session.get(Organisation, ticket.organisation_id)
    return found.name if found else ""


def _why(assignee: Person | None, by: Person | None, turn: Turn | None) -> str:
    if assignee is None:
        return "Unassigned"
    if turn is not None:
        with speaking("en"):
            because = distribution.because(turn.rule.value, turn.of)
        return f"Assigned to {assignee.name}: {because}"
    if by is not None and by.id == assignee.id:
        return f"Taken by {assignee.name}"
    return f"Assigned to {assignee.name}"
