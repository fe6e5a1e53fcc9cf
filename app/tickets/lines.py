"""A line of a list: what of a ticket and of its next clock is shown there, and nothing else.

Lists are read in columns rather than whole rows (performance.md).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app.catalogue.words import Priority
from app.clocks.models import Clock
from app.clocks.state import Phase
from app.tickets.models import Ticket
from app.tickets.words import Status


class Listed(NamedTuple):
    """A ticket as a list shows it; fields are columns of `Ticket`."""

    id: int
    subject: str
    snippet: str
    status: Status
    priority: Priority
    assignee_id: int | None
    why: str
    agent_unread: bool
    updated_at: datetime

    @property
    def ref(self) -> str:
        """How people name it: ``#1042``."""
        return f"#{self.id}"


class Ticking(NamedTuple):
    """A clock as a chip shows it; fields are columns of `Clock`."""

    measure: str
    state: Phase
    budget_s: int
    used_s: int
    running_since: datetime | None
    paused_since: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    cancelled_reason: str | None
    calendar_version_id: int


TICKET: Sequence[Any] = [getattr(Ticket, name) for name in Listed._fields]
CLOCK: Sequence[Any] = [getattr(Clock, name) for name in Ticking._fields]
COLUMNS: Sequence[Any] = (*TICKET, *CLOCK)
"""What `read` reads, in its order."""


def read(values: Sequence[Any]) -> tuple[Listed, Ticking | None]:
    """The ticket and the clock, where there is one, from the values of `COLUMNS`."""
    ticket, clock = values[: len(TICKET)], values[len(TICKET) : len(COLUMNS)]
    return Listed._make(ticket), Ticking._make(clock) if clock[0] is not None else None
