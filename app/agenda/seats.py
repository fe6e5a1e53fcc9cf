"""Where the reader of an agreement's pages sits: on which side, and what they may do there."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from app import http, wallclock
from app.agreements import outlook, parties
from app.agreements.models import Agreement
from app.agreements.outlook import Outlook
from app.agreements.words import Party
from app.people.models import Person


@dataclass(frozen=True)
class Seat:
    """An agreement as its reader finds it: their side of it, and the instant of the request."""

    agreement: Agreement
    party: Party
    person: Person
    at: datetime

    @cached_property
    def ahead(self) -> Outlook:
        """What the agreement looks forward to; raises `NotFound` while nothing is signed."""
        return outlook.get(self.agreement)

    @cached_property
    def may_act(self) -> bool:
        """Whether the reader arranges reviews and sees to tasks for their side."""
        return parties.may_act(self.agreement, self.person, self.party)

    @cached_property
    def may_sign(self) -> bool:
        """Whether the reader ends the agreement for their side."""
        return parties.may_sign(self.agreement, self.person, self.party)

    @cached_property
    def names(self) -> Any:
        """The organisations' names by side."""
        return parties.names(self.agreement)

    @property
    def shown(self) -> dict[str, Any]:
        """What every page of an agreement shows."""
        return {"agreement": self.agreement, "seat": self, "zone": http.zone(), "now": self.at}


def of(key: str) -> Seat:
    """The seat of who is signed in; raises `NotFound` where they may not read the agreement."""
    person = http.person()
    agreement, party = parties.readable(key, seen_by=person)
    return Seat(agreement, party, person, wallclock.now())
