"""Macros: a reply with changes of the ticket, ready to use; shared, a team's, or somebody's own.

Whose it is says who may change it: one's own, the lead of the team, managers what everybody has.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, literal, or_, select

from app.database import db
from app.errors import Forbidden, NotFound, Refusal
from app.languages import gettext as _
from app.languages import number
from app.people import queries as people
from app.people.models import Person, Team
from app.tickets import wording
from app.tickets.conversation import MAX_BODY
from app.tickets.desk_models import Macro
from app.tickets.macro_changes import Changes

LONGEST_NAME = 80
MOST = 200
"""How many macros one person is offered at most."""


@dataclass(frozen=True)
class Content:
    """What somebody writes of a macro; ``team`` and ``is_own`` say whose it is."""

    name: str
    body: str
    is_note: bool
    changes: Changes
    is_own: bool
    team: Team | None = None
    is_active: bool = True


def offered_to(person: Person, *, with_inactive: bool = False) -> Sequence[Macro]:
    """What ``person`` may use, by name: their own, their teams', and what everybody has."""
    query = _seen_by(person)
    if not with_inactive:
        query = query.where(Macro.is_active)
    return db.session.scalars(query.order_by(Macro.name, Macro.id).limit(MOST)).all()


def macro(macro_id: int, *, by: Person) -> Macro:
    """One of those that ``by`` may see; raises `NotFound`."""
    found = find_macro(macro_id, by=by)
    if found is None:
        raise NotFound("There is no such macro.")
    return found


def find_macro(macro_id: int | None, *, by: Person) -> Macro | None:
    """The same, or None."""
    if macro_id is None:
        return None
    return db.session.scalar(_seen_by(by).where(Macro.id == macro_id))


def find_macros(ids: Collection[int], *, by: Person) -> Mapping[int, Macro]:
    """Those of ``ids`` that ``by`` may see, by id; one statement, and none for none."""
    if not ids:
        return {}
    query = _seen_by(by).where(Macro.id.in_(ids))
    return {found.id: found for found in db.session.scalars(query)}


def may_change(found: Macro, by: Person) -> bool:
    """Whether ``by`` may change it: its owner, the lead of its team, a manager what is shared."""
    return found.id in changeable([found], by)


def changeable(several: Iterable[Macro], by: Person) -> set[int]:
    """Those that ``by`` may change, by id; one statement for all."""
    led = {team.id for team in teams_for(by)}
    return {
        one.id
        for one in several
        if (one.owner_id == by.id if one.owner_id else by.may_manage or one.team_id in led)
    }


def teams_for(person: Person) -> Sequence[Team]:
    """The teams for which ``person`` may write macros: those they lead, for managers all."""
    return [team for team in people.teams() if person.may_manage or team.lead_id == person.id]


def add(content: Content, *, by: Person, at: datetime) -> Macro:
    """Write a macro; raises `Refusal` as `change` does."""
    made = Macro(made_by_id=by.id, made_at=at, changed_at=at)
    _write(made, content, by=by, at=at)
    db.session.add(made)
    db.session.flush()
    return made


def change(found: Macro, content: Content, *, by: Person, at: datetime) -> None:
    """Change a macro; what was sent with it before stays as it is.

    Raises `Refusal` for an empty one, for a variable that there is not, for changes that a note
    cannot make; `Forbidden` for a macro that is not theirs to change.
    """
    if not may_change(found, by):
        raise Forbidden(_("This macro is not yours to change."))
    _write(found, content, by=by, at=at)
    db.session.flush()


def _write(found: Macro, content: Content, *, by: Person, at: datetime) -> None:
    _refuse(content, by=by)
    found.name = " ".join(content.name.split())
    found.body = content.body.strip()
    found.is_note = content.is_note
    found.changes = content.changes.as_json()
    found.owner_id = by.id if content.is_own else None
    found.team_id = content.team.id if content.team and not content.is_own else None
    found.is_active = content.is_active
    found.changed_at = at


def _refuse(content: Content, *, by: Person) -> None:
    if not content.name.strip():
        raise Refusal(_("Give it a name."), field="name")
    if len(content.name) > LONGEST_NAME:
        raise Refusal(_("A name has %(most)s characters at most.", most=LONGEST_NAME), field="name")
    if len(content.body) > MAX_BODY:
        raise Refusal(
            _("This is longer than %(most)s characters.", most=number(MAX_BODY)), field="body"
        )
    if not content.body.strip() and content.changes.is_empty:
        raise Refusal(_("Write the words, or choose what it changes."), field="body")
    wording.refuse_unknown(content.body)
    if content.is_note and content.changes.then:
        raise Refusal(
            _("A note reaches no requester: it neither waits for them nor resolves."),
            field="status",
        )
    if content.is_own:
        return
    if content.team is not None and content.team.id not in {team.id for team in teams_for(by)}:
        raise Refusal(_("Only the team's lead writes for the team."), field="whose")
    if content.team is None and not by.may_manage:
        raise Refusal(_("Only managers write macros that everybody has."), field="whose")


def _seen_by(person: Person) -> Select[Macro]:
    own = Macro.owner_id == person.id
    is_nobodys = Macro.owner_id.is_(None)
    if person.may_manage:
        return select(Macro).where(or_(own, is_nobodys))
    is_theirs = Macro.team_id.in_(people.team_ids(literal(person.id)))
    theirs = or_(Macro.team_id.is_(None), is_theirs)
    return select(Macro).where(or_(own, and_(is_nobodys, theirs)))
