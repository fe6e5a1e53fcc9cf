"""What was promised, and what happened: the oracle's own words for both."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.oracle.hours import Hours

FIRST, NEXT, UPDATE, RESOLUTION = "first_response", "next_response", "update", "resolution"
TAKEN, AROUND = "acknowledgement", "workaround"
ACTIVE = ("new", "open", "waiting_requester", "waiting_vendor", "on_hold")


@dataclass(frozen=True)
class Promise:
    """So many open minutes of these hours. `number` tells one target from another.

    With `by` (days, minute of the day) they are those until then, counted from its own start.
    """

    number: int
    minutes: int
    hours: Hours
    by: tuple[int, int] | None = None

    def begun(self, start: int) -> "Promise":
        """The same for a watch that starts at that minute."""
        if self.by is None:
            return self
        return replace(self, minutes=self.hours.until(start, *self.by))

    def renewed(self, was: "Promise") -> "Promise":
        """The same under newer hours: what was promised stays as much as it `was`."""
        return replace(self, minutes=was.minutes)


@dataclass(frozen=True)
class Deal:
    """What the agreement says of one ticket. A measure without a promise has no clock.

    `pauses` names, per measure, the statuses in which it stands still beyond the general rule.
    """

    promises: Mapping[str, Promise]
    pauses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    floor_percent: int = 25
    grant_percent: int = 25
    reopen_rule: str = "resume"

    def __deepcopy__(self, memo: object) -> "Deal":
        return self

    def stands_still(self, measure: str, status: str) -> bool:
        """The column "pauses" of the table of clocks; two measures stand still with another."""
        measure = {TAKEN: FIRST, AROUND: RESOLUTION}.get(measure, measure)
        always = {"waiting_requester"} if measure != FIRST else set()
        return status in always | self.pauses.get(measure, frozenset())


@dataclass(frozen=True)
class Fact:
    """One thing that happened to the ticket, known at minute `at` under the deal of then.

    `own` is its own minute where that was earlier (opened: the contact). Facts of one `cause`
    are one change. `flag`: an answer came with it (opened, resolved), the requester's side did
    it (reopened), it bounced (taken back). `which` names the one watch, by
    measure and sequence, that both parties take out of the figures (excluded).
    """

    what: str
    at: int
    deal: Deal
    cause: str
    own: int | None = None
    status: str | None = None
    flag: bool = False
    undoes: str | None = None
    which: tuple[str, int] | None = None

    def __deepcopy__(self, memo: object) -> "Fact":
        return self


class Cannot(Exception):
    """The rules do not allow it now."""


class Silent(Exception):
    """The page does not say, and no answer of ours would be better than another."""
