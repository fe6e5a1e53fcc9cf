"""The plan of a change: steps with owners and days, and who may have one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.agreements import history
from app.agreements.words import Party
from app.database import db
from app.errors import Forbidden, Refusal
from app.languages import gettext as _
from app.negotiations.models import PlanStep, Proposal
from app.negotiations.queries import Offer
from app.people import grants
from app.people import queries as people
from app.people.models import GrantKind, Person

MOST = 50
LONGEST = 300


@dataclass(frozen=True)
class Step:
    """What is to be done by whom until when, as it was written."""

    what: str
    due_on: date
    owner_id: int | None = None


def owners(client_id: int | None) -> Sequence[Person]:
    """Who can be given a step: the provider's staff, and whoever holds a grant of the client."""
    return [*people.agents(), *grants.holders(client_id, *GrantKind)]


def read(rows: Sequence[Mapping[str, Any]], *, client_id: int | None) -> list[Step]:
    """The steps in ``rows`` with "what", "due_on" (a date, or written 2026-12-24) and "owner_id".

    Raises `Refusal` for a step without words or day, an owner who cannot have one, and for more
    than fifty.
    """
    if len(rows) > MOST:
        raise Refusal(_("A plan has at most %(n)s steps.", n=MOST), field="plan")
    known = {person.id for person in owners(client_id)}
    steps = [_step(row) for row in rows]
    if any(step.owner_id is not None and step.owner_id not in known for step in steps):
        raise Refusal(_("A step is for somebody of one of the parties."), field="plan")
    return steps


def keep(proposal: Proposal, steps: Sequence[Step]) -> None:
    """Add the steps to a proposal, in their order."""
    db.session.add_all(
        PlanStep(
            proposal_id=proposal.id,
            position=position,
            what=step.what,
            owner_id=step.owner_id,
            due_on=step.due_on,
        )
        for position, step in enumerate(steps)
    )
    db.session.flush()


def steps_of(proposal: Proposal) -> Sequence[PlanStep]:
    """The steps of a proposal's plan in order."""
    query = select(PlanStep).where(PlanStep.proposal_id == proposal.id)
    return db.session.scalars(query.order_by(PlanStep.position)).all()


def step_at(proposal: Proposal, position: int) -> PlanStep | None:
    """The step at this place of the proposal's plan, from 0 on; None for none."""
    query = select(PlanStep).where(
        PlanStep.proposal_id == proposal.id, PlanStep.position == position
    )
    return db.session.scalar(query)


def may_finish(step: PlanStep, person: Person, *, writes: bool) -> bool:
    """Whether the person has the step, or writes agreements for a party."""
    return writes or step.owner_id == person.id


def finish(
    offer: Offer, position: int, *, done: bool, writes: bool, by: Person, party: Party, at: datetime
) -> None:
    """Note that a step is done, or not done after all.

    Raises `Refusal` for a step that there is none of, or of a plan that was given up, and
    `Forbidden` for somebody else's.
    """
    step = db.session.scalar(
        select(PlanStep)
        .where(PlanStep.proposal_id == offer.proposal.id, PlanStep.position == position)
        .with_for_update()
    )
    if step is None:
        raise Refusal(_("There is no such step."))
    if not (offer.is_open or offer.is_bound):
        raise Refusal(_("This proposal was given up, and its plan with it."))
    if not may_finish(step, by, writes=writes):
        raise Forbidden(_("This step is for somebody else."))
    if (step.done_at is not None) is done:
        return
    step.done_at, step.done_by_id = (at, by.id) if done else (None, None)
    db.session.flush()
    history.record(
        offer.agreement,
        "step-done" if done else "step-open",
        by=by,
        at=at,
        party=party,
        version=offer.version,
        facts={"what": step.what},
    )


def _step(row: Mapping[str, Any]) -> Step:
    what = str(row.get("what") or "").strip()
    if not what or len(what) > LONGEST:
        raise Refusal(_("Say of each step what is to be done, briefly."), field="plan")
    due_on = row.get("due_on")
    try:
        day = due_on if isinstance(due_on, date) else date.fromisoformat(str(due_on))
    except ValueError:
        raise Refusal(_("Each step has a day: “%(what)s”.", what=what), field="plan") from None
    owner_id = row.get("owner_id")
    return Step(what, day, int(owner_id) if owner_id else None)
