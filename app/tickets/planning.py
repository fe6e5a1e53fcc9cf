"""Starting a contingency plan on a ticket: its steps become a note, once.

Source: escalation.md, "Ladders", actions.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from app.catalogue.models import ContingencyPlan
from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.languages import speaking
from app.notices import telling
from app.people.models import Person
from app.tickets import letters, messages
from app.tickets.history import note_down
from app.tickets.models import StartedPlan, Ticket
from app.tickets.queries import agent_to_tell
from app.tickets.words import Channel, MessageKind, Side


def start(
    ticket: Ticket,
    plan: ContingencyPlan,
    *,
    because: Any,
    by: Person | None,
    at: datetime,
) -> None:
    """Start ``plan``: a note with its numbered steps, and a letter to the assignee.

    Without an assignee the team's lead is told, else a manager. ``because`` says why: a text, or
    what is said when it is shown, as `lazy_gettext`. ``by`` is None for a ladder. No clock moves.
    Raises `Refusal` on a ticket that has ended, for a plan that is not in use, and for one that
    was started on this ticket before.
    """
    if not ticket.is_open:
        raise Refusal(_("%(ref)s is %(stands)s.", ref=ticket.ref, stands=ticket.stands))
    if not plan.is_active:
        raise Refusal(_("The plan %(title)s is not in use.", title=plan.title), field="plan")
    if was_started(ticket, plan):
        raise Refusal(
            _(
                "The plan %(title)s was started on %(ref)s before.",
                title=plan.title,
                ref=ticket.ref,
            ),
            field="plan",
        )
    db.session.add(
        StartedPlan(ticket_id=ticket.id, plan_id=plan.id, started_at=at, because=str(because))
    )
    note = messages.add(
        ticket,
        by=by,
        side=Side.DESK if by else Side.SYSTEM,
        kind=MessageKind.NOTE,
        body=_note(plan, because),
        channel=Channel.DESK,
        at=at,
    )
    words = f"Plan “{plan.title}” started because {because}"
    note_down(ticket, "plan-started", by=by, at=at, message=note.id, words=words)
    person = agent_to_tell(ticket, at=at)
    if person is not None and (by is None or by.id != person.id):
        with speaking(person.language):
            facts = letters.plan_started(ticket, plan, because=str(because))
        telling.tell(
            person,
            "plan-started",
            event=f"plan:{ticket.id}:{plan.id}",
            ticket_id=ticket.id,
            at=at,
            urgent=True,
            facts=facts,
        )


def was_started(ticket: Ticket, plan: ContingencyPlan) -> bool:
    """Whether the plan was started on this ticket."""
    query = select(StartedPlan.id).where(
        StartedPlan.ticket_id == ticket.id, StartedPlan.plan_id == plan.id
    )
    return db.session.scalar(query) is not None


def to_start(ticket: Ticket) -> Sequence[ContingencyPlan]:
    """Plans in use that fit the ticket's service and were not started on it, by title."""
    started = select(StartedPlan.plan_id).where(StartedPlan.ticket_id == ticket.id)
    return db.session.scalars(
        select(ContingencyPlan)
        .where(
            ContingencyPlan.is_active,
            ContingencyPlan.id.not_in(started),
            or_(
                ContingencyPlan.service_id.is_(None),
                ContingencyPlan.service_id == ticket.service_id,
            ),
        )
        .order_by(ContingencyPlan.title, ContingencyPlan.id)
    ).all()


def _note(plan: ContingencyPlan, because: Any) -> str:
    steps = [f"{number}. {step}" for number, step in enumerate(plan.steps, 1)]
    return "\n".join([f"Contingency plan “{plan.title}”, started because {because}:", "", *steps])
