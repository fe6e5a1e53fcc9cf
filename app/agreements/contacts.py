"""Telling an agreement's contacts, one after the other, until somebody is reached.

The first contact of a role is told; the next when the letter came back, or when nobody
acknowledged it in the time that the agreement asks for. Where a party names no contact for the
role, everybody is told who speaks for it. Source: agreements.md, "contacts by role";
product.md, row 6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from app import signatures
from app.agreements import history, parties
from app.agreements.models import Agreement, AgreementVersion, ContactTurn
from app.agreements.parts import ContactPart
from app.agreements.timetables import Timetable
from app.agreements.words import Party
from app.database import db, is_postgresql
from app.errors import NotFound
from app.notices import telling
from app.people import joining
from app.people import queries as people
from app.people.models import Organisation, Person

MANAGER, COMMUNICATION, SIGNATORY = "service level manager", "communication", "signatory"
DATES = (MANAGER, COMMUNICATION, SIGNATORY)
"""Who is told of dates: the contacts of the first of these roles that a party names."""
DEEDS = (SIGNATORY, MANAGER, COMMUNICATION)
"""Who is told of what binds: notice, an end, a renewal."""
LINK = "agreement-contact"


@dataclass(frozen=True)
class Matter:
    """One thing to tell: its key, which is told once, the kind of its letter, and its facts."""

    key: str
    kind: str
    facts: Mapping[str, Any]
    roles: Sequence[str] = DATES


def tell(
    agreement: Agreement,
    timetable: Timetable,
    matter: Matter,
    *,
    at: datetime,
    only: Party | None = None,
) -> None:
    """Tell both parties of a matter, or ``only`` one of them: the first contact of its role.

    Told before, it is told no second time, however often and by however many it is tried.
    """
    for party in Party if only is None else (only,):
        if parties.organisation_id_of(agreement, party) is None:
            continue
        line = timetable.contacts_for(party, matter.roles)
        facts = {**matter.facts, **about(agreement, timetable.version, party)}
        if line:
            going = Line(agreement, timetable, matter.key, party, line, matter.kind, facts)
            going.take(0, at)
        else:
            _tell_all(agreement, party, matter, facts, at)


def turn_of_link(signed: str) -> ContactTurn:
    """The turn that the link in a contact's letter names; raises `NotFound` for any other."""
    named = signatures.find_signed(signed, purpose=LINK)
    found = db.session.get(ContactTurn, int(named)) if named else None
    if found is None:
        raise NotFound("There is no such letter.")
    return found


def acknowledge(turn_id: int, *, by: Person, at: datetime) -> None:
    """Note that the contact has read it: nobody else of the role is waited for any more.

    Said twice it stays said once. Raises `NotFound` for somebody else's.
    """
    turn = for_change(turn_id)
    if turn.person_id != by.id:
        raise NotFound("There is no such letter.")
    if turn.acknowledged_at is not None:
        return
    turn.acknowledged_at = at
    db.session.execute(
        update(ContactTurn)
        .where(
            ContactTurn.matter == turn.matter,
            ContactTurn.party == turn.party,
            ContactTurn.role == turn.role,
            ContactTurn.id != turn.id,
            ContactTurn.acknowledged_at.is_(None),
        )
        .values(acknowledge_until=None)
    )
    agreement, version = matter_of(turn)
    history.record(
        agreement,
        "acknowledged",
        by=by,
        at=at,
        party=turn.party,
        version=version,
        facts={"kind": turn.facts["kind"], "told_at": turn.told_at.isoformat()},
    )


def for_change(turn_id: int) -> ContactTurn:
    """The turn, its row locked."""
    return db.session.get_one(ContactTurn, turn_id, with_for_update=True, populate_existing=True)


def matter_of(turn: ContactTurn) -> tuple[Agreement, AgreementVersion]:
    """The agreement and the version that a turn is about."""
    return (
        db.session.get_one(Agreement, turn.agreement_id),
        db.session.get_one(AgreementVersion, turn.version_id),
    )


def about(agreement: Agreement, version: AgreementVersion, party: Party) -> dict[str, Any]:
    """What every letter about an agreement says of it; ``party`` is the reader's."""
    return {
        "agreement": agreement.title,
        "key": agreement.key,
        "version": version.number,
        "party": party.value,
    }


def recent(agreement: Agreement, *, most: int = 20) -> Sequence[tuple[ContactTurn, Person]]:
    """Who was told last, newest first."""
    query = (
        select(ContactTurn, Person)
        .join(Person, Person.id == ContactTurn.person_id)
        .where(ContactTurn.agreement_id == agreement.id)
        .order_by(ContactTurn.id.desc())
        .limit(most)
    )
    return [(turn, person) for turn, person in db.session.execute(query)]


@dataclass(frozen=True)
class Line:
    """A matter going down the line of a party's contacts for a role."""

    agreement: Agreement
    timetable: Timetable
    matter: str
    party: Party
    line: Sequence[ContactPart]
    kind: str
    facts: Mapping[str, Any]

    def take(self, position: int, at: datetime) -> Person | None:
        """Tell the first reachable contact from ``position`` on; None when there is none."""
        for place in range(position, len(self.line)):
            contact = self.line[place]
            person = _person_of(self.agreement, contact, at)
            if not person.is_active or not person.address:
                continue
            until = at + timedelta(seconds=contact.acknowledge_s) if contact.acknowledge_s else None
            turn_id = self._insert(place, person, at, until)
            if turn_id is not None:
                self._tell(turn_id, person, until, at)
            return person
        return None

    def _insert(
        self, place: int, person: Person, at: datetime, until: datetime | None
    ) -> int | None:
        insert = postgresql.insert if is_postgresql() else sqlite.insert
        statement = (
            insert(ContactTurn)
            .values(
                agreement_id=self.agreement.id,
                version_id=self.timetable.version.id,
                matter=self.matter,
                facts={"kind": self.kind, "facts": dict(self.facts)},
                party=self.party,
                role=self.line[place].role,
                position=place,
                person_id=person.id,
                told_at=at,
                acknowledge_until=until,
            )
            .on_conflict_do_nothing(index_elements=["matter", "party", "role", "position"])
            .returning(ContactTurn.id)
        )
        return db.session.execute(statement).scalar_one_or_none()

    def _tell(self, turn_id: int, person: Person, until: datetime | None, at: datetime) -> None:
        asked = {"turn": str(turn_id), "until": until.isoformat()} if until else None
        reads = parties.party_of(self.agreement, person) is not None
        notice = telling.tell(
            person,
            self.kind,
            event=f"contact:{turn_id}",
            at=at,
            facts={**self.facts, "acknowledge": asked, "reads": reads},
        )
        turn = db.session.get_one(ContactTurn, turn_id)
        turn.notice_id = notice.id if notice is not None else None
        db.session.flush()


def _tell_all(
    agreement: Agreement, party: Party, matter: Matter, facts: Mapping[str, Any], at: datetime
) -> None:
    """A party that names no contact: everybody who speaks for it is told, in no turn."""
    if party is Party.CLIENT and agreement.client_id is not None:
        told = people.contacts_of(agreement.client_id)
    else:
        told = people.managers() or people.admins()
    for person in told:
        telling.tell(
            person,
            matter.kind,
            event=f"{matter.key}:{party.value}",
            at=at,
            facts={**facts, "acknowledge": None},
        )


def _person_of(agreement: Agreement, contact: ContactPart, at: datetime) -> Person:
    """The person whom a signed version names, who joins where nobody has the address yet."""
    found = people.find_person_by_address(contact.address)
    if found is not None:
        return found
    organisation_id = parties.organisation_id_of(agreement, contact.party)
    organisation = db.session.get_one(Organisation, organisation_id)
    return joining.add_person(
        contact.name, organisation=organisation, at=at, address=contact.address
    )
