"""What the menus of every staff page name: the house, and the saved views of who reads.

One statement for all of it, in columns: every page of the desk begins with it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select, case, cast, literal, null, select, union_all

from app.database import BigInt
from app.people import naming
from app.people.access import Sight
from app.people.naming import House
from app.statements import built_once, number_called, rows, spelled
from app.tickets import views
from app.tickets.desk_models import SavedView
from app.tickets.views import View

UNSHARED, SHARED = "view", "shared view"
MOST = 2 * views.MOST
_COLUMNS = ("id", "name", "query", "owner_id", "team_id", "position")


class Menus(NamedTuple):
    """The house, and the views that a person may open: their own first, in their order."""

    house: House
    views: Sequence[View]


def of(sight: Sight) -> Menus:
    """What the menus of this person name."""
    named, found = [], []
    for kind, *line in rows(_all(), {"viewer": sight.person_id}).all():
        if kind in (UNSHARED, SHARED):
            about = zip(_COLUMNS, line, strict=True)
            found.append(View(**dict(about), is_shared=kind == SHARED))
        else:
            named.append((kind, *line[:3]))
    return Menus(naming.house(named), _in_order(found, sight.person_id))


def _in_order(found: Sequence[View], viewer_id: int) -> Sequence[View]:
    """One's own by place, then what others share by name."""
    return sorted(
        found,
        key=lambda view: (view.owner_id != viewer_id, view.position, view.name.lower(), view.id),
    )


@built_once
def _all() -> CompoundSelect[*tuple[Any, ...]]:
    house = (select(part, *_blank()) for part in (each.subquery() for each in naming.named()))
    return union_all(*house, select(_views().subquery()))


def _blank() -> list[Any]:
    """What views alone have: an owner, a team and a place."""
    return [cast(null(), BigInt).label(name) for name in ("owner_id", "team_id", "position")]


def _views() -> Select[*tuple[Any, ...]]:
    kind = case((SavedView.is_shared, literal(SHARED)), else_=literal(UNSHARED)).label("kind")
    columns = [getattr(SavedView, name) for name in _COLUMNS]
    viewer = number_called("viewer")
    listed = select(kind, *columns).where(views.is_open_to(viewer))
    in_order = (SavedView.owner_id != viewer, SavedView.position, SavedView.id)
    return listed.order_by(*in_order).limit(spelled(MOST))
