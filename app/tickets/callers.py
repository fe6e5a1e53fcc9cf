"""Whose request an agent writes down: somebody we know by address or name, or somebody new."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people import belonging, joining, queries
from app.people.models import Organisation, Person
from app.tickets.search import beginnings

MOST = 8
"""People of whom one may be chosen; a name that more have has to be said more exactly."""


def called(typed: str) -> Sequence[Person]:
    """The active people with this address, or whose names have words that begin so, by name.

    At most one more than `MOST`; one alone where it is their whole name or their address.
    """
    own = queries.find_person_by_address(typed)
    if own is not None:
        return [own] if own.is_active else []
    if not typed.strip():
        return []
    found = db.session.scalars(
        select(Person)
        .where(Person.is_active, beginnings.begins(Person.name, typed))
        .order_by(Person.name, Person.id)
        .limit(MOST + 1)
    ).all()
    whole = [person for person in found if person.name.casefold() == typed.strip().casefold()]
    return whole if len(whole) == 1 else found


def organisations_of(persons: Sequence[Person]) -> dict[int, str]:
    """The names of the organisations that these people belong to, by id."""
    ids = {person.organisation_id for person in persons}
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return {id_: name for id_, name in db.session.execute(query)}


def newcomer(name: str, *, address: str, organisation: str, at: datetime) -> Person:
    """Write down a requester whom nobody knew: ``address`` may be empty, of who only calls.

    Without an organisation they belong to that of their mail domain, else to the guests. Raises
    `Refusal` for a bad name or address, one that somebody has, and an organisation that is none.
    """
    if not organisation.strip():
        return belonging.newcomer(name, address.strip() or None, at=at)
    asked = func.lower(Organisation.name) == organisation.strip().lower()
    found = db.session.scalars(select(Organisation).where(asked)).first()
    if found is None:
        raise Refusal(
            _("No organisation is called %(name)s.", name=organisation.strip()),
            field="organisation",
        )
    return joining.add_person(name, organisation=found, address=address.strip() or None, at=at)
