"""Who stands on which side of an agreement, and what their grants let them do there.

The provider's managers and administrators read its agreements; of a client's people those who
hold any grant of it. Writing and signing take the grant, on both sides. Source: agreements.md,
"A version holds".
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select

from app.agreements.models import Agreement
from app.agreements.words import Party
from app.database import db
from app.errors import NotFound
from app.people import grants
from app.people.models import GrantKind, Organisation, Person


def readable(key: str, *, seen_by: Person) -> tuple[Agreement, Party]:
    """The agreement with this key and the reader's side of it.

    Raises `NotFound` for one that they may not read, as for one that there is none of.
    """
    agreement = db.session.scalar(select(Agreement).where(Agreement.key == key))
    party = party_of(agreement, seen_by) if agreement is not None else None
    if agreement is None or party is None:
        raise NotFound("There is no such agreement.")
    return agreement, party


def readable_ids(person: Person) -> Sequence[int]:
    """The agreements that ``person`` reads, on whatever side."""
    sides = []
    if person.may_manage:
        sides.append(Agreement.provider_id == person.organisation_id)
    if grants.holds(person, person.organisation_id, *GrantKind):
        sides.append(Agreement.client_id == person.organisation_id)
    if not sides:
        return []
    return db.session.scalars(select(Agreement.id).where(or_(*sides)).order_by(Agreement.id)).all()


def may_read(key: str, person: Person) -> bool:
    """Whether there is an agreement with this key and ``person`` may read it."""
    agreement = db.session.scalar(select(Agreement).where(Agreement.key == key))
    return agreement is not None and party_of(agreement, person) is not None


def party_of(agreement: Agreement, person: Person) -> Party | None:
    """The side on which ``person`` reads the agreement; None where they may not."""
    if person.may_manage and person.organisation_id == agreement.provider_id:
        return Party.PROVIDER
    if agreement.client_id is not None and grants.holds(person, agreement.client_id, *GrantKind):
        return Party.CLIENT
    return None


def may_write(agreement: Agreement, person: Person, party: Party) -> bool:
    """Whether ``person`` writes, proposes and arranges in the name of ``party``."""
    return _holds(agreement, person, party, GrantKind.AGREEMENT_EDITOR)


def may_sign(agreement: Agreement, person: Person, party: Party) -> bool:
    """Whether ``person`` binds ``party``: signs, gives notice, withdraws it."""
    return _holds(agreement, person, party, GrantKind.SIGNATORY)


def may_act(agreement: Agreement, person: Person, party: Party) -> bool:
    """Whether ``person`` arranges reviews and sees to tasks for ``party``: writes or signs."""
    return _holds(agreement, person, party, GrantKind.AGREEMENT_EDITOR, GrantKind.SIGNATORY)


def organisation_id_of(agreement: Agreement, party: Party) -> int | None:
    """The organisation on a side; None for the client of the house agreement."""
    return agreement.provider_id if party is Party.PROVIDER else agreement.client_id


def names(agreement: Agreement) -> Mapping[Party, str]:
    """The organisations' names by side."""
    ids = {party: organisation_id_of(agreement, party) for party in Party}
    rows = db.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids.values()))
    )
    known = {id: name for id, name in rows}
    return {party: known[id] for party, id in ids.items() if id is not None}


def speakers(agreement: Agreement) -> list[Person]:
    """Whoever acts for either party, the provider's first: who can own what is to be done."""
    return [
        person
        for party in Party
        for person in grants.holders(organisation_id_of(agreement, party), *GrantKind)
    ]


def _holds(agreement: Agreement, person: Person, party: Party, *kinds: GrantKind) -> bool:
    return grants.holds(person, organisation_id_of(agreement, party), *kinds)
