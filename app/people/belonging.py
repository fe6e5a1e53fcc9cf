"""Where somebody belongs who writes to us first: to the organisation of their mail domain.

Who comes from no organisation we know belongs to the guests, who share nothing with each other.
"""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.database import db
from app.mail import house
from app.people import joining, queries
from app.people.models import Organisation, Person

GUESTS = "Guests"


def may_come(address: str, *, known_only: bool) -> bool:
    """Whether the owner of this mailbox may write to us or join by themselves.

    With ``known_only`` that takes an address of an organisation we know, or of a person.
    """
    if not known_only or queries.organisation_of_address(address) is not None:
        return True
    return queries.find_person_by_address(address) is not None


def newcomer(name: str, address: str | None, *, at: datetime) -> Person:
    """Add the requester who owns the mailbox ``address``; None of who only calls.

    Raises `Refusal` for a bad name, or an address that somebody has.
    """
    known = queries.organisation_of_address(address) if address else None
    organisation = known or _guests(at)
    return joining.add_person(name, organisation=organisation, address=address, at=at)


def sharing_organisation(address: str) -> str:
    """The organisation all of whose people read what the owner of this mailbox asks for.

    Its name; empty where it shares no requests, and where we know none.
    """
    owner = queries.find_person_by_address(address)
    if owner is None:
        found = queries.organisation_of_address(address)
    else:
        found = db.session.get(Organisation, owner.organisation_id)
    return found.name if found is not None and found.shares_requests else ""


def _guests(at: datetime) -> Organisation:
    found = queries.find_organisation_by_name(GUESTS)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            return joining.add_organisation(GUESTS, zone=house.current().zone, at=at)
    except IntegrityError:  # somebody else came as the first guest at the same time
        found = queries.find_organisation_by_name(GUESTS)
        if found is None:
            raise
        return found
