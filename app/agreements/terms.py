"""What a version promises one ticket, as plain values. Pure: the clocks run on these alone.

`agreements.choosing` makes them from the tables; tests, demo and what-if may make them by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.businesstime import Calendar, seconds_until


@dataclass(frozen=True, slots=True)
class TargetTerms:
    """One promise: so many seconds of business time on a calendar, and the clause it stands in.

    With `by_time` ("16:00") it is kept by that time of the `business_days`-th business day after
    its start; `seconds` are then what so many nominal days are worth. `because` tells in words
    which row of the version matched on what.
    """

    target_id: int
    measure: str
    seconds: int
    words: str
    calendar: Calendar
    calendar_version_id: int
    calendar_name: str
    clause: str
    sentence: str
    because: str
    business_days: int | None = None
    by_time: str | None = None

    def seconds_from(self, start_at: datetime) -> int:
        """The business seconds that a clock has which starts at ``start_at``."""
        if self.by_time is None or self.business_days is None:
            return self.seconds
        return seconds_until(self.calendar, start_at, self.business_days, self.by_time)


@dataclass(frozen=True, slots=True)
class RungTerms:
    """One step of a ladder: at a point of a measure's clock, tell these people.

    The point is `percent` of the budget, or `offset_s` business seconds from due (negative is
    before). `repeat_s` and `acknowledge_s` are business seconds.
    """

    rung_id: int
    position: int
    measure: str
    percent: int | None
    offset_s: int | None
    responsible: tuple[str, ...]
    actions: tuple[Mapping[str, Any], ...]
    repeat_s: int | None
    repeat_times: int
    acknowledge_s: int | None


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything a version says about one ticket: its tier's targets, ladder and rules.

    `targets` has a row per measure that is promised; a measure without one gets no clock.
    `pauses` names, per measure, the statuses in which its clock stands still beyond the rules
    of clocks.md. `day_s` is what one business day is worth, `hours` are the tier's own.
    """

    version_id: int
    agreement_id: int
    agreement_title: str
    version_number: int
    tier_id: int
    tier_name: str
    zone: str
    targets: Mapping[str, TargetTerms]
    ladder: tuple[RungTerms, ...]
    pauses: Mapping[str, frozenset[str]]
    floor_percent: int
    reopen_rule: str
    reopen_window_days: int
    reopen_grant_percent: int
    waiting_ask_days: int = 10
    waiting_resolve_days: int = 5
    day_s: int = 8 * 3600
    hours: Calendar | None = None

    def floor(self, target_s: int) -> int:
        """The seconds that are left at least when a target of `target_s` comes in its place."""
        return target_s * self.floor_percent // 100

    def reopen_grant(self, target_s: int) -> int:
        """The seconds that are left at least when the requester's side reopens the ticket."""
        return target_s * self.reopen_grant_percent // 100
