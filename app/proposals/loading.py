"""From a URL to the proposal that this person may read, or 404."""

from dataclasses import dataclass

from sqlalchemy import select

from app import http
from app.agreements import parties
from app.agreements.models import Agreement
from app.agreements.words import Party
from app.database import db
from app.errors import NotFound
from app.negotiations import plans, queries
from app.negotiations.models import PlanStep
from app.negotiations.queries import Offer
from app.people.models import Person


@dataclass(frozen=True)
class Seat:
    """An agreement seen from one side: who reads it, for which party, and what they may do."""

    agreement: Agreement
    person: Person
    party: Party

    @property
    def may_write(self) -> bool:
        """Whether they propose in their party's name."""
        return parties.may_write(self.agreement, self.person, self.party)

    @property
    def may_sign(self) -> bool:
        """Whether they bind their party."""
        return parties.may_sign(self.agreement, self.person, self.party)


def seat(key: str) -> Seat:
    """The agreement with this key and the reader's side of it; `NotFound` as for none."""
    agreement, party = parties.readable(key, seen_by=http.person())
    return Seat(agreement, http.person(), party)


def step(key: str, number: int, place: int) -> tuple[Seat, Offer, PlanStep]:
    """The step at ``place`` (from 1 on) of a plan, for who reads the agreement or has the step.

    Its owner need not read the agreement, as the provider's agents. `NotFound` as for none.
    """
    person = http.person()
    agreement = db.session.scalar(select(Agreement).where(Agreement.key == key))
    if agreement is None:
        raise NotFound("There is no such agreement.")
    party = parties.party_of(agreement, person)
    found = queries.offer(agreement, number)
    own = plans.step_at(found.proposal, place - 1)
    if own is None or (party is None and own.owner_id != person.id):
        raise NotFound("There is no such step.")
    is_ours = person.organisation_id == agreement.provider_id
    return (
        Seat(agreement, person, party or (Party.PROVIDER if is_ours else Party.CLIENT)),
        found,
        own,
    )


def offer(key: str, number: int) -> tuple[Seat, Offer]:
    """The proposal of the version with this number; `NotFound` as for none."""
    found = seat(key)
    return found, queries.offer(found.agreement, number)
