"""For whom somebody writes agreements: the organisations that granted it to them.

Source: agreements.md, "The provider is an organisation too: `signatory` and `agreement editor`
are grants per organisation".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.agreements.words import Party
from app.database import db
from app.errors import Forbidden
from app.people import grants
from app.people.models import GrantKind, Organisation, Person


class NotGranted(Forbidden):
    """The person writes for no organisation: a grant is missing, which others can give."""


@dataclass(frozen=True)
class Seat:
    """The organisation in whose name somebody writes, and on which side that is."""

    organisation_id: int
    organisation: str
    zone: str
    party: Party


def seat_of(person: Person) -> Seat | None:
    """In whose name ``person`` writes agreements; None for those who may not."""
    if not grants.holds(person, person.organisation_id, GrantKind.AGREEMENT_EDITOR):
        return None
    own = db.session.get_one(Organisation, person.organisation_id)
    party = Party.PROVIDER if own.is_provider else Party.CLIENT
    return Seat(own.id, own.name, own.zone, party)


def clients() -> Sequence[Organisation]:
    """With whom the provider can make an agreement, by name."""
    query = select(Organisation).where(~Organisation.is_provider)
    return db.session.scalars(query.order_by(Organisation.name, Organisation.id)).all()
