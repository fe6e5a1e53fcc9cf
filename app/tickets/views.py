"""Saved views: a filter of the queue, or a search, with a name.

A view is its owner's own, or shared with everybody or one team. The view that `/desk` opens is
a person's default: a ready-made one or a saved one. Source: product.md, "The queue page".
"""

from datetime import datetime
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import parse_qs, urlencode

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.database import db
from app.errors import Forbidden, Refusal
from app.languages import gettext as _
from app.people import queries as people
from app.people.access import Sight
from app.people.models import Person, Team
from app.tickets import filters
from app.tickets.desk_models import SavedView
from app.tickets.filters import Scope

MOST, LONGEST_NAME, LONGEST_QUERY = 50, 60, 1000
SEARCH = "q"


class View(NamedTuple):
    """A saved view as menus show it; fields are columns of `SavedView`."""

    id: int
    name: str
    query: str
    owner_id: int
    team_id: int | None
    position: int
    is_shared: bool


def find(sight: Sight, view_id: int) -> SavedView | None:
    """The view, where this person may open it."""
    query = select(SavedView).where(SavedView.id == view_id, is_open_to(sight.viewer))
    return db.session.scalar(query)


def may_change(view: SavedView | View, person: Person) -> bool:
    """Its owner may, and managers what is shared."""
    return view.owner_id == person.id or (view.is_shared and person.may_manage)


def canonical(query: str) -> str:
    """``query`` as it is kept: the words of a search, or a filter with its ready-made view."""
    words = searched_in(query)
    if words:
        return urlencode({SEARCH: words[:LONGEST_QUERY]})
    return filters.read_query(query).query


@lru_cache(maxsize=1024)
def searched_in(query: str) -> str | None:
    """The words of a search in a query string; None where it is none."""
    return parse_qs(query).get(SEARCH, [""])[0].strip() or None


def save(
    *, name: str, query: str, is_shared: bool, team: Team | None, by: Person, at: datetime
) -> SavedView:
    """Keep a filter or a search under ``name``, for oneself, everybody or one team.

    Raises `Refusal` when the name is empty or taken, and beyond 50 views.
    """
    kept = db.session.scalar(select(func.count()).where(SavedView.owner_id == by.id)) or 0
    if kept >= MOST:
        raise Refusal(_("You keep %(most)s views: delete one first.", most=MOST))
    view = SavedView(owner_id=by.id, name="", query=canonical(query), position=kept + 1, made_at=at)
    _describe(view, name=name, is_shared=is_shared, team=team)
    db.session.add(view)
    _write(name)
    return view


def change(
    view: SavedView, *, name: str, query: str, is_shared: bool, team: Team | None, by: Person
) -> None:
    """Give the view another name, filter or readers. Raises as `save` does."""
    refuse_unless_allowed(view, by)
    _describe(view, name=name, is_shared=is_shared, team=team)
    view.query = canonical(query)
    _write(name)


def delete(view: SavedView, *, by: Person) -> None:
    """Delete the view; who had it as their default opens what needs an agent now."""
    refuse_unless_allowed(view, by)
    db.session.execute(
        update(Person).where(Person.default_view == str(view.id)).values(default_view=None)
    )
    db.session.delete(view)


def move(view: SavedView, *, towards: Literal["up", "down"], by: Person) -> None:
    """Move one of one's own views a place up or down in the navigation; others': `Refusal`."""
    if view.owner_id != by.id:
        raise Refusal(_("You can only order your own views."))
    own = list(
        db.session.scalars(
            select(SavedView)
            .where(SavedView.owner_id == by.id)
            .order_by(SavedView.position, func.lower(SavedView.name), SavedView.id)
        )
    )
    here = own.index(view)
    there = max(0, min(len(own) - 1, here + (1 if towards == "down" else -1)))
    own.insert(there, own.pop(here))
    for position, each in enumerate(own, start=1):
        each.position = position


def make_default(view: SavedView | Scope | None, *, by: Person) -> None:
    """Let `/desk` open ``view`` for this person; None: what needs an agent now."""
    by.default_view = str(view.id) if isinstance(view, SavedView) else view and view.value


def default_of(sight: Sight, person: Person) -> SavedView | Scope:
    """What `/desk` opens for this person; what is no longer there is no default."""
    chosen = person.default_view or ""
    if chosen in list(Scope):
        return Scope(chosen)
    found = find(sight, int(chosen)) if chosen.isdecimal() else None
    return found or Scope.NEEDS_AGENT


def is_open_to(viewer: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the person numbered ``viewer`` may open a view."""
    is_for_all = or_(SavedView.team_id.is_(None), SavedView.team_id.in_(people.team_ids(viewer)))
    return or_(SavedView.owner_id == viewer, and_(SavedView.is_shared, is_for_all))


def _describe(view: SavedView, *, name: str, is_shared: bool, team: Team | None) -> None:
    if not name.strip():
        raise Refusal(_("Give the view a name."), field="name")
    view.name = " ".join(name.split())[:LONGEST_NAME]
    view.is_shared = is_shared or team is not None
    view.team_id = team.id if team is not None else None


def _write(name: str) -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise Refusal(
            _("You have a view called %(name)s already.", name=name.strip()), field="name"
        ) from None


def refuse_unless_allowed(view: SavedView, by: Person) -> None:
    """Raise `Forbidden` where `may_change` says no."""
    if not may_change(view, by):
        raise Forbidden(_("Only who made this view, or a manager, may change it."))
