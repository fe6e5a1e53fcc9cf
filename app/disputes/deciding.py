"""What follows a dispute's raising: statements, who decides, and the decision of both.

A correction is a new fact, never an edit: the promise is excluded from the figures because both
decided so, its clock stays as it was. Source: agreements.md, "Disputes".
"""

from datetime import datetime

from sqlalchemy import select

from app.agreements import history, parties
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.words import Party
from app.clocks import running
from app.clocks.models import Clock
from app.database import db
from app.disputes import figures, queries, telling
from app.disputes.models import Dispute, DisputeDecision, DisputeStatement, Outcome
from app.disputes.raising import checked, evidence_of
from app.errors import Forbidden, Refusal
from app.languages import gettext as _
from app.people import grants
from app.people.models import GrantKind, Person
from app.tickets.history import note_down
from app.tickets.queries import for_change, terms_of


def say(
    dispute: Dispute,
    agreement: Agreement,
    body: str,
    *,
    with_evidence: bool,
    by: Person,
    at: datetime,
) -> DisputeStatement:
    """Add a statement; ``with_evidence`` attaches the explanation as it stands now.

    Whoever writes, signs or manages for a party speaks for it. Raises `Refusal` once it is over.
    """
    party = _side_of(agreement, by)
    _check_open(dispute)
    made = DisputeStatement(
        dispute_id=dispute.id,
        party=party,
        by_id=by.id,
        at=at,
        body=checked(body, field="body"),
        evidence=_evidence(dispute, agreement, at=at) if with_evidence else {},
    )
    db.session.add(made)
    db.session.flush()
    telling.tell(dispute, f"said:{made.id}", agreement=agreement, words=made.body, by=by, at=at)
    return made


def name_decider(
    dispute: Dispute, agreement: Agreement, person: Person, *, by: Person, at: datetime
) -> None:
    """Let another signatory of one's own side decide; a decision of the one before falls."""
    party = _side_of(agreement, by)
    _check_open(dispute)
    if not parties.may_sign(agreement, by, party):
        raise Forbidden(_("Signatories say who decides for their side."))
    organisation_id = parties.organisation_id_of(agreement, party)
    if not grants.holds(person, organisation_id, GrantKind.SIGNATORY):
        raise Refusal(_("%(name)s may not sign for your side.", name=person.name), field="decider")
    if person.id == decider_id(dispute, party):
        return
    if party is Party.PROVIDER:
        dispute.provider_decider_id = person.id
    else:
        dispute.client_decider_id = person.id
    _forget_decision(dispute, party)
    _record(dispute, agreement, "dispute-decider", by=by, party=party, at=at, name=person.name)
    telling.tell(
        dispute, f"decider:{person.id}", agreement=agreement, words=dispute.claim, by=by, at=at
    )


def decide(
    dispute: Dispute,
    agreement: Agreement,
    outcome: Outcome,
    *,
    reason: str,
    by: Person,
    at: datetime,
) -> bool:
    """Decide for one's side; True once both have decided alike, and it is over.

    One may change one's mind until then. When both correct it, the promise counts in no figure
    from now on, and the figures before and after are kept. The ticket is locked first. Raises
    `Forbidden` for anybody but the two named people, `Refusal` once it is over.
    """
    party = parties.party_of(agreement, by)
    if party is None or by.id != decider_id(dispute, party):
        raise Forbidden(_("Only the two people who are named decide."))
    _check_open(dispute)
    reason = checked(reason, field="reason")
    _forget_decision(dispute, party)
    db.session.add(
        DisputeDecision(
            dispute_id=dispute.id, party=party, by_id=by.id, at=at, outcome=outcome, reason=reason
        )
    )
    db.session.flush()
    decisions = queries.decisions_of(dispute)
    outcomes = {one.outcome for one, _name in decisions.values()}
    if len(decisions) < len(Party) or len(outcomes) > 1:
        _record(
            dispute, agreement, "dispute-voted", by=by, party=party, at=at, outcome=outcome.value
        )
        telling.tell(
            dispute,
            f"voted:{party.value}:{outcome.value}:{int(at.timestamp())}",
            agreement=agreement,
            words=reason,
            by=by,
            at=at,
        )
        return False
    _settle(dispute, agreement, outcome, by=by, party=party, at=at)
    telling.tell(dispute, "decided", agreement=agreement, words=reason, by=by, at=at)
    return True


def withdraw(
    dispute: Dispute, agreement: Agreement, *, reason: str, by: Person, at: datetime
) -> None:
    """The side that raised it gives it up: the fact stands."""
    party = _side_of(agreement, by)
    _check_open(dispute)
    if party is not dispute.party or not parties.may_sign(agreement, by, party):
        raise Forbidden(_("The side that raised it gives it up."))
    reason = checked(reason, field="reason")
    dispute.withdrawn_at = at
    _record(dispute, agreement, "dispute-withdrawn", by=by, party=party, at=at, reason=reason)
    telling.tell(dispute, "withdrawn", agreement=agreement, words=reason, by=by, at=at)


def decider_id(dispute: Dispute, party: Party) -> int:
    """Who decides for a side."""
    if party is Party.PROVIDER:
        return dispute.provider_decider_id
    return dispute.client_decider_id


def _settle(
    dispute: Dispute,
    agreement: Agreement,
    outcome: Outcome,
    *,
    by: Person,
    party: Party,
    at: datetime,
) -> None:
    clock = _clock_of(dispute)
    before = figures.of(agreement, clock, at=at)
    if outcome is Outcome.CORRECTED and clock is not None and dispute.ticket_id is not None:
        ticket = for_change(dispute.ticket_id)
        running.excluded(
            ticket.id,
            terms=terms_of(ticket),
            measure=clock.measure,
            sequence=clock.sequence,
            dispute_id=dispute.id,
            at=max(at, ticket.last_event_at),
            actor_id=by.id,
            cause=f"dispute:{dispute.id}",
        )
        note_down(ticket, "dispute-corrected", by=by, at=at, dispute=dispute.id)
    dispute.outcome, dispute.decided_at = outcome, at
    db.session.flush()
    dispute.figures = {"before": before, "after": figures.of(agreement, clock, at=at)}
    _record(dispute, agreement, f"dispute-{outcome.value}", by=by, party=party, at=at)


def _clock_of(dispute: Dispute) -> Clock | None:
    return db.session.get(Clock, dispute.clock_id) if dispute.clock_id is not None else None


def _evidence(dispute: Dispute, agreement: Agreement, *, at: datetime) -> dict[str, object]:
    clock = _clock_of(dispute)
    return evidence_of(clock, agreement, at=at) if clock is not None else {}


def _side_of(agreement: Agreement, by: Person) -> Party:
    party = parties.party_of(agreement, by)
    if party is None:
        raise Forbidden(_("Only the parties of the agreement speak here."))
    return party


def _check_open(dispute: Dispute) -> None:
    if dispute.withdrawn_at is not None:
        raise Refusal(_("This dispute was given up."))
    if dispute.decided_at is not None:
        raise Refusal(_("This dispute is decided: both parties decided alike."))


def _forget_decision(dispute: Dispute, party: Party) -> None:
    query = select(DisputeDecision).where(
        DisputeDecision.dispute_id == dispute.id, DisputeDecision.party == party
    )
    for one in db.session.scalars(query):
        db.session.delete(one)
    db.session.flush()


def _record(
    dispute: Dispute,
    agreement: Agreement,
    verb: str,
    *,
    by: Person,
    party: Party,
    at: datetime,
    **facts: str,
) -> None:
    history.record(
        agreement,
        verb,
        by=by,
        at=at,
        party=party,
        version=db.session.get_one(AgreementVersion, dispute.version_id),
        facts={"dispute": dispute.id, **facts},
    )
