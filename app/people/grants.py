"""Grants: who writes, signs and looks after agreements in the name of an organisation.

Administrators give and take them; each is kept in the history. Those of the provider go to its
managers and administrators, those of a client to its own people. Who manages and writes for the
provider passes on what binds nobody: writing and reading. Source: agreements.md, "The provider is
an organisation too".
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.database import db
from app.errors import Forbidden, Refusal
from app.languages import gettext as _
from app.people import queries
from app.people.models import GrantEvent, GrantKind, Organisation, Person, SignatoryGrant

PASSED_ON = (GrantKind.AGREEMENT_EDITOR, GrantKind.CONTACT)
"""What the provider's writers give and take besides administrators: neither binds anybody."""


def holds(person: Person, organisation_id: int | None, *kinds: GrantKind) -> bool:
    """Whether the person has any of ``kinds`` for the organisation; never while disabled."""
    if organisation_id is None or not person.is_active:
        return False
    query = select(SignatoryGrant.id).where(
        SignatoryGrant.person_id == person.id,
        SignatoryGrant.organisation_id == organisation_id,
        SignatoryGrant.kind.in_(kinds),
    )
    belongs = person.organisation_id == organisation_id
    return belongs and db.session.scalar(query.limit(1)) is not None


def holders(organisation_id: int | None, *kinds: GrantKind) -> Sequence[Person]:
    """Whoever active has any of ``kinds`` for the organisation, once each, by name."""
    if organisation_id is None:
        return []
    granted = select(SignatoryGrant.person_id).where(
        SignatoryGrant.organisation_id == organisation_id, SignatoryGrant.kind.in_(kinds)
    )
    query = select(Person).where(
        Person.id.in_(granted), Person.is_active, Person.organisation_id == organisation_id
    )
    return db.session.scalars(query.order_by(Person.name, Person.id)).all()


def grants_of(organisation_id: int) -> dict[Person, set[GrantKind]]:
    """Who holds what for the organisation, by name."""
    query = (
        select(Person, SignatoryGrant.kind)
        .join(SignatoryGrant, SignatoryGrant.person_id == Person.id)
        .where(SignatoryGrant.organisation_id == organisation_id)
        .order_by(Person.name, Person.id)
    )
    found: dict[Person, set[GrantKind]] = {}
    for person, kind in db.session.execute(query):
        found.setdefault(person, set()).add(kind)
    return found


def may_give(by: Person, organisation: Organisation, kind: GrantKind) -> bool:
    """Whether ``by`` gives and takes this grant of the organisation.

    Administrators all of them; for the provider, its managers who write what is `PASSED_ON`.
    """
    if by.is_admin:
        return True
    passes_on = organisation.is_provider and kind in PASSED_ON and by.may_manage
    return passes_on and holds(by, organisation.id, GrantKind.AGREEMENT_EDITOR)


def givers(organisation: Organisation, kind: GrantKind) -> list[Person]:
    """Everybody who gives this grant of the organisation, administrators first, each by name."""
    admins = list(queries.admins())
    writers = holders(organisation.id, GrantKind.AGREEMENT_EDITOR)
    return admins + [
        one for one in writers if one not in admins and may_give(one, organisation, kind)
    ]


def give(
    person: Person, organisation: Organisation, kind: GrantKind, *, by: Person, at: datetime
) -> None:
    """Let the person do this in the organisation's name.

    Raises `Forbidden` unless ``by`` gives it (`may_give`), `Refusal` for somebody who is disabled
    or does not belong there, for staff of the provider who do not manage, and where they may
    already.
    """
    _check(by, organisation, kind)
    if not person.is_active:
        raise Refusal(_("%(name)s is no longer here.", name=person.name), field="person")
    if person.organisation_id != organisation.id:
        raise Refusal(
            _(
                "%(name)s does not belong to %(organisation)s.",
                name=person.name,
                organisation=organisation.name,
            ),
            field="person",
        )
    if organisation.is_provider and not person.may_manage:
        raise Refusal(
            _("For the provider only managers and administrators write and sign."), field="person"
        )
    if holds(person, organisation.id, kind):
        raise Refusal(_("%(name)s has this grant already.", name=person.name), field="kind")
    db.session.add(SignatoryGrant(person_id=person.id, organisation_id=organisation.id, kind=kind))
    _record(person, organisation, kind, given=True, by=by, at=at)


def take(
    person: Person, organisation: Organisation, kind: GrantKind, *, by: Person, at: datetime
) -> None:
    """Take a grant back; what was signed by it stays signed.

    Raises `Forbidden` unless ``by`` gives it (`may_give`), `Refusal` where there is none.
    """
    _check(by, organisation, kind)
    deleted = db.session.execute(
        delete(SignatoryGrant).where(
            SignatoryGrant.person_id == person.id,
            SignatoryGrant.organisation_id == organisation.id,
            SignatoryGrant.kind == kind,
        )
    )
    if not deleted.rowcount:  # type: ignore[attr-defined]
        raise Refusal(_("%(name)s has no such grant.", name=person.name))
    _record(person, organisation, kind, given=False, by=by, at=at)


def page(
    organisation_id: int, *, before: int | None = None, limit: int = 50
) -> Sequence[tuple[GrantEvent, Person, Person]]:
    """What was given and taken, newest first: the event, whose grant, and who did it.

    One more than ``limit`` where there is a next page; ``before`` is the id of the last one.
    """
    query = select(GrantEvent).where(GrantEvent.organisation_id == organisation_id)
    if before is not None:
        query = query.where(GrantEvent.id < before)
    events = db.session.scalars(query.order_by(GrantEvent.id.desc()).limit(limit + 1)).all()
    ids = {event.person_id for event in events} | {event.by_id for event in events}
    found = {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [(event, found[event.person_id], found[event.by_id]) for event in events]


def _record(
    person: Person,
    organisation: Organisation,
    kind: GrantKind,
    *,
    given: bool,
    by: Person,
    at: datetime,
) -> None:
    db.session.add(
        GrantEvent(
            organisation_id=organisation.id,
            person_id=person.id,
            kind=kind,
            given=given,
            by_id=by.id,
            at=at,
        )
    )
    db.session.flush()


def _check(by: Person, organisation: Organisation, kind: GrantKind) -> None:
    if not may_give(by, organisation, kind):
        raise Forbidden(_("Only administrators give and take this grant."))
