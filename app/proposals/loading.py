"""From a URL to the proposal that this person may read, or 404."""

from dataclasses import dataclass

from app import http
from app.agreements import parties
from app.agreements.models import Agreement
from app.agreements.words import Party
from app.negotiations import queries
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


def offer(key: str, number: int) -> tuple[Seat, Offer]:
    """The proposal of the version with this number; `NotFound` as for none."""
    found = seat(key)
    return found, queries.offer(found.agreement, number)
