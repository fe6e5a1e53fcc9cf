"""A rung in words: where it stands, whom it calls, what it does, who is told in their place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.agreements.terms import RungTerms
from app.catalogue.words import Priority
from app.clocks import words
from app.clocks.coming import Come
from app.escalation.responsible import Told
from app.languages import gettext as _
from app.languages import lazy_gettext, within
from app.people import queries as people

ROLES = {
    "assignee": lazy_gettext("the assignee"),
    "team_lead": lazy_gettext("the team lead"),
    "on_call": lazy_gettext("whoever is on call"),
    "service_owner": lazy_gettext("the owner of the service"),
    "manager": lazy_gettext("the service managers"),
    "client_contact": lazy_gettext("the client's contact"),
}

LATE_S = 120
"""A rung that fires this late says so."""


def point(rung: RungTerms, nth: int = 0) -> str:
    """Where a rung stands: "75 %", "10 m before due", "90 %, reminder 2"."""
    return words.point(rung.percent, rung.offset_s, nth)


def place(come: Come) -> str:
    """Which rung has come, and of what: "75 % of resolution"."""
    return _(
        "%(place)s of %(measure)s",
        place=point(come.rung, come.nth),
        measure=within(words.measure(come.measure)),
    )


def role(key: str) -> str:
    """Whom a ladder means by a role: "the team lead"; a named person's address."""
    return str(ROLES[key]) if key in ROLES else key.removeprefix("person:")


def deed(action: Mapping[str, Any]) -> str:
    """What a rung does besides telling: "assigns it to the team lead"."""
    match action.get("do"):
        case "assign":
            return _("assigns it to %(role)s", role=role(str(action.get("to"))))
        case "move":
            return _("moves it to %(team)s", team=action.get("to"))
        case "raise_priority":
            to = Priority(str(action.get("to_priority"))).label.lower()
            return _("raises it to %(priority)s priority", priority=to)
        case "watch":
            return _("lets %(role)s watch it", role=role(str(action.get("to"))))
        case "start_plan":
            return _("starts the plan %(plan)s", plan=action.get("plan"))
        case other:
            return _("does %(deed)s", deed=other)


def told(one: Told, *, when_at: datetime, zone: str, at: datetime) -> str:
    """Somebody who is told at ``when_at`` and why they, as seen at ``at``.

    "Petra Weiss (assignee's substitute) for Mara Lindt, who is away until Mon 08:00 CET".
    """
    said = f"{one.person.name} ({one.words}) {one.instead}".strip()
    absence = people.absence_at(one.absent.id, when_at) if one.absent else None
    if absence is None:
        return said
    until = words.instant(absence.ends_at, zone, at)
    return _("%(told)s until %(until)s", told=said, until=until)


def acknowledgement(rung: RungTerms) -> str:
    """Until when somebody is to say "I am on it"; empty when nobody has to."""
    if rung.acknowledge_s is None:
        return ""
    within = words.duration(rung.acknowledge_s)
    return _(
        "“I am on it” wanted within %(time)s of service time, else the next are told",
        time=within,
    )
