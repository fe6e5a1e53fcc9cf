"""What a rung does besides telling: assign, move, raise the priority, add watchers, start a plan.

Source: escalation.md, "Ladders", actions.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.catalogue import plans
from app.catalogue.words import Priority
from app.clocks.coming import Come
from app.clocks.models import Clock, Escalation, EscalationState
from app.database import db
from app.escalation import responsible
from app.escalation.rung_words import place
from app.languages import lazily, lazy_gettext
from app.people.models import Team
from app.qualifications import holding
from app.tickets import assignment, classification, planning, watching
from app.tickets.models import Ticket


def act(ticket: Ticket, clock: Clock, come: Come, *, at: datetime) -> list[str]:
    """Do what the rung demands; the words for the history."""
    done = [_one(ticket, clock, come, action, at=at) for action in come.rung.actions]
    return [words for words in done if words]


def _one(
    ticket: Ticket, clock: Clock, come: Come, action: Mapping[str, Any], *, at: datetime
) -> str | None:
    match action.get("do"):
        case "assign":
            return _assign(ticket, str(action.get("to", "team_lead")), at=at)
        case "move":
            return _move(ticket, clock, str(action.get("to", "")), at=at)
        case "raise_priority":
            return _raise(ticket, clock, come, str(action.get("to_priority", "high")), at=at)
        case "watch":
            return _watch(ticket, come, str(action.get("to", "manager")), at=at)
        case "start_plan":
            return _start_plan(ticket, come, str(action.get("plan", "")), at=at)
        case _:
            return None


def _assign(ticket: Ticket, role: str, *, at: datetime) -> str | None:
    found = [told.person for told in responsible.people_for([role], ticket, at=at)]
    person = next((person for person in found if person.is_agent), None)
    if person is None or person.id == ticket.assignee_id:
        return None
    lacks = holding.lacking(ticket.service_id, [person.id], at=at)
    if lacks:
        return f"{person.name} is not qualified to be assigned"
    assignment.assign(ticket, assignee=person, team=None, by=None, at=at)
    return f"assigned to {person.name}"


def _move(ticket: Ticket, clock: Clock, name: str, *, at: datetime) -> str | None:
    """An assignee who belongs to the new team keeps the ticket, the clock its target."""
    team = db.session.scalar(select(Team).where(Team.name == name))
    if team is None or team.id == ticket.team_id:
        return None
    assignment.assign(
        ticket,
        assignee=assignment.keeper(ticket, team),
        team=team,
        by=None,
        at=at,
        reason="The ladder moved it",
        keeping=clock,
    )
    return f"moved to {team.name}"


def _watch(ticket: Ticket, come: Come, role: str, *, at: datetime) -> str | None:
    """They are told of every later rung of this ticket's ladders."""
    watching_already = {each.id for each in watching.watchers_of([ticket.id]).get(ticket.id, ())}
    found = [told.person for told in responsible.people_for([role], ticket, at=at)]
    added = [each for each in found if each.is_agent and each.id not in watching_already]
    because = f"the ladder at {place(come)} added them"
    for person in added:
        watching.watch(ticket, who=person, because=because, by=None, at=at)
    names = " and ".join(each.name for each in added)
    return f"{names} {'watch' if len(added) > 1 else 'watches'} it now" if added else None


def _start_plan(ticket: Ticket, come: Come, key: str, *, at: datetime) -> str | None:
    """At most once per ticket; a plan that is gone or not in use is named."""
    plan = plans.find_plan(key)
    if plan is None or not plan.is_active:
        return f"the plan {key} is not in use"
    if planning.was_started(ticket, plan):
        return None
    because = lazy_gettext("the ladder at %(place)s started it", place=lazily(place, come))
    planning.start(ticket, plan, because=because, by=None, at=at)
    return f"started the plan “{plan.title}”"


def _raise(ticket: Ticket, clock: Clock, come: Come, name: str, *, at: datetime) -> str | None:
    """At most once per rung and ticket; the clock whose rung it is keeps its target."""
    priority = Priority(name)
    before = select(Escalation.id).join(Clock, Clock.id == Escalation.clock_id)
    has_fired = db.session.scalar(
        before.where(
            Clock.ticket_id == ticket.id,
            Escalation.rung_id == come.rung.rung_id,
            Escalation.state == EscalationState.FIRED,
        ).limit(1)
    )
    if has_fired is not None or priority.rank >= ticket.priority.rank:
        return None
    classification.prioritise(
        ticket, priority=priority, reason="The ladder raised it", by=None, at=at, keeping=clock
    )
    return f"raised to {priority.value} priority"
