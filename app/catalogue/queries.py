"""Questions about the catalogue."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.catalogue.models import RequestType, Service
from app.catalogue.words import Kind, Priority
from app.database import db
from app.errors import NotFound
from app.people.models import Assigning, Team
from app.statements import kept, rows


def request_types() -> Sequence[RequestType]:
    """Every request one can make, by service and position, with its service."""
    return db.session.scalars(
        select(RequestType)
        .join(RequestType.service)
        .where(RequestType.is_active)
        .options(joinedload(RequestType.service))
        .order_by(Service.id, RequestType.position, RequestType.id)
    ).all()


def request_type(key: str) -> RequestType:
    """The active request type with this key, its service and team; `NotFound` for none."""
    found = db.session.scalar(_REQUEST_TYPE, {"key": key})
    if found is None:
        raise NotFound("There is no such request.")
    return found


_REQUEST_TYPE = (
    select(RequestType)
    .where(RequestType.key == bindparam("key"), RequestType.is_active)
    .options(joinedload(RequestType.service), joinedload(RequestType.team))
)


class Tile(NamedTuple):
    """A request type as its form needs it: what it asks, without the row and what belongs to it.

    ``assigning`` is how its team gives out what comes in; None where it goes to no team.
    """

    id: int
    key: str
    service_id: int
    name: str
    title: str
    kind: Kind
    help: str
    team_id: int | None
    default_priority: Priority
    choices: list[Any]
    assigning: Assigning | None


def tile(key: str) -> Tile:
    """As `request_type`, for the pages that every request begins with."""
    found = rows(_TILE, {"key": key}).first()
    if found is None:
        raise NotFound("There is no such request.")
    return Tile(*found)


_TILE = kept(
    select(*(getattr(Team if name == "assigning" else RequestType, name) for name in Tile._fields))
    .select_from(RequestType)
    .outerjoin(Team, Team.id == RequestType.team_id)
    .where(RequestType.key == bindparam("key"), RequestType.is_active)
)


def find_service(key: str) -> Service | None:
    """The service with this key."""
    return db.session.scalar(select(Service).where(Service.key == key))


def services() -> Sequence[Service]:
    """Every service, by name."""
    return db.session.scalars(select(Service).order_by(Service.name, Service.id)).all()
