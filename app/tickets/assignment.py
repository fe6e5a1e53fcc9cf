"""Who looks after a ticket."""

from datetime import datetime

from app.clocks import running
from app.database import db
from app.errors import Refusal
from app.notices import telling
from app.people.models import Organisation, Person, Team
from app.tickets import letters
from app.tickets.history import record
from app.tickets.models import Ticket
from app.tickets.queries import terms_of
from app.tickets.words import Status


def take(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Make the ticket one's own."""
    if ticket.assignee_id == by.id:
        raise Refusal(f"{ticket.ref} is yours already.")
    assign(ticket, assignee=by, team=None, by=by, at=at)


def assign(
    ticket: Ticket,
    *,
    assignee: Person | None,
    team: Team | None,
    by: Person | None,
    at: datetime,
    held_until: datetime | None = None,
) -> None:
    """Give the ticket to ``assignee`` (None: to nobody) and, if given, to ``team``.

    A new ticket becomes open with its first assignee. No clock moves: taking is no answer.
    With ``held_until`` the assignee's letter waits until then: it can be withdrawn.
    Raises `Refusal` when the ticket has ended or the assignee is no agent.
    """
    if not ticket.is_open:
        raise Refusal(f"{ticket.ref} is {ticket.stands}.")
    if assignee is not None and not (assignee.is_agent and assignee.is_active):
        raise Refusal(f"{assignee.name} works no tickets.", field="assignee")
    at = max(at, ticket.last_event_at)
    ticket.assignee_id = assignee.id if assignee else None
    if team is not None:
        ticket.team_id = team.id
    if assignee is not None and ticket.status is Status.NEW:
        running.status_changed(
            ticket.id,
            terms=terms_of(ticket),
            status=Status.OPEN.value,
            at=at,
            actor_id=by.id if by else None,
            cause="verb:assign",
        )
        ticket.status = Status.OPEN
    ticket.why = _why(assignee, by)
    record(
        ticket,
        "assigned",
        by=by,
        at=at,
        to=assignee.name if assignee else None,
        team=team.name if team else None,
    )
    if assignee is not None and (by is None or by.id != assignee.id):
        telling.tell(
            assignee,
            "assigned",
            event=f"assigned:{ticket.id}:{int(at.timestamp())}",
            ticket_id=ticket.id,
            at=at,
            facts=letters.assigned(ticket, by=by, organisation=_organisation(ticket), at=at),
            held_until=held_until,
        )


def _organisation(ticket: Ticket) -> str:
    found = db.session.get(Organisation, ticket.organisation_id)
    return found.name if found else ""


def _why(assignee: Person | None, by: Person | None) -> str:
    if assignee is None:
        return "Unassigned"
    if by is not None and by.id == assignee.id:
        return f"Taken by {assignee.name}"
    return f"Assigned to {assignee.name}"
