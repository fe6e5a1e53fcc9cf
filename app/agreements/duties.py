"""What somebody does for an agreement by a day: the columns that steps, tasks and actions share."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column


class Duty:
    """Something to be done, by whom and until when; `position` is its place in the list."""

    position: Mapped[int]
    what: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
