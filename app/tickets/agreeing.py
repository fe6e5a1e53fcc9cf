"""A date agreed with the requester: a field of its own, with reminders of its own.

It never moves or hides a promise. Source: clocks.md, "Agreed date".
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.agreements.terms import Terms
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.notices import telling
from app.people import queries as people
from app.people.models import Person, Team
from app.tickets import letters
from app.tickets.history import note_down, record
from app.tickets.models import AgreedDate, Ticket
from app.tickets.queries import agent_to_tell, for_change, terms_of

FURTHEST = timedelta(days=731)
AT_ONCE = 500

Now = Callable[[], datetime]


def find_agreed(ticket: Ticket) -> AgreedDate | None:
    """The date that is agreed for the ticket, if any."""
    return db.session.get(AgreedDate, ticket.id)


def agree(
    ticket: Ticket, *, due_at: datetime, reason: str, accepted_by: str, by: Person, at: datetime
) -> AgreedDate:
    """Keep the date that was agreed, or another one in its place; no promise moves.

    ``accepted_by`` is who accepted it, in words. Raises `Refusal` on a ticket that has ended,
    for a date that has passed or lies years ahead, without a reason and without who accepted.
    """
    if not ticket.is_open:
        raise Refusal(
            _(
                "%(ref)s is %(stands)s: there is nothing left to agree on.",
                ref=ticket.ref,
                stands=ticket.stands,
            )
        )
    if due_at <= at:
        raise Refusal(_("Agree on a time that lies ahead."), field="due")
    if due_at > at + FURTHEST:
        raise Refusal(_("Agree on a time within the next two years."), field="due")
    if not accepted_by.strip():
        raise Refusal(
            _("Say who accepted it: without that it is no agreement."), field="accepted_by"
        )
    if not reason.strip():
        raise Refusal(_("Say why: the history quotes it."), field="reason")
    at = max(at, ticket.last_event_at)
    agreed = find_agreed(ticket)
    before = agreed.due_at.isoformat() if agreed is not None else None
    if agreed is None:
        agreed = AgreedDate(ticket_id=ticket.id)
        db.session.add(agreed)
    agreed.due_at, agreed.reason = due_at, reason.strip()
    agreed.accepted_by, agreed.made_by_id, agreed.made_at = accepted_by.strip(), by.id, at
    agreed.remind_at = first_reminder(due_at, terms_of(ticket), at=at)
    record(
        ticket,
        "agreed",
        by=by,
        at=at,
        due_at=due_at.isoformat(),
        before=before,
        accepted_by=agreed.accepted_by,
        reason=agreed.reason,
    )
    return agreed


def remove(ticket: Ticket, *, reason: str, by: Person, at: datetime) -> None:
    """The date no longer holds. Raises `Refusal` without a reason, and when none is agreed."""
    agreed = find_agreed(ticket)
    if agreed is None:
        raise Refusal(_("No date is agreed for %(ref)s.", ref=ticket.ref))
    if not reason.strip():
        raise Refusal(_("Say why it no longer holds: the history quotes it."), field="reason")
    at = max(at, ticket.last_event_at)
    before = agreed.due_at.isoformat()
    db.session.delete(agreed)
    record(ticket, "agreed-removed", by=by, at=at, before=before, reason=reason.strip())


def first_reminder(due_at: datetime, terms: Terms, *, at: datetime) -> datetime:
    """One working day before, at the same time of day; the date itself where that has passed."""
    zone = ZoneInfo(terms.zone)
    local = due_at.astimezone(zone)
    target = terms.targets.get("resolution")
    hours = target.calendar if target is not None else terms.hours
    for days in range(1, 15):
        day = local.date() - timedelta(days=days)
        begins_at, ends_at = (
            datetime.combine(each, time(), zone).astimezone(UTC)
            for each in (day, day + timedelta(days=1))
        )
        if hours is None or hours.elapsed(begins_at, ends_at):
            before_at = datetime.combine(day, local.timetz()).astimezone(UTC)
            return before_at if before_at > at else due_at
    return due_at


def to_remind(at: datetime, *, most: int = AT_ONCE) -> list[int]:
    """Open tickets with a reminder that is due, at most ``most``, the oldest first."""
    query = (
        select(AgreedDate.ticket_id)
        .join(Ticket, Ticket.id == AgreedDate.ticket_id)
        .where(AgreedDate.remind_at < at, Ticket.is_open)
        .order_by(AgreedDate.remind_at, AgreedDate.ticket_id)
    )
    return list(db.session.scalars(query.limit(most)))


def remind(ticket_id: int, now: Now) -> bool:
    """Remind who looks after the ticket, and the lead; whether a reminder was due.

    Late or missed, the newest reminder alone is told.
    """
    ticket, at = for_change(ticket_id), now()
    agreed = find_agreed(ticket)
    if agreed is None or agreed.remind_at is None or agreed.remind_at >= at or not ticket.is_open:
        return False
    when = "at" if at > agreed.due_at else "before"
    agreed.remind_at = agreed.due_at if when == "before" else None
    persons = _responsible(ticket, at=at)
    for person in persons:
        telling.tell(
            person,
            "agreed-date",
            event=f"agreed:{ticket.id}:{int(agreed.due_at.timestamp())}:{when}",
            ticket_id=ticket.id,
            at=at,
            facts=letters.agreed(ticket, agreed, when=when),
        )
    names = ", ".join(person.name for person in persons) or "nobody: nobody is there"
    note_down(ticket, "agreed-told", by=None, at=at, words=f"Agreed date: told {names}")
    return True


def _responsible(ticket: Ticket, *, at: datetime) -> Sequence[Person]:
    """The assignee and the team's lead, each stood in for when absent; else whoever there is."""
    team = db.session.get(Team, ticket.team_id) if ticket.team_id else None
    ids = [ticket.assignee_id, team.lead_id if team else None]
    asked = (people.stand_in(people.person(id_), at) for id_ in ids if id_ is not None)
    found = {person.id: person for person in asked if person is not None and person.is_agent}
    if not found:
        fallback = agent_to_tell(ticket, at=at)
        return [fallback] if fallback is not None else []
    return list(found.values())
