"""Absences: who is away, until when, and who stands in.

Everybody of the staff notes their own, managers anybody's. What has passed is never changed:
ending an absence early ends it now. Source: escalation.md, "Ladders" (responsible).
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.errors import Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.people import queries
from app.people.models import Absence, Person

MAX_REASON = 500


def note(
    person: Person,
    *,
    starts_at: datetime,
    ends_at: datetime,
    substitute: Person | None,
    reason: str,
    by: Person | None,
    at: datetime,
) -> Absence:
    """Note that somebody of the staff is away in ``[starts_at, ends_at)``.

    ``by`` is None for the console. Raises `Refusal` for a span that is over or empty, and for
    a substitute who is no active member of staff or is the person; `Forbidden` for somebody
    else's absence unless ``by`` manages.
    """
    _check_may_change(person, by)
    if not (person.is_agent and person.is_active):
        raise Refusal(_("%(name)s works no tickets here.", name=person.name), field="person")
    if ends_at <= starts_at:
        raise Refusal(_("The absence ends before it begins."), field="ends")
    if ends_at <= at:
        raise Refusal(_("That absence is over already; nobody is told differently."), field="ends")
    _check_substitute(person, substitute)
    absence = Absence(
        person_id=person.id,
        starts_at=starts_at,
        ends_at=ends_at,
        substitute_id=substitute.id if substitute else None,
        reason=reason.strip()[:MAX_REASON],
    )
    db.session.add(absence)
    db.session.flush()
    return absence


def appoint(absence: Absence, *, substitute: Person | None, by: Person, at: datetime) -> None:
    """Let somebody else stand in, or nobody, from now on."""
    person = queries.person(absence.person_id)
    _check_may_change(person, by)
    _check_not_over(absence, at)
    _check_substitute(person, substitute)
    absence.substitute_id = substitute.id if substitute else None
    db.session.flush()


def end(absence: Absence, *, by: Person, at: datetime) -> None:
    """End an absence now; one that has not begun is taken back."""
    _check_may_change(queries.person(absence.person_id), by)
    _check_not_over(absence, at)
    if absence.starts_at < at:
        absence.ends_at = at
    else:
        db.session.delete(absence)
    db.session.flush()


def absence(id: int, *, seen_by: Person) -> Absence:
    """The absence with this id; `NotFound` unless it is one's own or one manages."""
    found = db.session.get(Absence, id)
    if found is None or not (seen_by.may_manage or found.person_id == seen_by.id):
        raise NotFound("There is no such absence.")
    return found


def current_and_coming(*, at: datetime, person_id: int | None = None) -> Sequence[Absence]:
    """Absences that last at ``at`` or come, the earliest first; of everybody or of one."""
    query = select(Absence).where(Absence.ends_at > at)
    if person_id is not None:
        query = query.where(Absence.person_id == person_id)
    return db.session.scalars(query.order_by(Absence.starts_at, Absence.id)).all()


def absent(person_ids: Collection[int], *, at: datetime) -> set[int]:
    """Which of these people are absent at ``at``; one statement."""
    return set(
        db.session.scalars(
            select(Absence.person_id).where(
                Absence.person_id.in_(person_ids), Absence.starts_at <= at, Absence.ends_at > at
            )
        )
    )


def overlaps_of(person: Person, *, starts_at: datetime, ends_at: datetime) -> Sequence[Absence]:
    """The absences of a person that share time with ``[starts_at, ends_at)``."""
    return db.session.scalars(
        select(Absence)
        .where(
            Absence.person_id == person.id,
            Absence.ends_at > starts_at,
            Absence.starts_at < ends_at,
        )
        .order_by(Absence.starts_at, Absence.id)
    ).all()


def _check_may_change(person: Person, by: Person | None) -> None:
    if by is not None and by.id != person.id and not by.may_manage:
        raise Forbidden(_("Only managers note the absences of others."))


def _check_not_over(absence: Absence, at: datetime) -> None:
    if absence.ends_at <= at:
        raise Refusal(_("That absence is over."))


def _check_substitute(person: Person, substitute: Person | None) -> None:
    if substitute is None:
        return
    if substitute.id == person.id:
        raise Refusal(_("Nobody stands in for themselves."), field="substitute")
    if not (substitute.is_agent and substitute.is_active):
        raise Refusal(
            _("%(name)s works no tickets here.", name=substitute.name), field="substitute"
        )
