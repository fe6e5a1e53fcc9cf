"""Which qualifications there are, and which of them a service requires.

Source: agreements.md, "Qualifications".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.catalogue.models import Service
from app.database import db
from app.errors import Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.people.models import Person
from app.qualifications.models import Qualification, RequiredQualification

LONGEST_NAME = 120


def qualifications(*, with_retired: bool = False) -> Sequence[Qualification]:
    """What one can be qualified in, by name."""
    query = select(Qualification).order_by(Qualification.name)
    if not with_retired:
        query = query.where(Qualification.retired_at.is_(None))
    return db.session.scalars(query).all()


def qualification(key: str) -> Qualification:
    """The qualification with this key; `NotFound` when there is none."""
    found = db.session.scalar(select(Qualification).where(Qualification.key == key))
    if found is None:
        raise NotFound(_("There is no such qualification."))
    return found


def add(name: str, *, description: str, by: Person) -> Qualification:
    """Add a qualification. Raises `Refusal` without a name, and for one that is there."""
    _check_may(by)
    name = _checked_name(name)
    key = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "qualification"
    taken = select(Qualification.id).where(Qualification.key == key)
    if db.session.scalar(taken) is not None:
        raise Refusal(_("There is a qualification of that name."), field="name")
    made = Qualification(key=key, name=name, description=description.strip(), retired_at=None)
    db.session.add(made)
    db.session.flush()
    return made


def change(
    qualification: Qualification,
    *,
    name: str,
    description: str,
    is_retired: bool,
    by: Person,
    at: datetime,
) -> None:
    """Call it another way, or retire it: then no service requires it any more, nobody loses it."""
    _check_may(by)
    name = _checked_name(name)
    other = select(Qualification.id).where(
        Qualification.name == name, Qualification.id != qualification.id
    )
    if db.session.scalar(other) is not None:
        raise Refusal(_("There is a qualification of that name."), field="name")
    qualification.name, qualification.description = name, description.strip()
    qualification.retired_at = (qualification.retired_at or at) if is_retired else None
    db.session.flush()


def required() -> Mapping[int, list[Qualification]]:
    """What each service requires, by the service's id; retired ones are not asked for."""
    rows = db.session.execute(
        select(RequiredQualification.service_id, Qualification)
        .join(Qualification, Qualification.id == RequiredQualification.qualification_id)
        .where(Qualification.retired_at.is_(None))
        .order_by(Qualification.name)
    )
    found: dict[int, list[Qualification]] = {}
    for service_id, one in rows:
        found.setdefault(service_id, []).append(one)
    return found


def require(service: Service, wanted: Iterable[Qualification], *, by: Person) -> None:
    """From now on those assigned to the service's tickets have to hold ``wanted``, and no other.

    Who has such a ticket keeps it.
    """
    _check_may(by)
    db.session.execute(
        delete(RequiredQualification).where(RequiredQualification.service_id == service.id)
    )
    db.session.add_all(
        RequiredQualification(service_id=service.id, qualification_id=one.id)
        for one in {one.id: one for one in wanted}.values()
    )
    db.session.flush()


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Give it a name."), field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(
            _("A name has at most %(count)s characters.", count=LONGEST_NAME), field="name"
        )
    return name


def _check_may(by: Person) -> None:
    if not by.may_manage:
        raise Forbidden(_("Only managers say what a service requires."))
