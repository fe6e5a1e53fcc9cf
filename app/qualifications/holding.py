"""Who holds which qualification until when, and what somebody lacks for a service.

A qualification holds through its last day in the zone of the holder's organisation. Source:
agreements.md, "Qualifications".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.database import db
from app.errors import Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.people.models import Organisation, Person
from app.qualifications import offering
from app.qualifications.models import HeldQualification, Qualification

LONGEST_PROOF = 2000


@dataclass(frozen=True)
class Held:
    """A qualification somebody holds, or held: `on` is today where they work."""

    id: int
    person: Person
    qualification: Qualification
    since_on: date
    expires_on: date | None
    proof: str
    on: date

    @property
    def is_valid(self) -> bool:
        """Whether it counts today."""
        return self.since_on <= self.on and not self.is_expired

    @property
    def is_expired(self) -> bool:
        """Whether its last day has passed."""
        return self.expires_on is not None and self.expires_on < self.on

    @property
    def days_left(self) -> int | None:
        """For how many days after today it still counts; None without an end."""
        return (self.expires_on - self.on).days if self.expires_on is not None else None


def record(
    person: Person,
    qualification: Qualification,
    *,
    since_on: date,
    expires_on: date | None,
    proof: str,
    by: Person,
    at: datetime,
) -> HeldQualification:
    """Note that somebody holds a qualification. A renewed one is another row.

    Raises `Refusal` for who works no tickets, without a proof, and for dates that do not fit;
    `Forbidden` for who is no manager.
    """
    if not by.may_manage:
        raise Forbidden(_("Only managers record who is qualified."))
    if not person.is_agent:
        raise Refusal(_("%(name)s works no tickets.", name=person.name), field="person")
    if qualification.retired_at is not None:
        raise Refusal(
            _("%(name)s is not asked for any more.", name=qualification.name),
            field="qualification",
        )
    if not proof.strip():
        raise Refusal(
            _("Say what proves it: a certificate’s number, a link, who saw it."), field="proof"
        )
    if len(proof) > LONGEST_PROOF:
        raise Refusal(
            _("A proof has at most %(count)s characters.", count=LONGEST_PROOF), field="proof"
        )
    if expires_on is not None and expires_on < since_on:
        raise Refusal(_("It cannot end before it begins."), field="expires_on")
    held = HeldQualification(
        person_id=person.id,
        qualification_id=qualification.id,
        since_on=since_on,
        expires_on=expires_on,
        proof=proof.strip(),
        recorded_by_id=by.id,
        recorded_at=at,
    )
    db.session.add(held)
    db.session.flush()
    return held


def withdraw(held_id: int, *, by: Person, at: datetime) -> Held:
    """It counts no more from now on, as if it had never been recorded; the row stays."""
    if not by.may_manage:
        raise Forbidden(_("Only managers record who is qualified."))
    found = [held for held in held_now(at=at) if held.id == held_id]
    if not found:
        raise NotFound(_("There is no such entry."))
    db.session.get_one(HeldQualification, held_id).withdrawn_at = at
    db.session.flush()
    return found[0]


def held_now(
    *, at: datetime, person_ids: Collection[int] | None = None, last_on: date | None = None
) -> list[Held]:
    """All that anybody active (or these people) holds or held, by name and qualification.

    With ``last_on`` those alone whose last day is not after it.
    """
    query = (
        select(HeldQualification, Person, Qualification, Organisation.zone)
        .join(Person, Person.id == HeldQualification.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(Qualification, Qualification.id == HeldQualification.qualification_id)
        .where(HeldQualification.withdrawn_at.is_(None), Person.is_active)
        .order_by(Person.name, Person.id, Qualification.name, HeldQualification.id)
    )
    if person_ids is not None:
        query = query.where(HeldQualification.person_id.in_(person_ids))
    if last_on is not None:
        query = query.where(HeldQualification.expires_on <= last_on)
    return [
        Held(
            id=row.id,
            person=person,
            qualification=qualification,
            since_on=row.since_on,
            expires_on=row.expires_on,
            proof=row.proof,
            on=at.astimezone(ZoneInfo(zone)).date(),
        )
        for row, person, qualification, zone in db.session.execute(query)
    ]


def lacking(
    service_id: int | None, person_ids: Collection[int], *, at: datetime
) -> Mapping[int, Sequence[str]]:
    """The names of what each of these people lacks for the service at ``at``.

    Who lacks nothing is not in it. One statement for a service that requires nothing.
    """
    needed = offering.required().get(service_id or 0)
    if not needed or not person_ids:
        return {}
    has = _valid(person_ids, at=at)
    lacks = {
        person_id: [one.name for one in needed if (person_id, one.id) not in has]
        for person_id in person_ids
    }
    return {person_id: names for person_id, names in lacks.items() if names}


def barred(person_id: int, *, at: datetime) -> frozenset[int]:
    """The services that require what this person does not hold at ``at``."""
    required = offering.required()
    has = _valid([person_id], at=at) if required else set()
    return frozenset(
        service_id
        for service_id, needed in required.items()
        if any((person_id, one.id) not in has for one in needed)
    )


def _valid(person_ids: Collection[int], *, at: datetime) -> set[tuple[int, int]]:
    """Who of these people holds what, by ids."""
    return {
        (held.person.id, held.qualification.id)
        for held in held_now(at=at, person_ids=person_ids)
        if held.is_valid
    }
