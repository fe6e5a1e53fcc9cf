"""A rung in words: whom it calls, what it does, and who is told in their place."""

from collections.abc import Mapping
from typing import Any

from app.agreements.terms import RungTerms
from app.catalogue.words import Priority
from app.clocks import words
from app.escalation.responsible import Told

ROLES = {
    "assignee": "the assignee",
    "team_lead": "the team lead",
    "on_call": "whoever is on call",
    "service_owner": "the owner of the service",
    "manager": "the service managers",
    "client_contact": "the client's contact",
}


def role(key: str) -> str:
    """Whom a ladder means by a role: "the team lead"; a named person's address."""
    return ROLES.get(key, key.removeprefix("person:"))


def roles(rung: RungTerms) -> str:
    """All whom a rung calls: "the team lead and the service managers"."""
    named = [role(key) for key in rung.responsible]
    return " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else "".join(named)


def deed(action: Mapping[str, Any]) -> str:
    """What a rung does besides telling: "assigns it to the team lead"."""
    match action.get("do"):
        case "assign":
            return f"assigns it to {role(str(action.get('to')))}"
        case "move":
            return f"moves it to {action.get('to')}"
        case "raise_priority":
            return f"raises it to {Priority(str(action.get('to_priority'))).label.lower()} priority"
        case "watch":
            return f"lets {role(str(action.get('to')))} watch it"
        case "start_plan":
            return f"starts the plan {action.get('plan')}"
        case other:
            return f"does {other}"


def told(one: Told) -> str:
    """Somebody who is told and why they: "Jens Adler (assignee's substitute) for Mara …"."""
    return f"{one.person.name} ({one.words}) {one.instead}".strip()


def repeats(rung: RungTerms) -> str:
    """How a rung repeats: "again every 30 m, at most 3 times"; empty when it does not."""
    if not rung.repeat_s:
        return ""
    times = "once" if rung.repeat_times == 1 else f"{rung.repeat_times} times"
    return f"again every {words.duration(rung.repeat_s)} of service time, at most {times}"


def acknowledgement(rung: RungTerms) -> str:
    """Until when somebody is to say "I am on it"; empty when nobody has to."""
    if rung.acknowledge_s is None:
        return ""
    within = words.duration(rung.acknowledge_s)
    return f"“I am on it” wanted within {within} of service time, else the next are told"
