"""What came into force is told to those whom it concerns, once, whatever dies on the way.

Which version holds is computed from signatures and days; nothing here decides it. Likewise the
day of a check and the steps of a plan are told when they come. Source: agreements.md, "Change".
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, exists, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from app.agreements import history, parties
from app.agreements.models import Agreement, AgreementEvent, AgreementVersion
from app.database import db
from app.errors import Forbidden, Refusal
from app.languages import gettext as _
from app.negotiations import affected, letters, queries, signing
from app.negotiations.models import Decision, PlanStep, Proposal
from app.negotiations.queries import Offer
from app.people import queries as people
from app.people.models import Person

Now = Callable[[], datetime]
AT_ONCE = 200
EAST_MOST = timedelta(hours=14)
"""Where a day begins first."""
LONGEST = 8000


def to_announce(at: datetime) -> list[int]:
    """Signed proposals whose day has come and of which nobody was told yet, the oldest first."""
    query = (
        select(Proposal.id, AgreementVersion, Agreement)
        .join(AgreementVersion, AgreementVersion.id == Proposal.version_id)
        .join(Agreement, Agreement.id == Proposal.agreement_id)
        .where(
            Proposal.decision == Decision.ACCEPTED,
            Proposal.announced_at.is_(None),
            AgreementVersion.effective_from <= (at + EAST_MOST).date(),
        )
        .order_by(AgreementVersion.effective_from, Proposal.id)
        .limit(AT_ONCE)
    )
    return [
        id_
        for id_, version, agreement in db.session.execute(query)
        if signing.begins_at(agreement, version) <= at
    ]


def announce(proposal_id: int, now: Now) -> bool:
    """Tell everybody concerned that a version has come into force; whether it was to be told.

    The agreement is called as its newest version calls it from then on. Where another version
    took over before anybody could be told, only the history says so.
    """
    proposal = _locked(proposal_id)
    if proposal is None or proposal.announced_at is not None:
        return False
    at = now()
    offer = queries.offer_of(proposal)
    holds = queries.in_force(offer.agreement, at)
    is_held = holds is not None and holds.id == offer.version.id
    if is_held:
        offer.agreement.title = offer.version.source["agreement"]["title"]
    proposal.announced_at = at
    db.session.flush()
    told = affected.by(offer.agreement, offer.version).to_tell if is_held else []
    said = history.record(
        offer.agreement,
        "in-force",
        by=None,
        at=at,
        version=offer.version,
        facts={
            "since": signing.begins_at(offer.agreement, offer.version).isoformat(),
            "told": len(told),
        },
        key=f"in_force:{offer.version.id}",
    )
    if said:
        letters.tell(
            told,
            "agreement-in-force",
            event=f"in-force:{offer.version.id}",
            at=at,
            facts=letters.in_force(offer),
        )
    return said


def to_check(at: datetime) -> list[int]:
    """Changes whose day of checking has come, and of which nobody was reminded yet."""
    query = select(Proposal.id, Proposal.check_on, Agreement.zone).join(
        Agreement, Agreement.id == Proposal.agreement_id
    )
    query = query.where(
        Proposal.decision == Decision.ACCEPTED,
        Proposal.checked_at.is_(None),
        Proposal.check_on <= (at + EAST_MOST).date(),
        ~_was_said("check_due:", Proposal.id),
    )
    rows = db.session.execute(query.order_by(Proposal.check_on, Proposal.id).limit(AT_ONCE))
    return [id_ for id_, check_on, zone in rows if check_on and check_on <= _today(at, zone)]


def remind_to_check(proposal_id: int, now: Now) -> bool:
    """Remind both parties that before and after are compared today; whether it was due."""
    proposal = _locked(proposal_id)
    if proposal is None or proposal.checked_at is not None:
        return False
    at, offer = now(), queries.offer_of(proposal)
    said = history.record(
        offer.agreement,
        "check-due",
        by=None,
        at=at,
        version=offer.version,
        key=f"check_due:{proposal.id}",
    )
    if said:
        letters.tell(
            letters.negotiators(offer.agreement),
            "agreement-check",
            event=f"check:{proposal.id}",
            at=at,
            facts=letters.to_check(offer),
        )
    return said


def check(proposal: Proposal, *, result: str, by: Person, at: datetime) -> None:
    """Record what came of a change, once it holds; what was found stays.

    Raises `Forbidden` without a grant to write or sign, `Refusal` before it took effect, after
    it was checked, and without a result.
    """
    queries.locked(proposal.agreement_id)
    db.session.refresh(proposal)
    offer = queries.offer_of(proposal)
    party = parties.party_of(offer.agreement, by)
    if party is None or not (
        parties.may_write(offer.agreement, by, party)
        or parties.may_sign(offer.agreement, by, party)
    ):
        raise Forbidden(_("To check a change takes a grant to write or to sign."))
    if not offer.is_bound or signing.begins_at(offer.agreement, offer.version) > at:
        raise Refusal(_("What has not taken effect cannot be checked yet."))
    if proposal.checked_at is not None:
        raise Refusal(_("This change has been checked already."))
    words = result.strip()
    if not words or len(words) > LONGEST:
        raise Refusal(_("Say what came of it."), field="result")
    proposal.checked_at, proposal.checked_by_id, proposal.check_result = at, by.id, words
    db.session.flush()
    history.record(
        offer.agreement,
        "checked",
        by=by,
        at=at,
        party=party,
        version=offer.version,
        facts={"result": words},
    )


def steps_to_remind(at: datetime) -> list[int]:
    """Steps of standing plans that are due and not done, and of which nobody was reminded."""
    query = (
        select(PlanStep.id, PlanStep.due_on, Agreement.zone)
        .join(Proposal, Proposal.id == PlanStep.proposal_id)
        .join(Agreement, Agreement.id == Proposal.agreement_id)
        .where(
            Proposal.decision == Decision.ACCEPTED,
            PlanStep.done_at.is_(None),
            PlanStep.owner_id.is_not(None),
            PlanStep.due_on <= (at + EAST_MOST).date(),
            ~_was_said("step_due:", PlanStep.id),
        )
        .order_by(PlanStep.due_on, PlanStep.id)
        .limit(AT_ONCE)
    )
    rows = db.session.execute(query)
    return [id_ for id_, due_on, zone in rows if due_on <= _today(at, zone)]


def remind_of_step(step_id: int, now: Now) -> bool:
    """Remind the owner of a step on its day; whether it was due."""
    step = db.session.scalar(select(PlanStep).where(PlanStep.id == step_id).with_for_update())
    if step is None or step.done_at is not None or step.owner_id is None:
        return False
    at = now()
    offer = queries.offer_of(db.session.get_one(Proposal, step.proposal_id))
    said = history.record(
        offer.agreement,
        "step-due",
        by=None,
        at=at,
        version=offer.version,
        facts={"what": step.what},
        key=f"step_due:{step.id}",
    )
    owner = people.person(step.owner_id)
    if said and owner.is_active:
        letters.tell(
            [owner],
            "agreement-step",
            event=f"step:{step.id}",
            at=at,
            facts=letters.step_due(offer, step),
        )
    return said


def is_checkable(offer: Offer, at: datetime) -> bool:
    """Whether the version holds or held, and nobody has said yet what came of it."""
    return (
        offer.is_bound
        and offer.proposal.checked_at is None
        and signing.begins_at(offer.agreement, offer.version) <= at
    )


def _locked(proposal_id: int) -> Proposal | None:
    """The proposal, once its agreement is this transaction's own."""
    agreement_id = db.session.scalar(
        select(Proposal.agreement_id).where(Proposal.id == proposal_id)
    )
    if agreement_id is None:
        return None
    queries.locked(agreement_id)
    return db.session.get(Proposal, proposal_id, populate_existing=True)


def _was_said(beginning: str, id_: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    key = literal(beginning) + cast(id_, String)
    return exists(select(AgreementEvent.id).where(AgreementEvent.key == key))


def _today(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
