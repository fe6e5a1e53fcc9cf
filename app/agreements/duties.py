"""What somebody does for an agreement by a day: the columns that steps, tasks and actions share."""

from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.database import db
from app.errors import Refusal
from app.languages import gettext as _
from app.people.models import Person


class Duty:
    """Something to be done, by whom and until when; `position` is its place in the list."""

    position: Mapped[int]
    what: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


D = TypeVar("D", bound=Duty)


def add(row: D, what: str, *, owner: Person | None, due_on: date, among: ColumnElement[bool]) -> D:
    """Add ``row`` as the last of those ``among`` which it stands; raises `Refusal` without words.

    The caller has locked what the list belongs to.
    """
    if not what.strip():
        raise Refusal(_("Say what is to be done."), field="what")
    last = db.session.scalar(select(func.max(type(row).position)).where(among))
    row.position, row.what = (last or 0) + 1, what.strip()
    row.owner_id, row.due_on = owner.id if owner is not None else None, due_on
    db.session.add(row)
    db.session.flush()
    return row
