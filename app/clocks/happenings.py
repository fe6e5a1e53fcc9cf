"""What can happen to a ticket, and what the rules remember of it. Pure plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.clocks import words
from app.clocks.state import ClockState, Event


class CannotHappen(ValueError):
    """A rule does not allow it in this state; the message is a sentence for who asked."""

    def __init__(self, said: str, **statuses: str) -> None:
        """``said`` names each of ``statuses``, which are said as the reader calls them."""
        named = {name: words.status(status) for name, status in statuses.items()}
        super().__init__(said % named if named else said)


class What(StrEnum):
    """What can happen to a ticket that its clocks care about.

    Acknowledged: a person has taken it in hand. Worked around: a response that says how to go on
    until the solution. Taken back: a response that did not stand. Retracted: a change of target
    that was undone at once.
    """

    OPENED = "opened"
    WROTE = "wrote"
    ACKNOWLEDGED = "acknowledged"
    RESPONDED = "responded"
    WORKED_AROUND = "worked_around"
    STATUS = "status"
    RETARGETED = "retargeted"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    SPAM = "spam"
    UNSPAM = "unspam"
    MERGED = "merged"
    UNMERGED = "unmerged"
    SPLIT = "split"
    NEEDS_NO_ANSWER = "needs_no_answer"
    TAKEN_BACK = "taken_back"
    RETRACTED = "retracted"
    RECALCULATED = "recalculated"
    EXCLUDED = "excluded"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a ticket.

    `at` is when it became known, `happened_at` its own instant where that was earlier (opened:
    the contact). `cause` names it, such as "message:123"; things with one cause and one instant
    are one change. `status` is the new one (status). `response`: with the opening, an answer
    has been given already (opened); a text reaches the requester (resolved). `by_requester`
    earns the grant (reopened). `undoes` is the cause that is taken back or retracted, `bounced`
    says that it came back from the mail server rather than being undone (taken_back). `measure`
    and `sequence` name the one clock that it is about (excluded).
    """

    what: What
    at: datetime
    cause: str = ""
    actor_id: int | None = None
    reason: str | None = None
    happened_at: datetime | None = None
    status: str | None = None
    response: bool = False
    by_requester: bool = False
    undoes: str | None = None
    bounced: bool = False
    measure: str = ""
    sequence: int = 0


class Entry(NamedTuple):
    """One line of a ticket's log: what the rules must remember to replay it.

    `status` is the one it led to, `known_at` when it became known where that was later.
    """

    at: datetime
    what: What
    cause: str
    status: str
    response: bool
    known_at: datetime | None = None
    by_requester: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A ticket as its clocks see it. `Course()` is one that nothing has happened to.

    `events` are those made since the course was begun or loaded, in order. `answered` counts
    the qualifying responses that stand, `unanswered_since` is the first message after the last.
    """

    status: str = "new"
    contact_at: datetime | None = None
    last_at: datetime | None = None
    answered: int = 0
    unanswered_since: datetime | None = None
    before_spam: str | None = None
    clocks: tuple[ClockState, ...] = ()
    events: tuple[Event, ...] = ()
    log: tuple[Entry, ...] = ()
    next_number: int = 1

    def clock(self, measure: str, sequence: int | None = None) -> ClockState | None:
        """The clock of that measure and sequence, the newest when none is named."""
        found = None
        for clock in self.clocks:
            if clock.measure == measure and sequence in (None, clock.sequence):
                found = clock
        return found
