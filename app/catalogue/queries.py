"""Questions about the catalogue."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.catalogue.models import RequestType, Service
from app.database import db
from app.errors import NotFound


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


def find_service(key: str) -> Service | None:
    """The service with this key."""
    return db.session.scalar(select(Service).where(Service.key == key))


def services() -> Sequence[Service]:
    """Every service, by name."""
    return db.session.scalars(select(Service).order_by(Service.name, Service.id)).all()
