"""Contingency plans: what is to be done, step by step, when a service fails.

A ladder or a person starts one on a ticket (`tickets.planning`). Its key is what agreement files
name and never changes. Source: escalation.md, "Ladders", actions.
"""

import re
from collections.abc import Sequence

from sqlalchemy import select

from app.catalogue.models import ContingencyPlan, Service
from app.database import db
from app.errors import NotFound, Refusal
from app.languages import gettext as _

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_STEPS = 40
LONGEST = {"key": 40, "title": 120, "step": 500}


def add(key: str, *, title: str, service: Service | None, steps: Sequence[str]) -> ContingencyPlan:
    """Add a plan; ``service`` None where it fits any. Raises `Refusal` for a key in use."""
    key = key.strip()
    if not KEY.fullmatch(key) or len(key) > LONGEST["key"]:
        raise Refusal(
            _("Write the key in small letters, digits and hyphens, such as vpn-outage."),
            field="key",
        )
    if find_plan(key) is not None:
        raise Refusal(_("There is a plan with the key %(key)s already.", key=key), field="key")
    plan = ContingencyPlan(key=key, title="", steps=[])
    db.session.add(plan)
    change(plan, title=title, service=service, steps=steps, is_active=True)
    return plan


def change(
    plan: ContingencyPlan,
    *,
    title: str,
    service: Service | None,
    steps: Sequence[str],
    is_active: bool,
) -> None:
    """Give a plan other words; what was started before keeps the words it was started with.

    One that is not active is started no more. Raises `Refusal` without a title or a step, and
    where they are too long.
    """
    title, kept = title.strip(), [step.strip() for step in steps if step.strip()]
    if not title or len(title) > LONGEST["title"]:
        raise Refusal(
            _("Give it a title of up to %(most)s letters.", most=LONGEST["title"]), field="title"
        )
    if not kept or len(kept) > MOST_STEPS:
        raise Refusal(
            _("Write 1 to %(most)s steps, each on a line of its own.", most=MOST_STEPS),
            field="steps",
        )
    if max(len(step) for step in kept) > LONGEST["step"]:
        raise Refusal(_("A step has up to %(most)s letters.", most=LONGEST["step"]), field="steps")
    plan.title, plan.steps, plan.is_active = title, kept, is_active
    plan.service_id = service.id if service else None
    db.session.flush()


def plans() -> Sequence[ContingencyPlan]:
    """Every plan, those that can be started first, by title."""
    return db.session.scalars(
        select(ContingencyPlan).order_by(
            ContingencyPlan.is_active.desc(), ContingencyPlan.title, ContingencyPlan.id
        )
    ).all()


def plan(key: str) -> ContingencyPlan:
    """The plan with this key; `NotFound` when there is none."""
    found = find_plan(key)
    if found is None:
        raise NotFound("There is no such plan.")
    return found


def find_plan(key: str) -> ContingencyPlan | None:
    """The plan with this key."""
    return db.session.scalar(select(ContingencyPlan).where(ContingencyPlan.key == key))


def keys() -> frozenset[str]:
    """The keys that an agreement file may name."""
    return frozenset(db.session.scalars(select(ContingencyPlan.key)))
