"""A party contests a fact: a breach, a pause, or when a clock started.

Its evidence is the explanation as it stands when the dispute is raised. Source: agreements.md,
"Disputes"; outages and credits are contested the same way once there are any.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.agreements import history, parties
from app.agreements.models import Agreement, AgreementVersion
from app.agreements.words import Party
from app.clocks import explaining, running
from app.clocks.explanation_data import as_data
from app.clocks.models import Clock
from app.database import db
from app.disputes import queries, telling
from app.disputes.models import Dispute, Subject
from app.errors import Forbidden, Refusal
from app.languages import gettext as _
from app.people import grants
from app.people.models import GrantKind, Person
from app.tickets.history import note_down
from app.tickets.models import Ticket
from app.tickets.queries import for_change, terms_of

LONGEST = 20_000


def contest(
    agreement: Agreement,
    clock: Clock,
    ticket: Ticket,
    *,
    subject: Subject,
    pause_number: int | None = None,
    claim: str,
    by: Person,
    at: datetime,
) -> Dispute:
    """Contest a fact about a promise of this agreement; ``pause_number`` names the pause's event.

    The ticket is locked and settled first: a breach never depends on the worker.
    Both parties' first signatories are named to decide; each side may name another. Raises
    `Forbidden` for who may not sign for a party, `Refusal` without a claim, for what is no fact
    (a breach of a kept promise) or counts in no figure already, while another dispute about the
    promise is open, and where a party has nobody to decide.
    """
    party = _side_of(agreement, by)
    claim = checked(claim, field="claim")
    locked = for_change(ticket.id)
    running.settled(locked.id, terms=terms_of(locked), at=max(at, locked.last_event_at))
    details = _details(clock, subject, pause_number)
    if clock.excluded_because is not None:
        raise Refusal(_("This promise counts in no figure already."))
    if queries.open_about(clock.id) is not None:
        raise Refusal(_("There is an open dispute about this promise: say it there."))
    deciders = {side: _decider(agreement, side, by if side is party else None) for side in Party}
    made = Dispute(
        agreement_id=agreement.id,
        version_id=clock.version_id,
        subject=subject,
        ticket_id=ticket.id,
        clock_id=clock.id,
        details=details,
        party=party,
        raised_by_id=by.id,
        raised_at=at,
        claim=claim,
        evidence=evidence_of(clock, agreement, at=at),
        provider_decider_id=deciders[Party.PROVIDER].id,
        client_decider_id=deciders[Party.CLIENT].id,
        figures={},
    )
    db.session.add(made)
    db.session.flush()
    note_down(ticket, "disputed", by=by, at=at, dispute=made.id, subject=subject.value)
    history.record(
        agreement,
        "dispute-raised",
        by=by,
        at=at,
        party=party,
        version=db.session.get_one(AgreementVersion, clock.version_id),
        facts={"dispute": made.id, "ticket": ticket.ref, "subject": subject.value},
    )
    telling.tell(made, "raised", agreement=agreement, words=claim, by=by, at=at)
    return made


def evidence_of(clock: Clock, agreement: Agreement, *, at: datetime) -> dict[str, Any]:
    """The explanation of a promise as both parties may read it, in the agreement's zone."""
    why = explaining.explain(clock, zone=agreement.zone, at=at, for_requester=0)
    return as_data(why, ticket_id=clock.ticket_id, clock_id=clock.id)


def checked(words: str, *, field: str) -> str:
    """What somebody says, without blanks around it; raises `Refusal` for nothing and too much."""
    words = words.strip()
    if not words:
        raise Refusal(_("Say it in words: both parties read it."), field=field)
    if len(words) > LONGEST:
        raise Refusal(_("At most %(count)s characters.", count=LONGEST), field=field)
    return words


def _side_of(agreement: Agreement, by: Person) -> Party:
    if agreement.client_id is None:
        raise Refusal(_("The house agreement has one party: there is nobody to contest it with."))
    party = parties.party_of(agreement, by)
    if party is None or not parties.may_sign(agreement, by, party):
        raise Forbidden(_("Signatories of the agreement contest what was measured."))
    return party


def _details(clock: Clock, subject: Subject, pause_number: int | None) -> Mapping[str, Any]:
    if subject is Subject.BREACH:
        if clock.breached_at is None:
            raise Refusal(_("This promise was not broken."), field="subject")
        return {"breached_at": clock.breached_at.isoformat()}
    if subject is Subject.PAUSE:
        pauses = {event.number: event for event in queries.pauses_of(clock)}
        if pause_number not in pauses:
            raise Refusal(_("Choose the pause that you contest."), field="subject")
        return {"number": pause_number, "paused_at": pauses[pause_number].at.isoformat()}
    if subject is Subject.START:
        return {"started_at": clock.started_at.isoformat()}
    raise Refusal(_("This cannot be contested here."), field="subject")


def _decider(agreement: Agreement, party: Party, raised_by: Person | None) -> Person:
    """Who decides for a side: who raised it, else the first who may sign."""
    if raised_by is not None:
        return raised_by
    found = grants.holders(parties.organisation_id_of(agreement, party), GrantKind.SIGNATORY)
    if not found:
        name = parties.names(agreement)[party]
        raise Refusal(
            _("%(name)s has no signatory who could decide: an administrator grants it.", name=name)
        )
    return found[0]
